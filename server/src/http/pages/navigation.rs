//! Where somebody may go, by what their roles allow. What would be refused is not offered.

use aftercare_engine::definition::messages::{Home, Permission};
use aftercare_engine::statechart::{FormEntry, Statechart};
use serde::Serialize;

use crate::app::App;
use crate::auth;
use crate::http::access::library;
use crate::http::api::tickets::is_outside;
use crate::http::signed_in::SignedIn;

/// An entry of the navigation.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Entry {
    /// Of its text, `nav-…`, and of its icon.
    key: &'static str,
    href: &'static str,
    current: bool,
}

/// All pages that stand in the navigation: name, address, what it takes.
const PAGES: &[(&str, &str, Needs)] = &[
    ("own", "/own", Needs::Agency),
    ("day", "/my-day", Needs::Charge),
    ("board", "/tickets", Needs::Right(Permission::TicketsRead)),
    ("inbox", "/inbox", Needs::House),
    ("intake", "/intake", Needs::Opening),
    ("dispatch", "/dispatch", Needs::Assigning),
    ("tasks", "/tasks", Needs::Right(Permission::TicketsRead)),
    ("letters", "/letters", Needs::House),
    ("books", "/vouchers", Needs::Right(Permission::VouchersRead)),
    ("reports", "/reports", Needs::Right(Permission::ReportsRead)),
    ("registry", "/registers", Needs::Right(Permission::RegistriesRead)),
    ("incident", "/incidents", Needs::Right(Permission::IncidentsRedrive)),
    ("message", "/messages", Needs::Right(Permission::IncidentsRedrive)),
    ("bundle", "/definitions", Needs::Right(Permission::BundleDeploy)),
];

/// What somebody needs for a page.
#[derive(Clone, Copy, Debug)]
enum Needs {
    /// One of these rights.
    Right(Permission),
    /// To be somebody who opens tickets.
    Opening,
    /// To be somebody of the house who reads tickets.
    House,
    /// To be one of an agency's or a partner's people.
    Agency,
    /// A role that takes steps only when in charge.
    Charge,
    /// A role that puts somebody in charge.
    Assigning,
}

/// What this reader may go to. `path` is where they are.
pub fn entries(app: &App, who: Option<&SignedIn>, path: &str) -> Vec<Entry> {
    let Some(who) = who else { return Vec::new() };
    let here = |href: &str| path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    let found = PAGES.iter().filter(|(.., needs)| has(app, who, *needs));
    found.map(|(key, href, _)| Entry { key, href, current: here(href) }).collect()
}

/// Where somebody begins: where their role says, else on the first page that is theirs.
pub fn home(app: &App, who: &SignedIn) -> Option<&'static str> {
    let library = library(app);
    let own = who.caller.roles.iter().filter_map(|held| library.roles.get(&held.role)?.home.as_ref());
    let named = own.filter_map(|home| PAGES.iter().find(|(_, href, _)| *href == address(home.value)));
    named.chain(PAGES).find(|(.., needs)| has(app, who, *needs)).map(|(_, href, _)| *href)
}

fn address(home: Home) -> &'static str {
    match home {
        Home::MyDay => "/my-day",
        Home::Tickets => "/tickets",
        Home::Inbox => "/inbox",
        Home::Intake => "/intake",
        Home::Dispatch => "/dispatch",
        Home::Tasks => "/tasks",
        Home::Vouchers => "/vouchers",
        Home::Reports => "/reports",
        Home::Registers => "/registers",
        Home::Definitions => "/definitions",
    }
}

fn has(app: &App, who: &SignedIn, needs: Needs) -> bool {
    let library = library(app);
    match needs {
        Needs::Right(right) => auth::may(&who.caller, &library.roles, right).is_ok(),
        Needs::Agency => who.own_agency(app).is_some(),
        Needs::House => match auth::may(&who.caller, &library.roles, Permission::TicketsRead) {
            Ok(scope) => !is_outside(&scope),
            Err(_) => false,
        },
        Needs::Charge => {
            let held = who.caller.roles.iter().filter_map(|held| library.roles.get(&held.role));
            held.clone().count() > 0 && held.clone().all(|role| role.in_charge)
        }
        Needs::Opening => opens(app, who),
        Needs::Assigning => assigns(app, who),
    }
}

/// Whether some process may be opened by one of the caller's roles.
fn opens(app: &App, who: &SignedIn) -> bool {
    let version = app.catalog.current();
    let roles = who.caller.role_names();
    version
        .processes()
        .filter_map(|name| version.chart(name))
        .any(|chart| chart.opened_by.iter().any(|role| roles.contains(role.as_str())))
}

/// Whether some step of the caller's roles asks for a person who is then in charge.
pub fn assigns(app: &App, who: &SignedIn) -> bool {
    let version = app.catalog.current();
    let (roles, library) = (who.caller.role_names(), version.library());
    let charts = version.processes().filter_map(|name| version.chart(name));
    let is_person = |chart: &Statechart, entry: &FormEntry| {
        let field = chart.fields.get(usize::from(entry.field));
        let role = field.and_then(|field| field.field.as_ref()?.role.as_ref());
        role.and_then(|role| library.roles.get(&role.value)).is_some_and(|role| role.in_charge)
    };
    charts.into_iter().any(|chart| {
        let own =
            chart.transitions().iter().filter(|one| one.by.iter().any(|role| roles.contains(role.as_str())));
        own.flat_map(|one| &one.form).any(|entry| is_person(chart, entry))
    })
}
