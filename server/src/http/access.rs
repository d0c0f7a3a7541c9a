//! What the caller of a request may do and see, by the roles of the bundle in service.

use std::collections::BTreeSet;
use std::sync::Arc;

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::ledger::amount::Currency;
use aftercare_engine::library::Library;

use super::problem::{Kind, Problem};
use super::signed_in::SignedIn;
use crate::app::App;
use crate::auth::{self, Scope};

impl SignedIn {
    /// Refuses with the right that is missing and the roles that have it.
    pub fn may(&self, app: &App, permission: Permission) -> Result<(), Problem> {
        let library = library(app);
        auth::may(&self.caller, &library.roles, permission).map_err(|denied| {
            tracing::info!(
                user.name = %self.caller.name, permission = %denied.action,
                "User `{}` was refused `{}`", self.caller.name, denied.action,
            );
            denied.into()
        })
    }

    /// Whose tickets the caller sees.
    pub fn scope(&self, app: &App) -> Scope {
        auth::scope(&self.caller, &library(app).roles)
    }

    /// Dotted paths of facts that the caller never sees.
    pub fn hidden(&self, app: &App) -> BTreeSet<String> {
        auth::hidden(&self.caller, &library(app).roles)
    }

    /// Refuses what belongs to a branch that is not the caller's.
    pub fn in_branch(&self, app: &App, branch: Option<&str>) -> Result<(), Problem> {
        if self.scope(app).has_branch(branch) {
            return Ok(());
        }
        Err(Problem::new(Kind::Forbidden, "detail-other-branch", vec![]))
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
