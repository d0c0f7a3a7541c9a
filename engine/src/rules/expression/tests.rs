//! Guards as authors write them.

use chrono::{TimeZone, Utc};

use super::*;
use crate::diagnostic::SourceId;
use crate::facts::Map;
use crate::facts::shape::{CARD, CUSTOMER};

pub(super) struct Facts(Vec<Value>, Map, Vec<bool>);

impl View for Facts {
    fn value(&self, name: &Name) -> Option<&Value> {
        match name.field {
            Some(n) => self.0.get(usize::from(n)),
            None => self.1.get(&name.text),
        }
    }
    fn is_in(&self, n: usize) -> bool {
        self.2.get(n).copied().unwrap_or(false)
    }
}

pub(super) fn facts() -> Facts {
    let card = Kind::Map(CARD).decode(Value::from_json(&serde_json::json!({
        "status": "active", "guarantee_to": "2026-11-21", "stamped": true
    })));
    let customer = Kind::Map(CUSTOMER).decode(Value::from_json(&serde_json::json!({"kind": "person"})));
    let world = [
        ("card", card),
        ("customer", customer),
        ("data", Value::from_json(&serde_json::json!({"amount": "12.10", "note": "x"}))),
        ("today", Value::Date("2026-11-21".parse().unwrap())),
        ("now", Value::Time(Utc.with_ymd_and_hms(2026, 11, 21, 8, 0, 0).unwrap())),
    ];
    let world = world.into_iter().map(|(name, value)| (Arc::from(name), value)).collect();
    let fields = vec![Value::Bool(true), Value::Int(7), Value::Null, Value::text("a\"b")];
    Facts(fields, world, vec![true, false])
}

pub(super) fn fields() -> [(Arc<str>, Kind); 4] {
    [("urgent", Kind::Bool), ("count", Kind::Int), ("visit_at", Kind::Time), ("fault", Kind::Text)]
        .map(|(name, kind)| (Arc::from(name), kind))
}

fn compile(text: &str) -> Result<Expression, Vec<Diagnostic>> {
    let place = Place {
        source: SourceId(0),
        line: 4,
        column: 10,
        start: 100,
        len: u32::try_from(text.len()).unwrap(),
    };
    let fields = fields();
    Expression::check(&Sp::new(text.to_owned(), place), &Scope { fields: &fields, ..Scope::default() })
}

fn value(text: &str) -> Result<Value, String> {
    compile(text).unwrap_or_else(|found| panic!("{text}: {found:?}")).eval(&facts()).map_err(|e| e.message)
}

#[test]
fn facts_fields_states_and_operators_are_understood() {
    for (text, expected) in [
        ("urgent", true),
        ("len(having([#{a: 1, b: 2}, #{a: 1.0}, #{a: 3}], \"a\", 1)) == 2", true),
        ("having([#{a: 1}], \"b\", ()) == [#{a: 1}]", true),
        ("len(having([], \"a\", 1)) == 0", true),
        ("!urgent || count == 7", true),
        ("count > 6.5 && count <= 7", true),
        ("card.guarantee_to >= today", true),
        ("card.guarantee_to < today", false),
        ("card.holder == ()", true),
        ("customer.kind in [\"person\", \"company\"]", true),
        ("customer.kind !in [\"company\"]", true),
        ("in(\"a.b\") && !in(\"c\")", true),
        ("(card.holder ?? \"nobody\") == \"nobody\"", true),
        ("today.year == 2026 && now.month == 11", true),
        ("days_between(date(2026, 11, 1), today) == 20", true),
        ("if urgent { count > 1 } else { false }", true),
        ("fault == `a\"${\"b\"}`", true),
        ("fault.len() == 3 && data.note.upper() == \"X\"", true),
        ("data.missing == ()", true),
    ] {
        assert_eq!(value(text), Ok(Value::Bool(expected)), "{text}");
    }
}

#[test]
fn numbers_are_exact() {
    for (text, expected) in [
        ("0.1 + 0.2", "0.3"),
        ("7 / 2", "3.5"),
        ("6 / 2", "3"),
        ("round_half_up(2.345, 2)", "2.35"),
        ("round_half_up(-2.345, 2)", "-2.35"),
        ("percent(9700000, 10)", "970000"),
        ("number(data.amount) * 2", "24.20"),
        ("1 - 0.9", "0.1"),
        ("-count", "-7"),
        ("max(1, 2.5) + min(1, 2)", "3.5"),
    ] {
        let found = value(text).unwrap();
        assert_eq!(found.as_decimal(), Some(expected.parse().unwrap()), "{text}");
    }
}

