//! Users and the roles they hold. A change of roles or password ends the user's sessions at once.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::auth::caller::Held;
use crate::entity::{user, user_role};
use crate::store::StoreError;

/// Gives a user another password, as its hash.
pub async fn set_password(
    tx: &impl ConnectionTrait,
    name: &str,
    hash: String,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    user::Entity::update_many()
        .col_expr(user::Column::Password, Expr::value(hash))
        .col_expr(user::Column::UpdatedAt, Expr::value(now))
        .filter(user::Column::Name.eq(name))
        .exec(tx)
        .await?;
    Ok(())
}

/// Gives a user another hash of the same password, unless there is another password by now.
pub async fn rehash(
    tx: &impl ConnectionTrait,
    name: &str,
    before: &str,
    hash: String,
) -> Result<(), StoreError> {
    user::Entity::update_many()
        .col_expr(user::Column::Password, Expr::value(hash))
        .filter(user::Column::Name.eq(name))
        .filter(user::Column::Password.eq(before))
        .exec(tx)
        .await?;
    Ok(())
}

/// Roles of a user, by name and branch.
pub async fn roles(db: &impl ConnectionTrait, name: &str) -> Result<Vec<Held>, StoreError> {
    let rows = user_role::Entity::find()
        .filter(user_role::Column::UserName.eq(name))
        .order_by_asc(user_role::Column::Role)
        .order_by_asc(user_role::Column::Branch)
        .all(db)
        .await?;
    let held = |row: user_role::Model| Held {
        role: row.role,
        branch: Some(row.branch).filter(|one| !one.is_empty()),
    };
    Ok(rows.into_iter().map(held).collect())
}

/// The roles of these users, as they travel.
pub async fn held(db: &impl ConnectionTrait, names: &[&str]) -> Result<Vec<(String, Value)>, StoreError> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for names in names.chunks(500) {
        let rows = user_role::Entity::find()
            .filter(user_role::Column::UserName.is_in(names.iter().copied()))
            .order_by_asc(user_role::Column::Role)
            .order_by_asc(user_role::Column::Branch)
            .all(db)
            .await?;
        for row in rows {
            let told = if row.branch.is_empty() {
                json!({"role": row.role})
            } else {
                json!({"role": row.role, "branch": row.branch})
            };
            found.entry(row.user_name).or_default().push(told);
        }
    }
    Ok(found.into_iter().map(|(name, roles)| (name, Value::Array(roles))).collect())
}

/// Replaces the roles of a user.
pub async fn set_roles(tx: &impl ConnectionTrait, name: &str, roles: &[Held]) -> Result<(), StoreError> {
    user_role::Entity::delete_many().filter(user_role::Column::UserName.eq(name)).exec(tx).await?;
    let rows: Vec<_> = roles
        .iter()
        .map(|held| user_role::ActiveModel {
            user_name: Set(name.to_owned()),
            role: Set(held.role.clone()),
            branch: Set(held.branch.clone().unwrap_or_default()),
        })
        .collect();
    if !rows.is_empty() {
        user_role::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}
