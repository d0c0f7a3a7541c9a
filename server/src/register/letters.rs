//! Letters to customers: what kinds there are, and the fragments that they are put together from.

use super::field::{active, key, names, texts};
use super::{PLAIN, Register};

pub const FRAGMENTS: Register = Register {
    name: "letter-fragments",
    one: "letter-fragment",
    entry: "LetterFragment",
    about: "Pieces of text for letters. Placeholders such as `{{ customer.name }}` stand for facts of the ticket",
    table: "letter_fragment",
    fields: &[key("code"), names(), texts("body"), active()],
    searched: &["code", "name", "body"],
    ..PLAIN
};

pub const TYPES: Register = Register {
    name: "letter-types",
    one: "letter-type",
    entry: "LetterType",
    about: "Kinds of letters. `{{ fragment.CODE }}` stands for a fragment, other placeholders for facts of the ticket",
    table: "letter_type",
    fields: &[key("code"), names(), texts("subject"), texts("body"), active()],
    searched: &["code", "name", "body"],
    ..PLAIN
};
