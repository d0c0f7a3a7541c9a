//! Which files came into the registers, and what they did there.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};

use crate::entity::import;
use crate::store::{Store, StoreError};

/// A file that came in.
#[derive(Clone, Debug)]
pub struct Import<'a> {
    pub register: &'a str,
    pub file: &'a str,
    pub hash: &'a str,
    pub lines: u64,
    pub added: u64,
    pub changed: u64,
    pub actor: &'a str,
    pub at: DateTime<Utc>,
}

/// The number that every change of a register moves on by which others may have been checked.
pub async fn revision(db: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let asked = Statement::from_string(db.get_database_backend(), "SELECT revision FROM register_revision");
    let row = db.query_one_raw(asked).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// Keeps it for good.
pub async fn keep(tx: &impl ConnectionTrait, one: &Import<'_>) -> Result<(), StoreError> {
    let count = |number: u64| Set(i64::try_from(number).unwrap_or(i64::MAX));
    let row = import::ActiveModel {
        register: Set(one.register.to_owned()),
        file: Set(one.file.to_owned()),
        hash: Set(one.hash.to_owned()),
        lines: count(one.lines),
        added: count(one.added),
        changed: count(one.changed),
        actor: Set(one.actor.to_owned()),
        at: Set(one.at),
        ..Default::default()
    };
    import::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

impl Store {
    /// The newest ones, of one register or of all, before one of them.
    pub async fn imports(
        &self,
        register: Option<&str>,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<import::Model>, StoreError> {
        let mut query = import::Entity::find().order_by_desc(import::Column::Id).limit(limit);
        if let Some(register) = register {
            query = query.filter(import::Column::Register.eq(register));
        }
        if let Some(before) = before {
            query = query.filter(import::Column::Id.lt(before));
        }
        Ok(query.all(self.reader()).await?)
    }
}
