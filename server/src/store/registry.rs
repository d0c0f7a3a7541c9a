//! The registers: stores, branches, people, products, devices, parts.
//!
//! What all of them share is here: pages by key, one by key, add, change under a version, take out. What is
//! special about one (phones of customers, roles of users, sessions) has a file of its own.

pub mod card;
pub mod customer;
pub mod session;
pub mod user;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PrimaryKeyTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::StoreError;
use crate::entity;

/// A table with a text key, searchable columns and a version that grows with each change.
pub trait Register: EntityTrait<PrimaryKey: PrimaryKeyTrait<ValueType = String>> {
    const KEY: Self::Column;
    const VERSION: Self::Column;
    const CREATED: Self::Column;
    const UPDATED: Self::Column;
    const SEARCHED: &'static [Self::Column];
    /// Columns that steps and other doors write: an edit of the entry leaves them as they are.
    const KEPT: &'static [Self::Column];
}

/// A register whose rows can be written as a whole.
pub trait Editable: Register<Model: IntoActiveModel<Self::ActiveModel>, ActiveModel: Send> {}

impl<E: Register<Model: IntoActiveModel<Self::ActiveModel>, ActiveModel: Send>> Editable for E {}

/// A row of a register.
pub type Row<E> = <E as EntityTrait>::Model;

macro_rules! registers {
    ($($table:ident by $key:ident searched in $($searched:ident),+ $(=> keeps $($kept:ident),+)?;)+) => {
        $(impl Register for entity::$table::Entity {
            const KEY: Self::Column = entity::$table::Column::$key;
            const VERSION: Self::Column = entity::$table::Column::Version;
            const CREATED: Self::Column = entity::$table::Column::CreatedAt;
            const UPDATED: Self::Column = entity::$table::Column::UpdatedAt;
            const SEARCHED: &'static [Self::Column] = &[$(entity::$table::Column::$searched),+];
            const KEPT: &'static [Self::Column] = &[$($(entity::$table::Column::$kept),+)?];
        })+
    };
}

registers! {
    agency by Code searched in Code, Name, City;
    branch by Code searched in Code, Name, City;
    card by Number searched in Number, Device => keeps Store, StampedOn, StampedBy;
    customer by Code searched in Code, NameKey, NationalId => keeps MergedInto;
    device by Serial searched in Serial, Product => keeps Repairs, Attributes;
    part by Code searched in Code, Name;
    policy by Code searched in Code, Name;
    product by Code searched in Code, Name, Brand => keeps Attributes;
    product_category by Code searched in Code, Name;
    service by Code searched in Code, Name;
    shop by Code searched in Code, Name;
    user by Name searched in Name, FullName => keeps Password;
    warehouse by Code searched in Code, Name;
}

/// A piece of a register in the order of its keys.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// Part of a searchable column.
    pub search: Option<String>,
    /// Last key of the piece before.
    pub after: Option<String>,
    pub limit: u64,
}

/// Rows after a key, at most `limit`.
pub async fn page<E: Register>(
    db: &impl ConnectionTrait,
    window: &Window,
) -> Result<Vec<E::Model>, StoreError> {
    let mut query = E::find().order_by_asc(E::KEY).limit(window.limit);
    if let Some(after) = &window.after {
        query = query.filter(E::KEY.gt(after));
    }
    if let Some(search) = window.search.as_deref().filter(|search| !search.trim().is_empty()) {
        let any = E::SEARCHED.iter().fold(Condition::any(), |any, column| any.add(contains(*column, search)));
        query = query.filter(any);
    }
    Ok(query.all(db).await?)
}

/// Whether a column contains a text, whatever the case of its letters.
pub fn contains<C: ColumnTrait>(column: C, text: &str) -> Expr {
    let escaped: String = text
        .trim()
        .to_lowercase()
        .chars()
        .flat_map(|letter| {
            let escape = matches!(letter, '%' | '_' | '\\').then_some('\\');
            escape.into_iter().chain([letter])
        })
        .collect();
    Expr::expr(Func::lower(Expr::col(column.as_column_ref())))
        .like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}

/// The row with this key.
pub async fn one<E: Register>(db: &impl ConnectionTrait, key: &str) -> Result<Option<E::Model>, StoreError> {
    Ok(E::find_by_id(key.to_owned()).one(db).await?)
}

/// Adds a row as version 1. A key that is taken is [`StoreError::is_duplicate`].
pub async fn add<E>(tx: &impl ConnectionTrait, row: E::Model, now: DateTime<Utc>) -> Result<(), StoreError>
where
    E: Register<Model: IntoActiveModel<E::ActiveModel>, ActiveModel: Send>,
{
    let mut row = row.into_active_model().reset_all();
    row.set(E::CREATED, now.into());
    row.set(E::UPDATED, now.into());
    row.set(E::VERSION, 1_i64.into());
    E::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Changes the row with this key if it still has this version. False: it has not, or there is no such row.
pub async fn change<E>(
    tx: &impl ConnectionTrait,
    key: &str,
    version: i64,
    row: E::Model,
    now: DateTime<Utc>,
) -> Result<bool, StoreError>
where
    E: Register<Model: IntoActiveModel<E::ActiveModel>>,
{
    let mut row = row.into_active_model().reset_all();
    for kept in E::KEPT {
        row.not_set(*kept);
    }
    row.not_set(E::CREATED);
    row.set(E::UPDATED, now.into());
    row.set(E::VERSION, (version + 1).into());
    let query = E::update_many().set(row).filter(E::KEY.eq(key)).filter(E::VERSION.eq(version));
    Ok(query.exec(tx).await?.rows_affected == 1)
}

/// Takes the row out if it still has this version. What is still referred to cannot be taken out.
pub async fn remove<E: Register>(
    tx: &impl ConnectionTrait,
    key: &str,
    version: i64,
) -> Result<bool, StoreError> {
    let query = E::delete_many().filter(E::KEY.eq(key)).filter(E::VERSION.eq(version));
    Ok(query.exec(tx).await?.rows_affected == 1)
}
