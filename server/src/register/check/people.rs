//! What the entries of users have to do with the house: the branches of their roles are there, and somebody stays who
//! may change users.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Asking, Checked, Entry, Wrong, not_found};
use crate::entity::{user, user_role};
use crate::register::field::Kind;
use crate::register::{Register, enter, find};
use crate::store::StoreError;
use crate::store::registry;

type All = [(Checked, Vec<Wrong>)];

fn has_roles(register: &Register) -> Option<&'static str> {
    register.fields.iter().find(|field| field.kind == Kind::Roles).map(|field| field.name)
}

/// A role is held in a branch that is there.
pub async fn places(
    db: &impl ConnectionTrait,
    register: &'static Register,
    all: &mut All,
) -> Result<(), StoreError> {
    let (Some(field), Some(branches)) = (has_roles(register), find("branches")) else { return Ok(()) };
    let named =
        all.iter().flat_map(|(checked, _)| enter::roles(&checked.entry)).filter_map(|held| held.branch);
    let named: HashSet<String> = named.collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let there = registry::existing(db, branches, &named).await?;
    for (checked, wrong) in all {
        for (n, held) in enter::roles(&checked.entry).into_iter().enumerate() {
            let missing = held.branch.filter(|branch| !there.contains(branch));
            wrong.extend(missing.map(|branch| not_found(&format!("{field}[{n}].branch"), branches, branch)));
        }
    }
    Ok(())
}

/// Whoever changes users last stays able to: nobody else could undo it.
pub async fn keeper(
    db: &impl ConnectionTrait,
    register: &'static Register,
    asking: &Asking,
    all: &mut All,
) -> Result<(), StoreError> {
    let Some(field) = has_roles(register) else { return Ok(()) };
    let keeps = |entry: &Entry| {
        let held = enter::roles(entry);
        let is_active = entry.get("active").and_then(serde_json::Value::as_bool) != Some(false);
        is_active && held.iter().any(|held| asking.roles.get(&held.role) == Some(&true))
    };
    let was = |checked: &Checked| checked.present.as_ref().is_some_and(keeps);
    if all.iter().any(|(checked, _)| keeps(&checked.entry)) || !all.iter().any(|(checked, _)| was(checked)) {
        return Ok(());
    }
    let keys = all.iter().map(|(checked, _)| checked.key());
    let roles = asking.roles.iter().filter(|(_, keeps)| **keeps).map(|(role, _)| role.as_str());
    let others = user_role::Entity::find()
        .filter(user_role::Column::Role.is_in(roles))
        .filter(user_role::Column::UserName.is_not_in(keys));
    let others = others.all(db).await?.into_iter().map(|held| held.user_name);
    let active =
        user::Entity::find().filter(user::Column::Name.is_in(others)).filter(user::Column::Active.eq(true));
    if active.count(db).await? == 0 {
        for (checked, wrong) in all.iter_mut().filter(|(checked, _)| was(checked)) {
            let is_active = checked.entry.get("active").and_then(serde_json::Value::as_bool) != Some(false);
            wrong.push(Wrong::new(if is_active { field } else { "active" }, "field-last-keeper", vec![]));
        }
    }
    Ok(())
}
