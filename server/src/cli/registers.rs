//! What commands that work on a register begin with.

use std::collections::BTreeSet;

use crate::app::App;
use crate::auth::Scope;
use crate::http::access::{country, currency, library};
use crate::i18n::Language;
use crate::register::check::{self, Asking};
use crate::register::value::Locale;
use crate::register::{ALL, Register, find};

/// A register by its name.
pub fn parse(name: &str) -> Result<&'static Register, String> {
    let names: Vec<&str> = ALL.iter().map(|register| register.name).collect();
    find(name).ok_or_else(|| format!("there is no register `{name}`; there are: {}", names.join(", ")))
}

/// A language by its code.
pub fn language(code: &str) -> Result<Language, String> {
    Language::of_code(code).ok_or_else(|| format!("there is no language `{code}`; there are: en, fa, zh, pl"))
}

/// Whoever may open the store may write all of it.
pub fn asking(app: &App, who: &str) -> Asking {
    Asking {
        who: who.to_owned(),
        scope: Scope::All,
        hidden: BTreeSet::new(),
        roles: check::roles_of(&library(app)),
        locale: locale(app),
        reason: String::new(),
    }
}

/// How amounts and numbers are written here.
pub fn locale(app: &App) -> Locale {
    Locale { currency: currency(app), country: country(app) }
}
