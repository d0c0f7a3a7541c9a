//! Rules as designers write them: called, explained, checked and cut short.

use super::*;
use crate::diagnostic::Sources;

fn compile(files: &[(&str, &str)]) -> (Rules, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let files: Vec<_> = files.iter().map(|(path, text)| (sources.add(*path, *text), *text)).collect();
    Rules::compile(&files, &sources)
}

fn call(text: &str, facts: &serde_json::Value) -> Result<(Value, Vec<Condition>), RuleError> {
    let (rules, found) = compile(&[("rules/a.rhai", text)]);
    assert_eq!(found, [], "{text}");
    let facts = Value::from_json(facts);
    rules.call("a", &|name| facts.get(name).map(Cow::Borrowed))
}

#[test]
fn a_rule_answers_with_its_conditions_their_values_and_their_line() {
    let text = "/// Whether it is dear.\nfn a(charges, customer) {\n  let limit = charges.net * 2;\n  \
                if condition(\"dear\", limit > 100) && condition(\"person\", customer.kind == \"person\") {\n    \
                return #{outcome: \"dear\", limit: limit};\n  }\n  #{outcome: \"cheap\"}\n}";
    let facts = serde_json::json!({"charges": {"net": 60}, "customer": {"kind": "company"}});
    let (value, conditions) = call(text, &facts).unwrap();
    assert_eq!(value, Value::from_json(&serde_json::json!({"outcome": "cheap"})));
    let told: Vec<_> = conditions.iter().map(|c| (&*c.name, c.holds, &*c.source)).collect();
    assert_eq!(told, [("dear", true, "rules/a.rhai:4"), ("person", false, "rules/a.rhai:4")]);
    assert_eq!(conditions[0].values, [("charges.net".into(), Value::Int(60))], "through the variable");
    assert_eq!(conditions[1].values, [("customer.kind".into(), Value::from("company"))]);
}

#[test]
fn loops_variables_maps_and_own_functions_work() {
    let text = "private fn double(n) { n * 2 }\n\
                fn a(charges) {\n  let sum = 0; let seen = #{count: 0};\n\
                for line in charges.lines { if line.net == 0 { continue; } sum += double(line.net); seen.count += 1; }\n\
                let n = 0; while true { n += 1; if n > 3 { break; } }\n\
                let word = if n == 4 { \"four\" } else { \"not\" };\n\
                [sum, seen.count, word, charges.lines[0].net, charges.lines.len()]\n}";
    let facts = serde_json::json!({"charges": {"lines": [{"net": 5}, {"net": 0}, {"net": 7}]}});
    let (value, _) = call(text, &facts).unwrap();
    assert_eq!(value, Value::from_json(&serde_json::json!([24, 2, "four", 5, 3])));
}

#[test]
fn a_failing_rule_tells_its_line() {
    let text = "fn a(card) {\n  let x = 1;\n  card.guarantee_to > x\n}";
    let (_, found) = compile(&[("rules/a.rhai", text)]);
    assert_eq!(found[0].code, "AC0305");
    assert_eq!((found[0].place.unwrap().line, found[0].place.unwrap().column), (3, 21));
    let error =
        call("fn a(card) {\n  if card == () {\n    throw \"no card\"\n  }\n  1\n}", &serde_json::json!({}));
    assert_eq!(error.unwrap_err().to_string(), "no card (rules/a.rhai:3)");
    let error = call("fn a(fault) {\n\n  fault > 1\n}", &serde_json::json!({})).unwrap_err();
    assert_eq!(error.source_line, "rules/a.rhai:3");
}

#[test]
fn mistakes_in_rule_files_are_found_with_their_place() {
    for (text, code, line, column) in [
        ("fn a(card) {\n  card.statsu\n}", "AC0302", 2, 8),
        ("fn a(card) {\n  policy.kind\n}", "AC0301", 2, 3),
        ("fn a(card) {\n  foo(card)\n}", "AC0303", 2, 3),
        ("fn a(card) {\n  condition(card.kind, true)\n}", "AC0307", 2, 3),
        ("fn a(card) {\n  card = 1;\n}", "AC0308", 2, 8),
        ("fn a(card) {\n  let x = ;\n}", "AC0304", 2, 11),
        ("let x = 1;", "AC0306", 1, 1),
        ("// dated by card.holder\nfn a(card) { 1 }", "AC0313", 1, 13),
        ("fn a(card) {\n  switch card.kind { \"x\" => 1 }\n}", "AC0306", 2, 3),
        ("fn a(x) {\n  try { 1 } catch { 2 }\n}", "AC0306", 2, 3),
        ("fn a(x) {\n  let f = |y| y;\n}", "AC0304", 2, 11),
    ] {
        let (rules, found) = compile(&[("rules/a.rhai", text)]);
        let first = found.first().unwrap_or_else(|| panic!("{text} is accepted"));
        let place = first.place.unwrap();
        assert_eq!((first.code, place.line, place.column), (code, line, column), "{text}: {first:?}");
        assert!(!rules.has("a"), "a file with mistakes offers no rule");
    }
}

