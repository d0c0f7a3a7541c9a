//! Categories of goods as those ask who must know what their goods are.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, Statement};

use super::within;
use crate::register::attributes::Attributes;
use crate::store::StoreError;

/// The attributes of all categories: there are few of them.
pub async fn attributes(db: &impl ConnectionTrait) -> Result<Attributes, StoreError> {
    let sql = "SELECT code, parent, attributes FROM product_category";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let mut read = Vec::with_capacity(rows.len());
    for row in rows {
        read.push((row.try_get("", "code")?, row.try_get("", "parent")?, row.try_get("", "attributes")?));
    }
    Ok(Attributes::new(read.into_iter()))
}

/// Categories of these models, by the model's code.
pub async fn of_products(
    db: &impl ConnectionTrait,
    codes: &[&str],
) -> Result<HashMap<String, String>, StoreError> {
    let mut found = HashMap::new();
    for codes in codes.chunks(500) {
        let sql = "SELECT code, category FROM product WHERE code IN ".to_owned();
        for row in db.query_all_raw(within(db, sql, codes)).await? {
            found.insert(row.try_get("", "code")?, row.try_get("", "category")?);
        }
    }
    Ok(found)
}
