//! Customers: found by phone in whatever form it is typed, never twice under one number, merged on request.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::entity::{card, customer, customer_phone, device, ticket, user};
use crate::store::{StoreError, register_file};

/// A phone number as it was given and as it is matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    pub number: String,
    /// With country code, digits only.
    pub digits: String,
}

/// The customer under this code.
pub async fn one(db: &impl ConnectionTrait, code: &str) -> Result<Option<customer::Model>, StoreError> {
    Ok(customer::Entity::find_by_id(code).one(db).await?)
}

/// A customer's numbers, the first one first.
pub async fn phones(db: &impl ConnectionTrait, code: &str) -> Result<Vec<Phone>, StoreError> {
    let rows = customer_phone::Entity::find()
        .filter(customer_phone::Column::Customer.eq(code))
        .order_by_asc(customer_phone::Column::Position)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| Phone { number: row.number, digits: row.digits }).collect())
}

/// Replaces a customer's numbers.
pub async fn set_phones(tx: &impl ConnectionTrait, code: &str, phones: &[Phone]) -> Result<(), StoreError> {
    customer_phone::Entity::delete_many().filter(customer_phone::Column::Customer.eq(code)).exec(tx).await?;
    let rows = phones.iter().zip(0_i64..).map(|(phone, position)| customer_phone::ActiveModel {
        customer: Set(code.to_owned()),
        digits: Set(phone.digits.clone()),
        number: Set(phone.number.clone()),
        position: Set(position),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        customer_phone::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The numbers of these customers, as lists of what was given, the first one first.
pub async fn numbers(db: &impl ConnectionTrait, codes: &[&str]) -> Result<Vec<(String, Value)>, StoreError> {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for codes in codes.chunks(500) {
        let rows = customer_phone::Entity::find()
            .filter(customer_phone::Column::Customer.is_in(codes.iter().copied()))
            .order_by_asc(customer_phone::Column::Position)
            .all(db)
            .await?;
        for row in rows {
            found.entry(row.customer).or_default().push(Value::String(row.number));
        }
    }
    Ok(found.into_iter().map(|(code, numbers)| (code, Value::Array(numbers))).collect())
}

/// Whose these numbers and national ids are, merged customers left out.
pub async fn owners(
    db: &impl ConnectionTrait,
    digits: &[&str],
    ids: &[&str],
) -> Result<HashMap<String, String>, StoreError> {
    let (mut found, mut codes) = (Vec::new(), Vec::new());
    for digits in digits.chunks(500) {
        let query = customer_phone::Entity::find()
            .filter(customer_phone::Column::Digits.is_in(digits.iter().copied()));
        found.extend(query.all(db).await?.into_iter().map(|row| (row.digits, row.customer)));
    }
    for ids in ids.chunks(500) {
        let query = customer::Entity::find().filter(customer::Column::NationalId.is_in(ids.iter().copied()));
        let rows = query.all(db).await?.into_iter().filter(|row| row.merged_into.is_none());
        codes.extend(rows.filter_map(|row| Some((row.national_id?, row.code))));
    }
    let holders: Vec<&str> = found.iter().map(|(_, code)| code.as_str()).collect();
    let mut merged = HashSet::new();
    for holders in holders.chunks(500) {
        let query = customer::Entity::find()
            .filter(customer::Column::Code.is_in(holders.iter().copied()))
            .filter(customer::Column::MergedInto.is_not_null());
        merged.extend(query.all(db).await?.into_iter().map(|row| row.code));
    }
    found.retain(|(_, code)| !merged.contains(code));
    Ok(found.into_iter().chain(codes).collect())
}

/// Both customers as they are now. Nobody else merges either of them until the transaction ends.
pub async fn hold(
    tx: &DatabaseTransaction,
    from: &str,
    into: &str,
) -> Result<[Option<customer::Model>; 2], StoreError> {
    // Where rows cannot be locked there is one writer anyway.
    let both = customer::Entity::find()
        .filter(customer::Column::Code.is_in([from, into]))
        .order_by_asc(customer::Column::Code)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok([from, into].map(|code| both.iter().find(|row| row.code == code).cloned()))
}

/// The cards that a customer holds.
pub async fn cards(tx: &impl ConnectionTrait, code: &str) -> Result<Vec<card::Model>, StoreError> {
    Ok(card::Entity::find().filter(card::Column::Holder.eq(code)).all(tx).await?)
}

/// Makes one customer out of two: what belonged to `from` belongs to `into`, and `from` says where it went.
/// History and vouchers keep the name under which they were written; whoever asks the books for `into` gets both.
pub async fn merge(
    tx: &impl ConnectionTrait,
    from: &customer::Model,
    into: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut kept = phones(tx, into).await?;
    for phone in phones(tx, &from.code).await? {
        if !kept.iter().any(|one| one.digits == phone.digits) {
            kept.push(phone);
        }
    }
    set_phones(tx, &from.code, &[]).await?;
    set_phones(tx, into, &kept).await?;
    let (old, new) = (from.code.as_str(), Expr::value(into));
    device::Entity::update_many()
        .col_expr(device::Column::Owner, new.clone())
        .col_expr(device::Column::Version, Expr::col(device::Column::Version).add(1))
        .col_expr(device::Column::UpdatedAt, Expr::value(now))
        .filter(device::Column::Owner.eq(old))
        .exec(tx)
        .await?;
    card::Entity::update_many()
        .col_expr(card::Column::Holder, new.clone())
        .col_expr(card::Column::Version, Expr::col(card::Column::Version).add(1))
        .col_expr(card::Column::UpdatedAt, Expr::value(now))
        .filter(card::Column::Holder.eq(old))
        .exec(tx)
        .await?;
    ticket::Entity::update_many()
        .col_expr(ticket::Column::Customer, new.clone())
        .filter(ticket::Column::Customer.eq(old))
        .exec(tx)
        .await?;
    user::Entity::update_many()
        .col_expr(user::Column::Customer, new.clone())
        .filter(user::Column::Customer.eq(old))
        .exec(tx)
        .await?;
    register_file::hand_over(tx, "customers", old, into).await?;
    // Whoever had become part of `from` is part of `into` now, so that nobody has to follow a chain.
    customer::Entity::update_many()
        .col_expr(customer::Column::MergedInto, new.clone())
        .filter(customer::Column::MergedInto.eq(old))
        .exec(tx)
        .await?;
    customer::Entity::update_many()
        .col_expr(customer::Column::MergedInto, new)
        .col_expr(customer::Column::UpdatedAt, Expr::value(now))
        .col_expr(customer::Column::Version, Expr::value(from.version + 1))
        .filter(customer::Column::Code.eq(old))
        .exec(tx)
        .await?;
    Ok(())
}
