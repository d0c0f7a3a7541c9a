//! Users and the roles they hold. A password goes in and never comes out.

use poem_openapi::Object;
use serde::Deserialize;

use super::routes::register;
use super::{Change, Entry, Reading, Writing};
use crate::auth::caller::Held;
use crate::entity::user;
use crate::http::once::Stop;
use crate::store::registry::{session, user as users};
use crate::store::{Store, StoreError, Transaction};

register!(
    /// Users.
    Users, User by name, "/users", "/users/:key", UsersWrite
);

/// A person or program that signs in
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Sign-in name
    pub name: String,
    pub full_name: String,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub email: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub phone: Option<String>,
    /// `fa`, `en`, `zh`, `pl`
    pub language: String,
    /// Home branch; left out: all branches
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub branch: Option<String>,
    /// Code of the agency or partner whose staff this is
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub agency: Option<String>,
    /// Code of the customer this is
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub customer: Option<String>,
    /// For technicians: `internal` or `authorised`
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub kind: Option<String>,
    #[oai(default = "yes")]
    #[serde(default = "yes")]
    pub active: bool,
    pub roles: Vec<RoleHeld>,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

/// A role that a user holds
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleHeld {
    pub role: String,
    /// Only in this branch; left out: wherever the user works
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub branch: Option<String>,
}

fn yes() -> bool {
    true
}

impl Entry for User {
    type Table = user::Entity;
    const THING: &'static str = "user";

    fn read(row: user::Model, _: &Reading<'_>) -> Self {
        Self {
            name: row.name,
            full_name: row.full_name,
            email: row.email,
            phone: row.phone,
            language: row.language,
            branch: row.branch,
            agency: row.agency,
            customer: row.customer,
            kind: row.kind,
            active: row.active,
            roles: Vec::new(),
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> user::Model {
        user::Model {
            name: writing.key("name", &self.name),
            full_name: writing.required("full_name", &self.full_name),
            email: self.email.clone(),
            phone: self.phone.clone(),
            language: writing.word("language", &self.language, &["en", "fa", "zh", "pl"]),
            branch: self.branch.clone(),
            agency: self.agency.clone(),
            customer: self.customer.clone(),
            kind: self.kind.clone(),
            active: self.active,
            ..Default::default()
        }
    }

    async fn complete(mut self, store: &Store) -> Result<Self, StoreError> {
        let held = users::roles(store.reader(), &self.name).await?;
        self.roles = held.into_iter().map(|held| RoleHeld { role: held.role, branch: held.branch }).collect();
        Ok(self)
    }

    async fn accompany(&self, tx: &Transaction, change: Change<user::Model>) -> Result<(), Stop> {
        let held: Vec<Held> = self
            .roles
            .iter()
            .map(|held| Held { role: held.role.clone(), branch: held.branch.clone() })
            .collect();
        let before = users::roles(tx, &self.name).await?;
        users::set_roles(tx, &self.name, &held).await?;
        if change.before.is_some() && (!self.active || before != users::roles(tx, &self.name).await?) {
            session::end(tx, &self.name, None, change.now).await?;
        }
        Ok(())
    }
}
