//! What the registers are: one description of each serves the API and its documentation, files that come in and
//! go out, searching and pages.
//!
//! Descriptions are data. How an entry is checked stands in [`check`], how it is written in
//! [`store::registry`](crate::store::registry); neither knows a register by name.

pub mod attributes;
pub mod cell;
pub mod check;

pub mod enter;
pub mod field;
mod goods;
mod house;
mod letters;
mod parties;
mod parts;
pub mod value;

use aftercare_engine::definition::messages::Permission;

use crate::entity::ticket::Column;

pub use field::{Field, Kind, Need};

/// A register.
#[derive(Debug)]
pub struct Register {
    /// Its address, and its name on the command line.
    pub name: &'static str,
    /// What people call one entry: the last part of its text's key.
    pub one: &'static str,
    /// Name of an entry in the API's description.
    pub entry: &'static str,
    pub about: &'static str,
    pub table: &'static str,
    /// Name of the facts that hold an entry, by which roles hide parts of it; empty: nothing can be hidden.
    pub facts: &'static str,
    /// The first one is the key.
    pub fields: &'static [Field],
    /// Columns that are filled once with a fixed number: steps count them on.
    pub counted: &'static [&'static str],
    /// Columns that hold the folded text of a field: what other searches look in.
    pub folded: &'static [(&'static str, &'static str)],
    /// Fields in which a search looks.
    pub searched: &'static [&'static str],
    /// The field with the branch to which an entry belongs: people bound to another one do not change it.
    pub branch: Option<&'static str>,
    /// What is written in other tables with an entry.
    pub beside: Beside,
    /// How an entry hangs on tickets: its own column and theirs. Whoever is bound sees those of tickets in reach.
    pub by_ticket: Option<(&'static str, Column)>,
    /// The right to read it.
    pub read: Permission,
    /// The right to change it; nobody changes what they do not see.
    pub write: Permission,
}

/// What stands in other tables and belongs to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    Nothing,
    /// A customer's numbers, each of one customer only.
    Phones,
    /// A user's roles; a change of them ends the user's sessions.
    Roles,
    /// Every change of a card is kept.
    Changes,
}

/// All registers, those first to which others refer.
pub const ALL: &[&Register] = &[
    &house::STORES,
    &house::BRANCHES,
    &house::WAREHOUSES,
    &parties::AGENCIES,
    &parties::CUSTOMERS,
    &house::USERS,
    &goods::CATEGORIES,
    &goods::POLICIES,
    &goods::PRODUCTS,
    &house::SKILLS,
    &goods::DEVICES,
    &goods::CARDS,
    &parts::PARTS,
    &parts::SERVICES,
    &parts::TARIFFS,
    &parts::SERVICE_PLANS,
    &letters::FRAGMENTS,
    &letters::TYPES,
];

/// What most registers are; a description says what it has otherwise.
const PLAIN: Register = Register {
    name: "",
    one: "entry",
    entry: "",
    about: "",
    table: "",
    facts: "",
    fields: &[],
    counted: &[],
    folded: &[],
    searched: &[],
    branch: None,
    beside: Beside::Nothing,
    by_ticket: None,
    read: Permission::RegistriesRead,
    write: Permission::RegistriesWrite,
};

/// The register with this name.
pub fn find(name: &str) -> Option<&'static Register> {
    ALL.iter().copied().find(|register| register.name == name)
}

impl Register {
    pub fn key(&self) -> &'static Field {
        const NONE: Field = field::key("");
        self.fields.first().unwrap_or(&NONE)
    }

    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Fields that have a column of their own, in its order.
    pub fn stored(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().filter(|field| !field.column.is_empty())
    }

    /// The words by which an entry is found.
    pub fn search_key(&self, entry: &check::Entry, locale: &value::Locale) -> String {
        let searched =
            self.searched.iter().filter_map(|name| Some((self.field(name)?.kind, entry.get(*name)?)));
        value::search_key(searched, locale)
    }

    /// Whether the asker never sees the field.
    pub fn hides(&self, hidden: &std::collections::BTreeSet<String>, field: &Field) -> bool {
        !self.facts.is_empty() && hidden.contains(&format!("{}.{}", self.facts, field.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_is_described_whole() {
        for register in ALL {
            assert_eq!(register.key().kind, Kind::Key, "{}", register.name);
            assert_eq!(ALL.iter().filter(|one| one.name == register.name).count(), 1, "{}", register.name);
            for name in register.searched.iter().chain(&register.branch) {
                assert!(register.field(name).is_some(), "{} has no {name}", register.name);
            }
            for field in register.fields {
                assert!(!field.about.is_empty() || field.kind != Kind::Terms, "{}", field.name);
                if let Kind::Refers(other) = field.kind {
                    assert!(find(other).is_some(), "{} refers to {other}", field.name);
                }
            }
        }
    }
}
