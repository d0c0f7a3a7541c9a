//! One page for a unit's whole life, and one for what a customer or a technician has had to do with us.

use aftercare_engine::definition::messages::Permission;
use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::goods;
use super::people::Names;
use super::registers::files;
use super::view::View;
use crate::auth;
use crate::http::access::library;
use crate::http::api::books::customer::CustomerAccount;
use crate::http::api::lookup::known;
use crate::http::api::registry::life::lived;
use crate::http::api::registry::list::in_reach;
use crate::http::api::runs::statements::told;
use crate::http::api::tickets::list::{found, veiled};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::register::find;
use crate::store::read::search::TicketFilter;

/// Tickets and statements that are shown.
const TICKETS: u64 = 100;
const STATEMENTS: u64 = 24;

/// GET /devices/{serial}
#[handler]
pub async fn device(mut view: View, Path(serial): Path<String>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let mut life = lived(&view.app, &who, &serial).await?.json();
    let own = life["serial"].as_str().unwrap_or_default().to_owned();
    let mut about = known(&view.app, &who, &own, None).await?.json();
    goods::name_one(&view, &mut about).await?;
    view.put("about", &about);
    goods::name_one(&view, &mut life).await?;
    view.put("life", &life);
    let devices = find("devices").ok_or_else(Problem::unavailable)?;
    files::offer(&mut view, &who, devices, &own).await?;
    view.page("life.html")
}

/// GET /customers/{code}
#[handler]
pub async fn customer(mut view: View, Path(code): Path<String>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let register = find("customers").ok_or_else(Problem::unavailable)?;
    in_reach(&view.app, &who, register, &code).await?;
    let row = view.app.store.customer(&code).await?;
    let row = row.ok_or_else(|| Problem::not_found("customer", code.as_str()))?;
    view.put("name", &row.customer.name);
    view.put("code", &code);
    if may(&view, &who, Permission::VouchersRead) {
        let account = CustomerAccount(view.app.clone());
        let account = account.of(&who, &code).await?.to_json().unwrap_or_default();
        view.put("account", &account);
        view.put("statements", &statements(&view, "customer", &code).await?);
    }
    files::offer(&mut view, &who, register, &code).await?;
    let filter = TicketFilter { customer: Some(code), ..TicketFilter::default() };
    tickets(&mut view, &who, &filter).await?;
    view.page("history.html")
}

/// GET /technicians/{name}
#[handler]
pub async fn technician(mut view: View, Path(name): Path<String>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    who.may(&view.app, Permission::TicketsRead)?;
    let full_name = Names::default().of(&view, &name).await?;
    view.put("name", &full_name);
    view.put("code", &name);
    if may(&view, &who, Permission::VouchersRead) {
        view.put("statements", &statements(&view, "technician", &name).await?);
    }
    let filter = TicketFilter { technician: Some(name), ..TicketFilter::default() };
    tickets(&mut view, &who, &filter).await?;
    view.page("history.html")
}

fn may(view: &View, who: &SignedIn, right: Permission) -> bool {
    auth::may(&who.caller, &library(&view.app).roles, right).is_ok()
}

async fn tickets(view: &mut View, who: &SignedIn, filter: &TicketFilter) -> Result<(), Problem> {
    let page = found(&view.app, who, filter, None, TICKETS).await?;
    let mut items = page.items.to_json().unwrap_or_default();
    items.as_array_mut().into_iter().flatten().for_each(|line| veiled(&view.app, who, line));
    if let Some(items) = items.as_array_mut() {
        goods::name_all(view, items).await?;
    }
    view.put("tickets", &items);
    Ok(())
}

/// Statements of a party, the newest first, each with what of it is not settled.
async fn statements(view: &View, kind: &str, party: &str) -> Result<Vec<Value>, Problem> {
    let rows = view.app.store.statements(None, Some((kind, party)), STATEMENTS).await?;
    let line = |row| {
        let told = told(&view.app, row)?.to_json().unwrap_or_default();
        Ok(
            json!({"number": told["number"], "from": told["from"], "to": told["to"], "closing": told["closing"],
            "lines": told["lines"].as_array().map(Vec::len)}),
        )
    };
    rows.into_iter().map(line).collect()
}
