//! Facts that are one of a few words. A word that is none of them is a mistake wherever it is compared or written.

use super::charges;

/// What a file of a ticket is.
pub const FILE_KINDS: &[&str] =
    &["photo_initial", "photo", "signature", "job_sheet", "card", "receipt", "claim", "letter", "other"];

/// Dotted path of a fact to its words.
const WORDS: &[(&str, &[&str])] = &[
    ("agency.kind", &["service", "sales", "both", "partner"]),
    ("agency.status", &["active", "suspended"]),
    ("candidate.kind", &["internal", "authorised", "provider"]),
    ("card.kind", &["internal", "outsourced"]),
    ("card.status", &["issued", "active", "void"]),
    ("customer.kind", &["person", "company"]),
    ("device.status", &["in_stock", "sold", "installed", "in_shop", "at_partner", "replaced", "scrapped"]),
    ("payment.direction", &["in", "out"]),
    ("payment.method", &["cash", "card", "transfer", "cheque", "online"]),
    ("policy.claim_proof", FILE_KINDS),
    ("policy.kind", &["internal", "outsourced"]),
    ("policy.start_basis", &["production", "sale", "installation"]),
    ("product.hazard", &["none", "electric", "gas", "pressure"]),
    ("rates.calendar", &["gregorian", "jalali"]),
    ("rates.warranty_costs", &["provision", "expense"]),
    ("verdict.outcome", &["in", "out", "partly"]),
];

/// The words of a fact; none: anything, or nothing is known.
pub fn of(path: &str) -> Option<&'static [&'static str]> {
    if let Some(key) = path.strip_prefix("line.") {
        return charges::words_of(key);
    }
    WORDS.iter().find(|(known, _)| *known == path).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::shape::{Kind, WORLD};

    #[test]
    fn the_words_are_those_that_the_facts_are_described_with() {
        for (path, words) in WORDS {
            let (head, key) = path.split_once('.').unwrap();
            let entry = WORLD.iter().find(|entry| entry.name == head).unwrap();
            let Kind::Map(entries) = entry.kind else { panic!("{path}") };
            let about = entries.iter().find(|entry| entry.name == key).unwrap().about;
            for word in *words {
                assert!(about.contains(&format!("`{word}`")), "{path}: {word}: {about}");
            }
        }
    }
}
