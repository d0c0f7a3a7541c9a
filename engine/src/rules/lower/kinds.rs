//! What is known of types before anything runs.

use super::Lower;
use crate::facts::shape::{Entry, Kind};
use crate::rules::scope::Mark;

/// The word for a type that cannot be mixed with others; none when nothing is known.
pub fn word(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Bool => Some("yes or no"),
        Kind::Int | Kind::Decimal | Kind::Money => Some("a number"),
        Kind::Text => Some("a text"),
        Kind::Date => Some("a date"),
        Kind::Time => Some("a moment"),
        Kind::Map(_) => Some("a map"),
        Kind::Rows(_) | Kind::Texts => Some("a list"),
        Kind::Any => None,
    }
}

/// Whether two types may stand beside each other.
pub fn alike(left: Kind, right: Kind) -> bool {
    match (word(left), word(right)) {
        (Some(left), Some(right)) => left == right,
        _ => true,
    }
}

/// The type two branches have in common.
pub fn join(left: Kind, right: Kind) -> Kind {
    match (left, right) {
        (left, right) if left == right => left,
        (Kind::Int | Kind::Decimal | Kind::Money, Kind::Int | Kind::Decimal | Kind::Money) => Kind::Decimal,
        _ => Kind::Any,
    }
}

/// Keys that a value of this type is known to have.
pub fn entries(kind: Kind) -> Option<&'static [Entry]> {
    match kind {
        Kind::Map(entries) | Kind::Rows(entries) => Some(entries),
        _ => None,
    }
}

impl Lower<'_> {
    /// Notes a type that does not fit what is expected.
    pub(super) fn expect(&mut self, found: Kind, expected: Kind, mark: Mark, what: &str) {
        if !alike(found, expected)
            && let (Some(found), Some(expected)) = (word(found), word(expected))
        {
            self.findings.error("AC0305", mark, "", format!("{what} is {found}; {expected} is expected"));
        }
    }

    /// The type of a key of something whose keys may be known where the expression stands.
    fn key_of_record(&mut self, key: &str, owner: &str, mark: Mark) -> Option<Kind> {
        let Some(keys) = self.scope.keys_of(owner) else { return Some(Kind::Any) };
        if let Some((_, kind)) = keys.iter().find(|(name, _)| **name == *key) {
            return Some(*kind);
        }
        let names: Vec<String> = keys.iter().map(|(name, _)| name.to_string()).collect();
        let message = format!("`{owner}` has no `{key}`");
        self.findings.add("AC0302", mark, key, message, |diagnostic| {
            let names = names.iter().map(String::as_str);
            diagnostic.label("no such property").nearest("property", key, names)
        });
        None
    }

    /// The type of a key, and a note when it is known not to be there.
    pub(super) fn property(&mut self, of: Kind, key: &str, owner: &str, mark: Mark) -> Option<Kind> {
        match of {
            Kind::Any => self.key_of_record(key, owner, mark),
            Kind::Map(entries) => match entries.iter().find(|entry| entry.name == key) {
                Some(entry) => Some(entry.kind),
                None => {
                    self.findings.add(
                        "AC0302",
                        mark,
                        key,
                        format!("`{owner}` has no `{key}`"),
                        |diagnostic| {
                            diagnostic.label("no such property").nearest(
                                "property",
                                key,
                                entries.iter().map(|entry| entry.name),
                            )
                        },
                    );
                    None
                }
            },
            Kind::Date | Kind::Time => {
                if matches!(key, "year" | "month" | "day") {
                    return Some(Kind::Int);
                }
                self.findings.add("AC0302", mark, key, format!("`{owner}` has no `{key}`"), |diagnostic| {
                    diagnostic.help("a date has `year`, `month` and `day`")
                });
                None
            }
            other => {
                let kind = word(other).unwrap_or("this value");
                self.findings.error("AC0302", mark, key, format!("`{owner}` is {kind} and has no `{key}`"));
                None
            }
        }
    }
}
