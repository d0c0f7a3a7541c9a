//! Pictures and papers of tickets.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Store, StoreError};
use crate::auth::Scope;
use crate::entity::ticket_file::{ActiveModel, Column, Entity, Model};

/// Keeps a file; its id, or none if the ticket has as many as it may.
pub async fn keep(tx: &DatabaseTransaction, row: Model, most: u64) -> Result<Option<i64>, StoreError> {
    if Entity::find().filter(Column::Ticket.eq(&row.ticket)).count(tx).await? >= most {
        return Ok(None);
    }
    let new = ActiveModel { id: NotSet, ..row.into() };
    Ok(Some(Entity::insert(new).exec(tx).await?.last_insert_id))
}

/// What is known of a file without its bytes.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FileLine {
    pub id: i64,
    pub kind: String,
    pub seen_by: String,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub hash: String,
    pub actor: String,
    pub at: DateTime<Utc>,
    pub original: Option<i64>,
}

impl Store {
    /// Kind and name of all files of a ticket, oldest first.
    pub async fn file_kinds(&self, ticket: &str) -> Result<Vec<(String, String)>, StoreError> {
        let files = Entity::find().select_only().columns([Column::Kind, Column::Name]);
        let files = files.filter(Column::Ticket.eq(ticket)).order_by_asc(Column::Id);
        Ok(files.into_tuple().all(self.reader()).await?)
    }

    /// Files of a ticket that somebody may see, oldest first.
    pub async fn files_of(&self, ticket: &str, scope: &Scope) -> Result<Vec<FileLine>, StoreError> {
        let files = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Kind, Column::SeenBy, Column::Name, Column::MediaType])
            .columns([Column::Size, Column::Hash, Column::Actor, Column::At, Column::Original])
            .filter(Column::Ticket.eq(ticket))
            .filter(seen(scope))
            .order_by_asc(Column::Id);
        Ok(files.into_model::<FileLine>().all(self.reader()).await?)
    }

    /// The first picture of each of these tickets.
    pub async fn first_pictures(&self, tickets: &[String]) -> Result<BTreeMap<String, i64>, StoreError> {
        let pictures = Entity::find()
            .select_only()
            .column(Column::Ticket)
            .column_as(Column::Id.min(), "id")
            .filter(Column::Ticket.is_in(tickets))
            .filter(Column::MediaType.starts_with("image/"))
            .group_by(Column::Ticket);
        let found: Vec<(String, i64)> = pictures.into_tuple().all(self.reader()).await?;
        Ok(found.into_iter().collect())
    }

    /// Whether a ticket has a picture with this number.
    pub async fn is_picture(&self, ticket: &str, id: i64) -> Result<bool, StoreError> {
        let picture = Entity::find_by_id(id)
            .select_only()
            .column(Column::Id)
            .filter(Column::Ticket.eq(ticket))
            .filter(Column::MediaType.starts_with("image/"));
        Ok(picture.into_tuple::<i64>().one(self.reader()).await?.is_some())
    }

    /// One file with its bytes.
    pub async fn file(&self, ticket: &str, id: i64, scope: &Scope) -> Result<Option<Model>, StoreError> {
        let file = Entity::find_by_id(id).filter(Column::Ticket.eq(ticket)).filter(seen(scope));
        Ok(file.one(self.reader()).await?)
    }
}

/// Staff see all files of a ticket that they see; an agency what is for agencies and what it sent itself.
fn seen(scope: &Scope) -> Condition {
    match scope {
        Scope::All | Scope::Branches(_) => Condition::all(),
        Scope::Agency(code) => Condition::any().add(Column::SeenBy.ne("staff")).add(Column::Agency.eq(code)),
        Scope::Customer(_) | Scope::Nothing => Condition::all().add(Column::SeenBy.eq("customer")),
    }
}
