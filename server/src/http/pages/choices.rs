//! What can be chosen in forms: people of a role, agencies, parts, services. Asked of the registers by the same
//! functions as the API's, so that nobody is offered what they may not see.

use std::collections::BTreeMap;

use aftercare_engine::language::Language;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::goods;
use super::input;
use super::view::View;
use crate::auth::Scope;
use crate::entity::agency;
use crate::facts::in_language;
use crate::http::api::registry::list::{Asked, list};
use crate::http::api::tickets::steps::FormField;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::register;

/// Most entries of one list.
const MOST: u64 = 200;

/// Puts into the view the lists that these fields need, by kind, and people by role.
pub async fn offer<'f>(
    view: &mut View,
    who: &SignedIn,
    branch: &str,
    fields: impl Iterator<Item = &'f FormField>,
) -> Result<(), Problem> {
    let mut lists: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut all: Vec<&FormField> = Vec::new();
    for field in fields {
        all.push(field);
        all.extend(&field.of);
    }
    for field in all {
        let kind = match field.r#type.as_str() {
            "user" => field.role.clone().unwrap_or_default(),
            kind => kind.to_owned(),
        };
        if lists.contains_key(&kind) {
            continue;
        }
        let found = match field.r#type.as_str() {
            "user" => people(view, &kind, branch).await?,
            "agency" | "partner" => match who.scope(&view.app) {
                Scope::Agency(code) => own_agency(view, &code).await?,
                _ => named(view, who, "agencies").await?,
            },
            "device" => own_devices(view, who).await?,
            "parts" => named(view, who, "parts").await?,
            "services" => named(view, who, "services").await?,
            "service_plan" => named(view, who, "service-plans").await?,
            _ => continue,
        };
        lists.insert(kind, found);
        if field.r#type == "parts" && field.columns.iter().any(|column| column == "source") {
            lists.insert("van".to_owned(), in_van(view, &who.caller.name).await?);
        }
    }
    view.put("choices", &lists);
    Ok(())
}

/// The devices of whoever is a customer; everybody else types or scans a serial.
async fn own_devices(view: &View, who: &SignedIn) -> Result<Vec<Value>, Problem> {
    let Some(customer) = &who.caller.customer else { return Ok(Vec::new()) };
    goods::owned(view, customer).await
}

/// The parts in somebody's own van, with how many there are: what is at hand is offered first.
async fn in_van(view: &View, name: &str) -> Result<Vec<Value>, Problem> {
    let store = &view.app.store;
    let Some(van) = store.van_of(name).await? else { return Ok(Vec::new()) };
    let held = store.stock(Some(&van.code), None, false, input::MOST_IN_VAN as u64).await?;
    let held: Vec<_> = held.into_iter().filter(|row| row.quantity > 0).collect();
    let codes: Vec<String> = held.iter().map(|row| row.part.clone()).collect();
    let names: BTreeMap<String, String> =
        store.parts_alone(&codes).await?.into_iter().map(|part| (part.code, part.name)).collect();
    let shown = held.iter().enumerate().map(|(n, row)| {
        let name = names.get(&row.part).map(|name| in_language(name, view.writing.language));
        json!({"value": row.part, "title": name, "at": input::VAN + n,
               "stock": Decimal::new(row.quantity, 3).normalize().to_string()})
    });
    Ok(shown.collect())
}

async fn people(view: &View, role: &str, branch: &str) -> Result<Vec<Value>, Problem> {
    let found = view.app.store.users_with_role(role, branch).await?;
    Ok(found.into_iter().map(|user| json!({"value": user.name, "title": user.full_name})).collect())
}

/// All entries of a register as the reader may see them; none when they are too many for a list, or not to be seen.
pub async fn whole(
    view: &View,
    who: &SignedIn,
    register: &'static register::Register,
) -> Result<Option<Vec<Value>>, Problem> {
    let asked = Asked { search: None, after: None, limit: Some(MOST) };
    match list(&view.app, who, register, asked).await {
        Ok(page) if page.get("next").is_some() => Ok(None),
        Ok(page) => Ok(page.get("items").and_then(Value::as_array).cloned()),
        Err(problem) if problem.kind == Kind::Forbidden => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// The first entries of a register as the reader may see them; none for who may not read it.
pub async fn entries(view: &View, who: &SignedIn, register: &str) -> Result<Vec<Value>, Problem> {
    let Some(register) = register::find(register) else { return Ok(Vec::new()) };
    let asked = Asked { search: None, after: None, limit: Some(MOST) };
    match list(&view.app, who, register, asked).await {
        Ok(page) => Ok(page.get("items").and_then(Value::as_array).cloned().unwrap_or_default()),
        Err(problem) if problem.kind == Kind::Forbidden => Ok(Vec::new()),
        Err(problem) => Err(problem),
    }
}

/// Code and name of each entry that is in use. Who may not read the register types the code.
/// The people of an agency speak for it alone.
async fn own_agency(view: &View, code: &str) -> Result<Vec<Value>, Problem> {
    let own = view.app.store.agency(code).await?;
    let one = |own: &agency::Model| json!({"value": own.code, "title": in_language(&own.name, view.writing.language)});
    Ok(own.iter().map(|own| one(own)).collect())
}

async fn named(view: &View, who: &SignedIn, register: &str) -> Result<Vec<Value>, Problem> {
    let items = entries(view, who, register).await?;
    let entry = |item: &Value| {
        json!({
            "value": item["code"],
            "title": in_words(&item["name"], view.writing.language),
            "price": item.get("price"),
        })
    };
    Ok(items.iter().filter(|item| item["active"] != json!(false)).map(entry).collect())
}

/// A name in the reader's language, if it has several.
pub fn in_words(name: &Value, language: Language) -> String {
    let text = |code: &str| name.get(code).and_then(Value::as_str).filter(|text| !text.is_empty());
    let any = || Language::ALL.iter().find_map(|one| text(one.code()));
    let found = name.as_str().or_else(|| text(language.code())).or_else(|| text("en")).or_else(any);
    found.unwrap_or_default().to_owned()
}

/// What the ticket's customer, device or people are called.
pub async fn person(view: &View, name: Option<&str>) -> Result<Option<String>, Problem> {
    let Some(name) = name else { return Ok(None) };
    Ok(view.app.store.user(name).await?.map(|user| user.full_name.clone()))
}
