//! What the caller of a request may do and see, by the roles of the bundle in service.

use std::collections::BTreeSet;
use std::sync::Arc;

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::ledger::amount::Currency;
use aftercare_engine::library::Library;
use chrono::TimeDelta;

use super::problem::{Kind, Problem};
use super::signed_in::SignedIn;
use crate::app::App;
use crate::auth::{self, Scope};
use crate::clock::is_within;

impl SignedIn {
    /// Where the caller may do this; or a refusal with the right that is missing and the roles that have it.
    pub fn may(&self, app: &App, permission: Permission) -> Result<Scope, Problem> {
        let library = library(app);
        auth::may(&self.caller, &library.roles, permission).map_err(|denied| {
            tracing::info!(
                user.name = %self.caller.name, permission = %denied.action,
                "User `{}` was refused `{}`", self.caller.name, denied.action,
            );
            denied.into()
        })
    }

    /// Whether the caller may do this somewhere: to choose what is shown, without anything being refused.
    pub fn has(&self, app: &App, permission: Permission) -> bool {
        auth::may(&self.caller, &library(app).roles, permission).is_ok()
    }

    /// Refuses what belongs to a branch in which the caller may not do this; none: to the whole house.
    pub fn may_in(&self, app: &App, permission: Permission, branch: Option<&str>) -> Result<(), Problem> {
        if self.may(app, permission)?.has_branch(branch) {
            return Ok(());
        }
        Err(Problem::new(Kind::Forbidden, "detail-other-branch", vec![]))
    }

    /// Whether nobody has to type a password now: it was given a short while ago, or the caller is a program.
    pub fn is_proved(&self, app: &App) -> bool {
        let within = TimeDelta::from_std(app.config.sessions.reauthenticate).unwrap_or(TimeDelta::MAX);
        self.caller.proved_at.is_none_or(|at| is_within(at, app.clock.now(), within))
    }

    /// Refuses what is grave until the password has been given again.
    pub fn proved(&self, app: &App) -> Result<(), Problem> {
        if self.is_proved(app) {
            return Ok(());
        }
        Err(Problem::reauthenticate(app.config.sessions.reauthenticate))
    }

    /// Whose tickets the caller sees.
    pub fn scope(&self, app: &App) -> Scope {
        auth::scope(&self.caller, &library(app).roles)
    }

    /// The agency or partner company whose people see its own things alone, if the caller is one of them.
    pub fn own_agency(&self, app: &App) -> Option<String> {
        match self.scope(app) {
            Scope::Agency(code) => Some(code),
            _ => None,
        }
    }

    /// Dotted paths of facts that the caller never sees, of what belongs to no branch.
    pub fn hidden(&self, app: &App) -> BTreeSet<String> {
        auth::hidden(&self.caller, &library(app).roles)
    }

    /// Those of tickets in one of the caller's branches or another.
    pub fn hidden_somewhere(&self, app: &App) -> BTreeSet<String> {
        let places = self.caller.roles.iter().map(|held| held.branch.as_deref().unwrap_or_default());
        places.flat_map(|branch| self.hidden_in(app, branch)).collect()
    }

    /// Those of tickets in this branch.
    pub fn hidden_in(&self, app: &App, branch: &str) -> BTreeSet<String> {
        auth::hidden_in(&self.caller, &library(app).roles, branch)
    }
}

/// What the processes in service share.
pub fn library(app: &App) -> Arc<Library> {
    Arc::clone(app.catalog.current().library())
}

/// The company's currency, in which all amounts are.
pub fn currency(app: &App) -> Currency {
    library(app).company.as_ref().map_or_else(|| Currency::new("XXX", 0), |company| company.currency.clone())
}

/// Calling code that the leading 0 of a phone number stands for; empty: none does.
pub fn country(app: &App) -> String {
    let library = library(app);
    let company = library.company.as_ref();
    company.and_then(|company| company.calling_code.as_deref()).unwrap_or_default().to_owned()
}
