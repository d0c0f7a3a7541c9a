//! Expressions nobody would write: whatever stands in a file, there is an answer or a finding, and no panic.

use proptest::prelude::*;
use rhai::{Engine, Scope as RhaiScope};

use super::tests::{facts, fields};
use super::*;

fn place() -> Place {
    Place::default()
}

/// Pieces that make many expressions, most of them wrong in some way.
fn piece() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("urgent".to_owned()),
        Just("count".to_owned()),
        Just("card.guarantee_to".to_owned()),
        Just("card".to_owned()),
        Just("today".to_owned()),
        Just("data.missing".to_owned()),
        Just("()".to_owned()),
        Just("\"text\"".to_owned()),
        Just("in(\"a.b\")".to_owned()),
        Just("charges.lines".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        (any::<i32>(), 0u32..9)
            .prop_map(|(n, scale)| rust_decimal::Decimal::new(n.into(), scale).to_string()),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let operator = proptest::sample::select(vec![
            "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "??", "in", "**", "..",
        ]);
        let function = proptest::sample::select(vec![
            "len",
            "sum",
            "first",
            "text",
            "lower",
            "abs",
            "date",
            "round_half_up",
            "months_after",
            "shares",
            "days_after",
            "hours_after",
            "percent",
            "nothing",
        ]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            inner.clone().prop_map(|a| format!("!{a}")),
            inner.clone().prop_map(|a| format!("-{a}")),
            inner.clone().prop_map(|a| format!("{a}.key")),
            (function, inner.clone(), inner.clone()).prop_map(|(f, a, b)| format!("{f}({a}, {b})")),
            inner.clone().prop_map(|a| format!("[{a}, {a}][1]")),
            inner.clone().prop_map(|a| format!("#{{key: {a}}}.key")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("if {a} {{ {b} }} else {{ {c} }}")),
        ]
    })
}

/// Whole-number expressions, where Rhai's own engine and ours mean the same.
fn plain() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![Just("count".to_owned()), (0i64..50).prop_map(|n| n.to_string())];
    let number = leaf.prop_recursive(4, 20, 2, |inner| {
        let operator = proptest::sample::select(vec!["+", "-", "*"]);
        (inner.clone(), operator, inner).prop_map(|(a, op, b)| format!("({a} {op} {b})"))
    });
    let order = proptest::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let test = (number.clone(), order, number).prop_map(|(a, op, b)| format!("{a} {op} {b}"));
    test.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) && ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) || ({b})")),
            inner.prop_map(|a| format!("!({a})")),
        ]
    })
}

proptest! {
    #[test]
    fn any_expression_is_answered_or_refused(text in piece()) {
        let fields = fields();
        let text = Sp::new(text, place());
        if let Ok(found) = Expression::check(&text, &Scope { fields: &fields, ..Scope::default() }) {
            let _ = found.eval(&facts());
            let _ = found.holds(&facts());
        }
        if let Ok(found) = Expression::check(&text, &Scope { lenient: true, ..Scope::default() }) {
            let _ = found.eval(&facts());
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        let _ = Expression::check(&Sp::new(text, place()), &Scope { lenient: true, ..Scope::default() });
    }

    #[test]
    fn well_typed_expressions_mean_what_they_mean_in_rhai(text in plain()) {
        let fields = fields();
        let found = Expression::check(&Sp::new(text.clone(), place()), &Scope { fields: &fields, ..Scope::default() });
        let ours = found.map_err(|found| TestCaseError::fail(format!("{found:?}")))?.holds(&facts());
        let mut scope = RhaiScope::new();
        scope.push("count", 7i64);
        let theirs = Engine::new_raw().eval_expression_with_scope::<bool>(&mut scope, &text);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs, "{}", text),
            (ours, theirs) => prop_assert!(ours.is_err() && theirs.is_err(), "{}: {:?} {:?}", text, ours, theirs),
        }
    }
}
