//! Papers and pictures of the registers' entries. They come and stay; when two customers become one, so do theirs.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Store, StoreError};
use crate::entity::register_file::{ActiveModel, Column, Entity, Model};

/// Keeps a file; its id, or none if the entry has as many as it may.
pub async fn keep(tx: &DatabaseTransaction, row: Model, most: u64) -> Result<Option<i64>, StoreError> {
    if Entity::find().filter(of(&row.register, &row.entry)).count(tx).await? >= most {
        return Ok(None);
    }
    let new = ActiveModel { id: NotSet, ..row.into() };
    Ok(Some(Entity::insert(new).exec(tx).await?.last_insert_id))
}

/// Gives the files of one entry to another of the same register.
pub async fn hand_over(
    tx: &impl ConnectionTrait,
    register: &str,
    from: &str,
    into: &str,
) -> Result<(), StoreError> {
    let all = Entity::update_many().col_expr(Column::Entry, Expr::value(into)).filter(of(register, from));
    all.exec(tx).await?;
    Ok(())
}

fn of(register: &str, entry: &str) -> Condition {
    Condition::all().add(Column::Register.eq(register)).add(Column::Entry.eq(entry))
}

/// What is known of a file without its bytes.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FileLine {
    pub id: i64,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub hash: String,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl Store {
    /// Files of an entry, oldest first.
    pub async fn register_files(&self, register: &str, entry: &str) -> Result<Vec<FileLine>, StoreError> {
        let files = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Name, Column::MediaType, Column::Size])
            .columns([Column::Hash, Column::Actor, Column::At])
            .filter(of(register, entry))
            .order_by_asc(Column::Id);
        Ok(files.into_model::<FileLine>().all(self.reader()).await?)
    }

    /// One file of an entry with its bytes.
    pub async fn register_file(
        &self,
        register: &str,
        entry: &str,
        id: i64,
    ) -> Result<Option<Model>, StoreError> {
        Ok(Entity::find_by_id(id).filter(of(register, entry)).one(self.reader()).await?)
    }
}
