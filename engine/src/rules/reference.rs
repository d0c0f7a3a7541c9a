//! What rules and guards can use, written from the tables that the host itself goes by.

use std::fmt::Write as _;

use super::functions::{FAMILIES, Function};
use super::limits;
use crate::facts::shape::{self, Entry, Kind};

/// The reference for process designers, as Markdown: `rules/README.md`.
pub fn reference() -> String {
    let mut out = String::from(INTRODUCTION);
    let _ = writeln!(
        out,
        "A call may do {} units of work, call {} functions deep and nest lists and maps {} deep; a text has up to {} \
         bytes, a list {} items, a map {} keys, a file {} bytes and {} functions. What goes beyond is cut, with its \
         line.",
        limits::MAX_WORK,
        limits::MAX_CALLS,
        limits::MAX_NESTING,
        limits::MAX_TEXT,
        limits::MAX_LIST,
        limits::MAX_MAP,
        limits::MAX_SOURCE,
        limits::MAX_FUNCTIONS,
    );
    out.push_str("\n## Functions\n");
    for (family, functions) in FAMILIES {
        let _ = write!(out, "\n### {family}\n\n| call | gives | |\n|---|---|---|\n");
        functions.iter().for_each(|function| row(&mut out, function));
    }
    out.push_str("\n## Facts\n\nA fact that is not there is `()`.\n");
    facts(&mut out, "Everywhere", shape::WORLD);
    for entry in shape::WORLD {
        inside(&mut out, entry.name, entry.kind);
    }
    facts(&mut out, "`item`, the first parameter of a pricing rule", shape::ITEM);
    out
}

fn row(out: &mut String, function: &Function) {
    let parameters: Vec<String> =
        function.parameters.iter().map(|(name, kind)| format!("{name}: {}", word(*kind))).collect();
    let (name, parameters) = (function.name, parameters.join(", "));
    let _ = writeln!(out, "| `{name}({parameters})` | {} | {} |", word(function.result), function.about);
}

fn facts(out: &mut String, title: &str, entries: &[Entry]) {
    let _ = write!(out, "\n### {title}\n\n| name | type | |\n|---|---|---|\n");
    for entry in entries {
        let _ = writeln!(out, "| `{}` | {} | {} |", entry.name, word(entry.kind), entry.about);
    }
}

fn inside(out: &mut String, path: &str, kind: Kind) {
    let (entries, title) = match kind {
        Kind::Map(entries) => (entries, format!("`{path}`")),
        Kind::Rows(entries) => (entries, format!("each of `{path}`")),
        _ => return,
    };
    facts(out, &title, entries);
    for entry in entries {
        inside(out, &format!("{path}.{}", entry.name), entry.kind);
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "yes or no",
        Kind::Int => "whole number",
        Kind::Decimal => "number",
        Kind::Money => "amount",
        Kind::Text => "text",
        Kind::Date => "date",
        Kind::Time => "moment",
        Kind::Map(_) => "map",
        Kind::Rows(_) => "list of maps",
        Kind::Texts => "list of texts",
        Kind::Any => "any",
    }
}

const INTRODUCTION: &str = r#"# Rules

A rule decides: it gets facts and gives an answer, and it can do nothing else. The language is
[Rhai](https://rhai.rs): `let`, `if`, `for x in list`, `while`, functions, maps `#{a: 1}`, lists `[1, 2]`.
Left out, because a rule must be safe and easy to explain: closures, ranges, `switch`, `try`, imports, printing, any
clock but the facts `now` and `today`.

    /// Whether the agency may have this order without paying first.
    fn credit(agency, charges) {
        let owed = agency.balance + charges.gross;
        #{approved: condition("within_credit_limit", owed <= agency.credit_limit), owed: owed}
    }

- **A rule is a public function** in one of these files; its parameters are facts by name: those below, fields of the
  ticket, and `item` for a rule that makes a charge line. `private fn` is for the file alone.
- **`condition("name", test)`** is the test, and is remembered with its values, file and line: that is the explanation
  people read. Its text in four languages stands under its name in `workflows/reasons.yaml`.
- **Numbers are exact.** `0.1 + 0.2 == 0.3`, `7 / 2` is 3.5. Amounts of a charge line are rounded when it is stored.
- **Nothing missing counts as false.** Comparing or calculating with `()` or with unlike types is an error, and the step
  is refused with the rule's line. Ask first: `card != ()`, or give a value: `verdict?.parts ?? 0`.
- **A rule may be dated.** `prices@2026-07-01.rhai` holds the rules of `prices.rhai` from that day on. The day that
  decides is `today`, or the fact named by a line such as `// dated by card.sold_on`.
- **Tests stand beside it**, in `NAME.test.yaml`: `rule_tests:`, `given:`, `cases:`. `aftercare test` runs them.
- In guards and other expressions of a process the same names and functions hold, one expression without statements,
  and `in("state.path")` asks for the present state.

"#;
