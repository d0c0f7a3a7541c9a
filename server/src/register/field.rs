//! A field of a register: its name on the wire, its column, what may stand in it.

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Name in the API and in the first line of files.
    pub name: &'static str,
    /// Column of the table; empty: it stands in another table.
    pub column: &'static str,
    pub kind: Kind,
    pub need: Need,
    /// For the API's description.
    pub about: &'static str,
    /// Only steps and other doors write it.
    pub read_only: bool,
}

/// What may stand in a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Names the entry: letters, digits and `-_.`.
    Key,
    Text,
    /// A text whose digits are written in Latin ones.
    Digits,
    /// An address to which mail can go.
    Email,
    /// A telephone number.
    Phone,
    /// One of a few words.
    Word(&'static [&'static str]),
    YesNo,
    /// A whole number, not below this.
    Whole(i64),
    /// An exact number, not below zero.
    Number,
    /// How many of something, not below zero; stored in thousandths.
    Quantity,
    /// In major units, not below zero.
    Amount,
    Day,
    /// The key of an entry of this register.
    Refers(&'static str),
    /// The same, which may come later: two registers that refer to each other begin somewhere.
    RefersLater(&'static str),
    /// A name in the four languages.
    Names,
    /// A text of several lines in the four languages, with placeholders as messages have them.
    Texts,
    /// A policy's terms, by the names of its facts.
    Terms,
    /// Definitions of the attributes that goods of a category have.
    Definitions,
    /// Values of attributes that the category defines.
    Attributes,
    /// Telephone numbers.
    Phones,
    /// Roles with the branch in which they are held.
    Roles,
}

/// Whether a field must be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
    /// What stands in it when nothing is given, as JSON.
    Default(&'static str),
}

/// Languages that people read.
pub const LANGUAGES: &[&str] = &["en", "fa", "zh", "pl"];

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, column: name, kind, need: Need::Required, about: "", read_only: false }
}

pub const fn key(name: &'static str) -> Field {
    field(name, Kind::Key)
}

pub const fn text(name: &'static str) -> Field {
    field(name, Kind::Text)
}

pub const fn word(name: &'static str, words: &'static [&'static str]) -> Field {
    field(name, Kind::Word(words))
}

pub const fn language() -> Field {
    word("language", LANGUAGES).about("Language of messages")
}

pub const fn whole(name: &'static str, least: i64) -> Field {
    field(name, Kind::Whole(least))
}

pub const fn amount(name: &'static str) -> Field {
    field(name, Kind::Amount)
}

pub const fn day(name: &'static str) -> Field {
    field(name, Kind::Day).optional()
}

pub const fn refers(name: &'static str, register: &'static str) -> Field {
    field(name, Kind::Refers(register))
}

pub const fn names() -> Field {
    field("name", Kind::Names)
}

pub const fn texts(name: &'static str) -> Field {
    field(name, Kind::Texts)
}

pub const fn of(name: &'static str, kind: Kind) -> Field {
    field(name, kind)
}

/// Left out of choices when not.
pub const fn active() -> Field {
    field("active", Kind::YesNo).or("true").about("Left out of choices when not")
}

impl Field {
    pub const fn optional(self) -> Self {
        Self { need: Need::Optional, ..self }
    }

    /// What stands in it when nothing is given, as JSON.
    pub const fn or(self, json: &'static str) -> Self {
        Self { need: Need::Default(json), ..self }
    }

    pub const fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    pub const fn column(self, column: &'static str) -> Self {
        Self { column, ..self }
    }

    pub const fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }
}
