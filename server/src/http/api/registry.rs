//! The registers on the wire: five verbs, the same for each, by its description.

pub mod add;
pub mod change;
pub mod files;
pub mod life;
pub mod list;
pub mod merge;
pub mod remove;
mod routes;
mod schema;
pub mod serials;
pub mod show;
mod stock;
mod tree;

use poem_openapi::OpenApi;

use super::super::access::{country, currency, library};
use crate::app::App;
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::register::Register;
use crate::register::check::{self, Asking, Wrong};
use crate::register::value::Locale;
use aftercare_engine::definition::messages::Permission;

/// All registers' routes.
pub fn routes(app: &App) -> impl OpenApi + use<> {
    (
        (routes::Registers(app.clone()), merge::Merge(app.clone())),
        (serials::Serials(app.clone()), stock::Stock(app.clone()), tree::Tree(app.clone())),
        (life::Life(app.clone()), files::Files(app.clone())),
    )
}

/// Who writes, for the checks of a register: somebody who may read it and change it.
pub fn asking(app: &App, who: &SignedIn, register: &Register, reason: &str) -> Result<Asking, Problem> {
    list::readable(app, who, register)?;
    let scope = who.may(app, register.write)?;
    // Whoever finds an open browser could make a user of their own.
    if register.write == Permission::UsersWrite {
        who.proved(app)?;
    }
    Ok(Asking {
        who: who.caller.name.clone(),
        scope,
        hidden: who.hidden(app),
        roles: check::roles_of(&library(app)),
        locale: locale(app),
        reason: reason.to_owned(),
    })
}

/// How amounts and numbers are written here.
pub fn locale(app: &App) -> Locale {
    Locale { currency: currency(app), country: country(app) }
}

/// What is wrong with an entry, for whoever sent it.
pub fn refused(register: &Register, wrong: Vec<Wrong>) -> Problem {
    // What is somebody else's already is no mistake in the form: it says whose.
    if let Some(taken) = wrong.iter().find(|one| one.code == "field-belongs") {
        let whose = taken.values.iter().find(|(name, _)| *name == "key").map(|(_, key)| key.clone());
        let values =
            vec![("what", register.one.to_owned()), ("field", taken.field.clone()), ("value", String::new())];
        let problem = Problem::new(Kind::Conflict, "detail-exists", values);
        return problem.with("existing", whose.unwrap_or_default().into());
    }
    if wrong.iter().any(|one| one.code == "field-branch") {
        return Problem::new(Kind::Forbidden, "detail-other-branch", vec![]);
    }
    Problem::fields(wrong.into_iter().map(FieldError::from).collect())
}

impl From<Wrong> for FieldError {
    fn from(wrong: Wrong) -> Self {
        Self::new(&wrong.field, wrong.code, wrong.values)
    }
}