#[test]
fn what_has_no_answer_is_an_error_and_never_false() {
    for text in [
        "visit_at < now",
        "data.missing > 1",
        "data.note < 1",
        "data.missing + 1",
        "data.missing && true",
        "1 / (count - 7)",
        "9223372036854775807 + 1",
        "data.note.x",
        "data.missing.x == 1",
        "if data.missing { 1 } else { 2 }",
        "date(2026, 2, 30)",
    ] {
        assert!(value(text).is_err(), "{text}: {:?}", value(text));
    }
    let plain = compile("visit_at").unwrap();
    assert!(plain.holds(&facts()).is_err(), "a bare field that is not yes or no");
}

#[test]
fn mistakes_are_found_before_anything_runs_with_their_place() {
    for (text, code, column, len, help) in [
        ("crad.status == \"active\"", "AC0301", 1, 4, "`card`"),
        ("urgent && card.statsu == \"x\"", "AC0302", 16, 6, "`status`"),
        ("urgent && roundhalfup(count, 1) > 1", "AC0303", 11, 11, "`round_half_up`"),
        ("days_between(today)", "AC0303", 1, 12, "days_between(from, to)"),
        ("count > ", "AC0304", 1, 1, "double quotes"),
        ("count > \"5\"", "AC0305", 7, 1, ""),
        ("count + urgent", "AC0305", 7, 1, ""),
        ("visit_at < ()", "AC0305", 10, 1, "!= ()"),
        ("count && urgent", "AC0305", 1, 1, ""),
        ("card.guarantee_to == \"2026-01-01\"", "AC0305", 19, 2, ""),
        ("condition(\"x\", urgent)", "AC0306", 1, 1, "guard"),
        ("sum(charges.lines, \"nett\")", "AC0302", 1, 3, "`net`"),
        ("len(having(charges.lines, \"statu\", \"done\")) > 0", "AC0302", 5, 6, "`status`"),
    ] {
        let found = compile(text).expect_err(text);
        let first = &found[0];
        assert_eq!(first.code, code, "{text}: {first:?}");
        let place = first.place.unwrap();
        assert_eq!(place.line, 4);
        if code != "AC0304" {
            assert_eq!(
                (place.column, place.start, place.len),
                (9 + column, 99 + column, len),
                "{text}: {first:?}"
            );
        }
        assert!(first.help.as_deref().unwrap_or("").contains(help), "{text}: {first:?}");
    }
}

#[test]
fn all_mistakes_of_an_expression_are_told_at_once() {
    let found = compile("crad.x == 1 && cuont > 2 && foo()").unwrap_err();
    assert_eq!(found.iter().map(|f| f.code).collect::<Vec<_>>(), ["AC0301", "AC0301", "AC0303"]);
}

#[test]
fn what_an_expression_reads_and_is_can_be_asked() {
    let found =
        compile("card.status == \"active\" && in(\"a.b\") && card.status != fault && in(\"c\")").unwrap();
    assert_eq!(found.reads(), ["card.status", "fault"]);
    assert_eq!(found.states().iter().map(|s| s.value.as_str()).collect::<Vec<_>>(), ["a.b", "c"]);
    assert_eq!(found.kind(), Some(Kind::Bool));
    assert!(compile("count").unwrap().no_condition().is_some());
    assert!(compile("\"yes\"").unwrap().no_condition().is_some());
    assert!(compile("data.x").unwrap().no_condition().is_none());
}

#[test]
fn a_bare_chart_may_use_any_name() {
    let text = Sp::new("ready && tries < 3".to_owned(), Place::default());
    let scope = Scope { lenient: true, ..Scope::default() };
    let found = Expression::compile(&text, &scope).unwrap();
    let mut facts = facts();
    facts.1.insert("ready".into(), Value::Bool(true));
    facts.1.insert("tries".into(), Value::Int(1));
    assert_eq!(found.holds(&facts), Ok(true));
}

#[test]
fn constructs_that_could_run_away_or_change_something_are_refused() {
    for text in [
        "let x = 1",
        "while true {}",
        "x => 1",
        "|x| x + 1",
        "eval(\"1\")",
        "print(1)",
        "import \"x\" as y",
        "0..10",
        "1 << 3",
        "switch count { 1 => 2 }",
        "this.x",
        "Fn(\"len\")",
        "timestamp()",
        "sleep(3)",
        "count = 3",
        "{ let x = 1; x }",
    ] {
        assert!(compile(text).is_err(), "{text}");
    }
    let deep = format!("{}1{}", "(".repeat(3000), ")".repeat(3000));
    assert!(compile(&deep).is_err());
    assert!(compile(&"!".repeat(4000)).is_err());
    assert!(compile(&format!("{}1", "-".repeat(4000))).is_err());
    assert!(compile(&format!("count{}", " + 1".repeat(5000))).is_err());
}
