//! What goods are called: models and their categories in the reader's language, wherever their codes stand.

use std::collections::BTreeMap;

use aftercare_engine::ledger::DetailKind;
use serde_json::{Value, json};

use super::view::View;
use crate::facts::in_language;
use crate::http::problem::Problem;

/// Gives something about a product its names: a ticket or a device with the codes, or what is known about a device.
pub async fn name_one(view: &View, about: &mut Value) -> Result<(), Problem> {
    name_all(view, std::slice::from_mut(about)).await
}

/// The same for many.
pub async fn name_all(view: &View, all: &mut [Value]) -> Result<(), Problem> {
    let store = &view.app.store;
    let models = store.detail_names(DetailKind::Product, &codes(all, model)).await?;
    let categories = store.category_names(&codes(all, category)).await?;
    let text = |names: &BTreeMap<String, String>, code: Option<&str>| {
        code.and_then(|code| names.get(code)).map(|name| in_language(name, view.writing.language))
    };
    for about in all {
        let names = [text(&models, model(about)), text(&categories, category(about))];
        let [model, category] = names;
        about["product_name"] = json!(model);
        about["category_name"] = json!(category);
    }
    Ok(())
}

/// Calls charge lines what the registers call their parts and services in the reader's language.
pub async fn name_lines(view: &View, charges: &mut Value) -> Result<(), Problem> {
    let Some(lines) = charges.pointer_mut("/charges/lines").and_then(Value::as_array_mut) else {
        return Ok(());
    };
    let codes: Vec<String> =
        lines.iter().filter_map(|line| line["code"].as_str()).map(str::to_owned).collect();
    let (store, today) = (&view.app.store, view.writing.day_of(view.app.clock.now()));
    let (parts, services) = tokio::try_join!(store.parts_alone(&codes), store.services(&codes, today))?;
    let parts = parts.into_iter().map(|part| (part.code, part.name));
    let names: BTreeMap<String, String> =
        parts.chain(services.into_iter().map(|service| (service.code, service.name))).collect();
    for line in lines {
        let name = line["code"].as_str().and_then(|code| names.get(code));
        if let Some(name) = name.map(|name| in_language(name, view.writing.language)) {
            line["description"] = json!(name);
        }
    }
    Ok(())
}

/// The devices of a customer, to choose from: what each is called, and its serial.
pub async fn owned(view: &View, customer: &str) -> Result<Vec<Value>, Problem> {
    let own = view.app.store.devices_of(customer).await?;
    let mut all: Vec<Value> =
        own.into_iter().map(|device| json!({"value": device.serial, "product": device.product})).collect();
    name_all(view, &mut all).await?;
    for one in &mut all {
        let name = one["product_name"].as_str().map(|name| format!("{name} · "));
        let title = format!("{}{}", name.unwrap_or_default(), one["value"].as_str().unwrap_or_default());
        one["title"] = json!(title);
    }
    Ok(all)
}

fn codes(all: &[Value], of: fn(&Value) -> Option<&str>) -> Vec<&str> {
    let mut codes: Vec<&str> = all.iter().filter_map(of).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Code of the model: a code, or the facts of one.
fn model(about: &Value) -> Option<&str> {
    about["product"].as_str().or_else(|| about["product"]["code"].as_str())
}

fn category(about: &Value) -> Option<&str> {
    about["product_category"].as_str().or_else(|| about["product"]["category"].as_str())
}