#[test]
fn a_name_is_one_rule_and_a_dated_file_takes_over_on_its_day() {
    let (_, found) = compile(&[("rules/a.rhai", "fn x() { 1 }"), ("rules/b.rhai", "fn x() { 2 }")]);
    assert_eq!(found[0].code, "AC0312");
    let (rules, found) = compile(&[
        ("rules/a@2026-07-01.rhai", "// dated by card.sold_on\nfn x(card) { 2 }"),
        ("rules/a.rhai", "fn x() { 1 }"),
    ]);
    assert_eq!(found, []);
    for (sold_on, today, expected) in [
        (Some("2026-06-30"), "2026-12-01", 1),
        (Some("2026-07-01"), "2026-12-01", 2),
        (None, "2026-07-01", 2),
        (None, "2026-06-30", 1),
    ] {
        let date = |text: &str| Value::Date(text.parse().unwrap());
        let card = Value::Map([("sold_on".into(), sold_on.map(date).into())].into());
        let today = date(today);
        let facts = |name: &str| match name {
            "card" => Some(Cow::Borrowed(&card)),
            "today" => Some(Cow::Borrowed(&today)),
            _ => None,
        };
        assert_eq!(rules.call("x", &facts).unwrap().0, Value::Int(expected));
    }
}

#[test]
fn a_rule_tells_its_parameters_and_conditions_those_of_its_functions_included() {
    let (rules, _) = compile(&[(
        "rules/a.rhai",
        "private fn b(card) { condition(\"second\", card.stamped == true) }\n\
         fn a(card, fault_code) { condition(\"first\", fault_code == ()) && b(card) }",
    )]);
    assert_eq!(rules.parameters("a").unwrap().collect::<Vec<_>>(), ["card", "fault_code"]);
    assert_eq!(rules.conditions("a"), ["second".into(), "first".into()]);
    assert_eq!(rules.names().collect::<Vec<_>>(), ["a"], "a private function is no rule");
}

#[test]
fn a_rule_that_runs_away_is_cut_with_its_line() {
    for (body, line) in [
        ("loop {}", 2),
        ("let n = 0;\nwhile true { n += 1; }", 3),
        ("a(x)", 2),
        ("let t = \"ab\";\nloop { t += t; }", 3),
        ("let l = [1];\nloop { l += l; }", 3),
        ("let l = [1];\nloop { l = [l, l]; }", 3),
        ("let m = #{};\nloop { m = #{a: m}; }", 3),
        ("let m = #{a: 1, b: [1, 2, 3]};\nloop { let n = m; let o = [m, m, m]; }", 3),
        (
            "let l = [1, 2, 3, 4, 5, 6, 7, 8, 9];\nfor a in l { for b in l { for c in l { for d in l { for e in l { for f in l { 1 } } } } } }",
            3,
        ),
        ("let t = `${\"x\"}`;\nloop { t = `${t}${t}`; }", 3),
        ("let n = 3;\nloop { n = n * n; }", 3),
        // Each asked condition is kept for the explanation, and paid for.
        ("let i = 0;\nwhile i < 15000 { condition(\"c\", i >= 0); i += 1; }", 3),
        ("let n = 1;\nloop { n = n / 3.7; n = n * 1000000000; }", 3),
    ] {
        let error = call(&format!("fn a(x) {{\n{body}\n}}"), &serde_json::json!({})).unwrap_err();
        assert_eq!(error.source_line, format!("rules/a.rhai:{line}"), "{body}: {error}");
        assert!(error.message.len() < 200);
    }
}

#[test]
fn the_largest_text_list_and_map_are_within_reach_and_no_more() {
    let list = format!("fn a() {{ let l = [{}]; l.len() }}", "1,".repeat(1999));
    assert_eq!(call(&list, &serde_json::json!({})).unwrap().0, Value::Int(1999));
    let (_, found) = compile(&[("rules/a.rhai", &format!("fn a() {{ [{}] }}", "1,".repeat(2500)))]);
    assert_eq!(found[0].code, "AC0304");
    let (_, found) = compile(&[("rules/a.rhai", &" ".repeat(70 << 10))]);
    assert_eq!(found[0].code, "AC0304");
    let (_, found) = compile(&[("rules/a.rhai", &format!("fn a() {{ {} }}", "{".repeat(5000)))]);
    assert_eq!(found[0].code, "AC0304");
    let many = (0..60).map(|n| format!("fn f{n}() {{ 1 }}\n")).collect::<String>();
    assert_eq!(compile(&[("rules/a.rhai", &many)]).1[0].code, "AC0304");
}

#[test]
fn a_rule_is_not_called_by_another_file_or_by_a_guard() {
    let process = "process: p\nsubject: party\nopened_by: [system]\ninitial: a\nstates:\n  a: {on: {go: {guard: 'one(card)', target: b}}}\n  b: {type: final}\n";
    let files = [
        ("p.yaml", process),
        ("rules/one.rhai", "fn one(card) { card != () }\n"),
        ("rules/two.rhai", "fn two(card) { one(card) }\n"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let (bundle, found) = crate::bundle::load(files.into());
    let told = crate::diagnostic::render::short(&found, &bundle.sources);
    let lines: Vec<&str> = told.lines().filter(|line| line.contains("AC0303")).collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines.iter().all(|line| line.contains("the rule `one` cannot be called from here")), "{told}");
}
