//! Tickets: opened, found, looked at, driven.

pub mod activities;
pub mod charges;
pub mod create;
pub mod dispatch;
pub mod explanations;
pub mod files;
pub mod history;
pub mod letters;
pub mod list;
pub mod messages;
pub mod note;
mod open_charge;
pub mod reasons;
pub mod repository;
pub mod show;
pub mod steps;
pub mod summary;
pub mod take;
pub mod take_many;
pub mod tell;
mod vouchers;

use std::collections::BTreeSet;
use std::sync::Arc;

use aftercare_engine::definition::messages::{Permission, RoleKind};
use aftercare_engine::statechart::{ChartField, Statechart};
use poem_openapi::OpenApi;

use crate::app::App;
use crate::auth::Scope;
use crate::entity::ticket;
use crate::http::access::library;
use crate::http::hidden::Veil;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

pub use summary::Summary;

/// The routes.
pub fn routes(app: &App) -> impl OpenApi + use<> {
    (
        (
            create::Create(app.clone()),
            steps::Steps(app.clone()),
            take::TakeStep(app.clone()),
            take_many::TakeMany(app.clone()),
        ),
        (list::List(app.clone()), show::Show(app.clone()), history::History(app.clone())),
        (explanations::Explanations(app.clone()), messages::Messages(app.clone()), tell::Tell(app.clone())),
        (
            charges::Charges(app.clone()),
            open_charge::OpenCharge(app.clone()),
            vouchers::Vouchers(app.clone()),
        ),
        (activities::Activities(app.clone()), note::Note(app.clone()), files::Files(app.clone())),
        (letters::Letters(app.clone()), repository::Repository(app.clone()), dispatch::Dispatch(app.clone())),
    )
}

/// The ticket, if the caller may see it. An absent and a foreign one give the same answer.
pub async fn find(app: &App, who: &SignedIn, code: &str) -> Result<ticket::Model, Problem> {
    let scope = reach(app, who)?;
    let found = app.store.ticket_within(code, &scope).await?;
    found.ok_or_else(|| Problem::not_found("ticket", code))
}

/// Whose tickets the caller sees; a refusal for staff who see none.
pub fn reach(app: &App, who: &SignedIn) -> Result<Scope, Problem> {
    match who.scope(app) {
        Scope::Nothing => who.may(app, Permission::TicketsRead),
        scope => Ok(scope),
    }
}

/// The chart that a ticket runs on: the one of the bundle it started with.
pub async fn chart(app: &App, ticket: &ticket::Model) -> Result<Arc<Statechart>, Problem> {
    let version = app.catalog.version(&ticket.bundle).await?;
    let chart = version.chart(&ticket.process).cloned();
    chart.ok_or_else(|| Problem::internal(&format!("bundle {} has no `{}`", ticket.bundle, ticket.process)))
}

/// What the caller does not see of tickets with this chart in this branch: facts by role, and fields that others see. A field that
/// names people outside is shown to them and still to the whole house; one that names staff, to those alone.
pub fn veil(app: &App, who: &SignedIn, chart: &Statechart, branch: &str) -> Veil {
    let outside = is_outside(&who.scope(app));
    let roles = who.caller.roles_in(branch);
    let library = library(app);
    let is_outsider = |role: &str| {
        let role = library.roles.get(role).and_then(|role| role.kind.as_ref());
        role.is_some_and(|kind| kind.value == RoleKind::Outside)
    };
    let is_seen = |field: &ChartField| {
        let named = field.field.as_ref().map(|field| field.seen_by.as_slice()).unwrap_or_default();
        named.iter().any(|role| roles.contains(role.value.as_str()))
            || (!outside && named.iter().all(|role| is_outsider(&role.value)))
    };
    let unseen = chart.fields.iter().filter(|field| !is_seen(field));
    let fields = unseen.map(|field| field.name.to_string()).collect();
    Veil { facts: who.hidden_in(app, branch), fields, outside }
}

/// Whether the caller stands outside the house: then only what customers see is shown.
pub fn is_outside(scope: &Scope) -> bool {
    matches!(scope, Scope::Agency(_) | Scope::Customer(_))
}

/// The people of the caller's agency: what they open is about whom they have received themselves, so that the phone
/// of a device's owner is not told to whoever types a serial.
pub async fn asking(app: &App, who: &SignedIn) -> Result<Vec<String>, Problem> {
    match who.scope(app) {
        Scope::Agency(code) => Ok(app.store.users_of_agency(&code).await?),
        _ => Ok(Vec::new()),
    }
}

/// The roles of an agency's people: they read of their own business what staff read of it. Nobody else has any here.
pub fn party<'w>(app: &App, who: &'w SignedIn) -> BTreeSet<&'w str> {
    match who.scope(app) {
        Scope::Agency(_) => who.caller.role_names(),
        _ => BTreeSet::new(),
    }
}
