//! Requests as a card or a row of the board shows them: how old they are, how they stand, whose they are.

use std::collections::{BTreeMap, BTreeSet};

use aftercare_engine::ledger::DetailKind;
use chrono::TimeDelta;
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use crate::facts::in_language;
use crate::http::api::lookup::VERDICT;
use crate::http::api::tickets::Summary;
use crate::http::api::tickets::list::veiled;
use crate::http::pages::choices::{entries, in_words};
use crate::http::pages::people::{self, Names};
use crate::http::pages::view::View;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

/// Days after which a request that is not done looks older.
const AGES: [(i64, &str); 3] = [(14, "old"), (7, "aging"), (3, "ripe")];
/// Names of models by their codes, for readers who may see the register.
pub async fn products(view: &View, who: &SignedIn) -> Result<BTreeMap<String, String>, Problem> {
    let items = entries(view, who, "products").await?;
    let named = items.iter().filter_map(|item| {
        Some((item["code"].as_str()?.to_owned(), in_words(&item["name"], view.writing.language)))
    });
    Ok(named.collect())
}

/// The tickets as a card or row shows them.
pub fn cards(
    view: &View,
    who: &SignedIn,
    items: Vec<Summary>,
    products: &BTreeMap<String, String>,
) -> Vec<Value> {
    let now = view.writing.now;
    let card = |item: Summary| {
        let is_done = item.finished || matches!(item.category.as_deref(), Some("done" | "cancelled"));
        let age = now - item.opened_at;
        let grown = AGES.iter().find(|(days, _)| age >= TimeDelta::days(*days)).map(|(_, name)| *name);
        let is_late = item.due_at.is_some_and(|due| due < now) && !is_done;
        let amount = |text: &str| text.parse::<rust_decimal::Decimal>().unwrap_or_default();
        let (gross, paid) = (amount(&item.gross), amount(&item.paid));
        let money = match (gross.is_zero(), paid >= gross) {
            (true, _) => None,
            (false, true) => Some("paid"),
            (false, false) => Some("owes"),
        };
        let product = item.product.as_ref().map(|code| products.get(code).unwrap_or(code).clone());
        let mut json = item.to_json().unwrap_or_default();
        veiled(&view.app, who, &mut json);
        json["age"] = json!(if is_done { None } else { grown });
        json["late"] = json!(is_late);
        json["money"] = json!(money);
        json["product_name"] = json!(product);
        json
    };
    items.into_iter().map(card).collect()
}

/// The same with what a reader would have to look up otherwise: full names, whether it is covered, the first picture.
pub async fn dressed(view: &View, cards: &mut [Value]) -> Result<(), Problem> {
    named(view, cards).await?;
    let codes: Vec<String> =
        cards.iter().filter_map(|card| card["code"].as_str().map(str::to_owned)).collect();
    let pictures = view.app.store.first_pictures(&codes).await?;
    let decided: BTreeMap<String, String> = view.app.store.decided_about(&codes).await?.into_iter().collect();
    let branches = people::branches(view).await?;
    let mut names = Names::default();
    for card in cards {
        let code = card["code"].as_str().unwrap_or_default().to_owned();
        card["picture"] = json!(pictures.get(&code));
        let facts: Value =
            decided.get(&code).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        card["covered"] = facts[VERDICT]["outcome"].clone();
        if let Some(name) = card["technician"].as_str().map(str::to_owned) {
            card["technician_name"] = json!(names.of(view, &name).await?);
        }
        let branch = card["branch"].as_str().unwrap_or_default();
        card["branch_name"] = json!(branches.get(branch).map_or(branch, String::as_str));
    }
    Ok(())
}

/// Names of categories, and of models that are not yet in words: of readers who do not read the register, and of long
/// registers.
pub async fn named(view: &View, cards: &mut [Value]) -> Result<(), Problem> {
    let codes: BTreeSet<String> =
        cards.iter().filter_map(|card| card["product_category"].as_str().map(str::to_owned)).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let names = view.app.store.category_names(&codes).await?;
    for card in cards.iter_mut() {
        let name = card["product_category"].as_str().and_then(|code| names.get(code));
        card["category_name"] = json!(name.map(|name| in_language(name, view.writing.language)));
    }
    let is_bare = |card: &Value| card["product"].is_string() && card["product_name"] == card["product"];
    let bare: BTreeSet<String> = cards
        .iter()
        .filter(|card| is_bare(card))
        .filter_map(|card| card["product"].as_str().map(str::to_owned))
        .collect();
    let codes: Vec<&str> = bare.iter().map(String::as_str).collect();
    let names = view.app.store.detail_names(DetailKind::Product, &codes).await?;
    for card in cards.iter_mut().filter(|card| is_bare(card)) {
        if let Some(name) = card["product"].as_str().and_then(|code| names.get(code)) {
            card["product_name"] = json!(in_language(name, view.writing.language));
        }
    }
    Ok(())
}
