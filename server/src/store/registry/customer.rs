//! Customers: found by phone in whatever form it is typed, never twice under one number, merged on request.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{card, customer, customer_phone, device, ticket, user};
use crate::store::StoreError;

/// A phone number as it was given and as it is matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    pub number: String,
    /// With country code, digits only.
    pub digits: String,
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

/// Codes of the customers, merged ones left out, who have one of these numbers or this national id.
pub async fn same(
    db: &impl ConnectionTrait,
    digits: &[String],
    national_id: Option<&str>,
    except: &str,
) -> Result<Vec<String>, StoreError> {
    let mut codes: Vec<String> = customer_phone::Entity::find()
        .filter(customer_phone::Column::Digits.is_in(digits))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.customer)
        .collect();
    if let Some(id) = national_id {
        let rows = customer::Entity::find().filter(customer::Column::NationalId.eq(id)).all(db).await?;
        codes.extend(rows.into_iter().map(|row| row.code));
    }
    let rows = customer::Entity::find()
        .filter(customer::Column::Code.is_in(codes))
        .filter(customer::Column::Code.ne(except))
        .filter(customer::Column::MergedInto.is_null())
        .order_by_asc(customer::Column::Code)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.code).collect())
}

/// Makes one customer out of two: what belonged to `from` belongs to `into`, and `from` says where it went.
/// History keeps the name under which it was written.
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
        .filter(device::Column::Owner.eq(old))
        .exec(tx)
        .await?;
    card::Entity::update_many()
        .col_expr(card::Column::Holder, new.clone())
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
    customer::Entity::update_many()
        .col_expr(customer::Column::MergedInto, new)
        .col_expr(customer::Column::UpdatedAt, Expr::value(now))
        .col_expr(customer::Column::Version, Expr::value(from.version + 1))
        .filter(customer::Column::Code.eq(old))
        .exec(tx)
        .await?;
    Ok(())
}
