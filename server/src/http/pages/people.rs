//! People and places by the names that others know them by: nobody reads sign-in names and codes of branches.

use std::collections::BTreeMap;

use aftercare_engine::definition::messages::RoleKind;
use serde_json::{Value, json};

use super::choices::{in_words, person};
use super::view::View;
use crate::http::problem::Problem;
use crate::http::visitor;

/// Full names, asked for once each.
#[derive(Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// The full name behind the name of an actor: a user's, or that of a customer who came through the portal. The
    /// name itself when nobody has it.
    pub async fn of(&mut self, view: &View, name: &str) -> Result<String, Problem> {
        if let Some(known) = self.0.get(name) {
            return Ok(known.clone());
        }
        let found = match visitor::customer_of(name) {
            Some(code) => view.app.store.customer(code).await?.map(|found| found.customer.name.clone()),
            None => person(view, Some(name)).await?,
        };
        let found = found.unwrap_or_else(|| name.to_owned());
        self.0.insert(name.to_owned(), found.clone());
        Ok(found)
    }
}

/// What a role is called.
pub fn role(view: &View, name: &str) -> String {
    let version = view.app.catalog.current();
    let found = version.library().roles.get(name).map(|role| role.title.best(view.writing.language));
    found.unwrap_or(name).to_owned()
}

/// The roles of the house.
pub fn roles(view: &View) -> Vec<Value> {
    let version = view.app.catalog.current();
    let own = version
        .library()
        .roles
        .iter()
        .filter(|(_, role)| role.kind.as_ref().is_none_or(|kind| kind.value != RoleKind::Outside));
    let language = view.writing.language;
    own.map(|(name, role)| json!({"value": name.value, "title": role.title.best(language)})).collect()
}

/// All roles, also of people outside the house.
pub fn all_roles(view: &View) -> Vec<Value> {
    let (version, language) = (view.app.catalog.current(), view.writing.language);
    let all = version.library().roles.iter();
    all.map(|(name, role)| json!({"value": name.value, "title": role.title.best(language)})).collect()
}

/// Everybody of the house who works in a branch.
pub async fn colleagues(view: &View, branch: &str) -> Result<Vec<Value>, Problem> {
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    for role in roles(view) {
        let role_name = role["value"].as_str().unwrap_or_default();
        for user in view.app.store.users_with_role(role_name, branch).await? {
            let title = format!("{} – {}", user.full_name, role["title"].as_str().unwrap_or_default());
            found.entry(user.name.clone()).or_insert_with(|| json!({"value": user.name, "title": title}));
        }
    }
    Ok(found.into_values().collect())
}

/// What branches are called, by their codes.
pub async fn branches(view: &View) -> Result<BTreeMap<String, String>, Problem> {
    let found = view.app.store.branches().await?;
    let language = view.writing.language;
    let name = |text: &str| in_words(&serde_json::from_str(text).unwrap_or_default(), language);
    Ok(found.into_iter().map(|branch| (branch.code, name(&branch.name))).collect())
}

/// What an agency or partner is called.
pub async fn agency(view: &View, code: &str) -> Result<String, Problem> {
    let found = view.app.store.agency(code).await?;
    let name = found.map(|agency| serde_json::from_str(&agency.name).unwrap_or_default());
    let name = name.map(|name| in_words(&name, view.writing.language)).filter(|name| !name.is_empty());
    Ok(name.unwrap_or_else(|| code.to_owned()))
}
