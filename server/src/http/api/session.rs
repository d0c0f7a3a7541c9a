//! Signing in and out, and who one is.
//!
//! These calls take no `Idempotency-Key`. Signing in makes a new secret each time, and a kept answer would be a
//! stored secret that signs in; signing out and changing the password end the session that the key belongs to,
//! and done twice they leave what done once leaves.

pub mod begin;
pub mod end;
pub mod invite;
pub mod password;
pub mod prove;
pub mod second;
mod show;

use std::sync::Arc;

use poem_openapi::{Object, OpenApi};

use crate::app::App;
use crate::auth::Caller;
use crate::auth::throttle::Throttle;

/// A person or program, as it sees itself
#[derive(Debug, Object)]
pub struct Me {
    /// Sign-in name
    pub name: String,
    pub full_name: String,
    pub language: String,
    pub roles: Vec<String>,
    /// Home branch; absent: all branches
    #[oai(skip_serializing_if_is_none)]
    pub branch: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub agency: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub customer: Option<String>,
    /// What the roles allow besides steps
    pub may: Vec<String>,
}

impl Me {
    fn of(app: &App, caller: &Caller) -> Self {
        let library = crate::http::access::library(app);
        let held = caller.roles.iter().filter_map(|held| library.roles.get(&held.role));
        let rights: std::collections::BTreeSet<_> = held
            .flat_map(|role| role.may.iter().map(|one| crate::auth::policy::written(one.value)))
            .collect();
        Self {
            name: caller.name.clone(),
            full_name: caller.full_name.clone(),
            language: caller.language.code().to_owned(),
            roles: caller.role_names().into_iter().map(str::to_owned).collect(),
            branch: caller.branch.clone(),
            agency: caller.agency.clone(),
            customer: caller.customer.clone(),
            may: rights.into_iter().collect(),
        }
    }
}

/// The routes.
pub fn routes(app: &App, throttle: Arc<Throttle>) -> impl OpenApi + use<> {
    (
        begin::Begin { app: app.clone(), throttle: Arc::clone(&throttle) },
        show::Show(app.clone()),
        end::End(app.clone()),
        invite::Invite(app.clone()),
        password::Password { app: app.clone(), throttle: Arc::clone(&throttle) },
        prove::Prove { app: app.clone(), throttle: Arc::clone(&throttle) },
        second::Second { app: app.clone(), throttle: Arc::clone(&throttle) },
    )
}
