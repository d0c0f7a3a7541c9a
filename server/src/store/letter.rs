//! Letters about tickets. One that was given out is never changed: the database itself refuses.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::file::FileLine;
use super::outbox::put;
use super::read::search::hangs_within;
use super::registry::contains;
use super::{Store, StoreError};
use crate::auth::Scope;
use crate::entity::letter::{ActiveModel, Column, Entity, Model};
use crate::entity::{letter_fragment, letter_type, ticket, ticket_file};

/// Keeps a new letter as the next one of its ticket.
pub async fn add(tx: &DatabaseTransaction, row: Model) -> Result<Model, StoreError> {
    // Of two letters begun at once, one waits here for its number.
    ticket::Entity::find_by_id(&row.ticket).lock_exclusive().one(tx).await?;
    let last: Option<Option<i64>> = Entity::find()
        .select_only()
        .column_as(Column::Position.max(), "last")
        .filter(Column::Ticket.eq(&row.ticket))
        .into_tuple()
        .one(tx)
        .await?;
    let row = Model { position: last.flatten().unwrap_or(0) + 1, ..row };
    let new = ActiveModel { id: NotSet, ..row.clone().into() };
    let id = Entity::insert(new).exec(tx).await?.last_insert_id;
    Ok(Model { id, ..row })
}

/// Writes a draft anew, if it is still the one that was seen.
pub async fn change(tx: &DatabaseTransaction, seen: i64, row: &Model) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .col_expr(Column::Recipient, Expr::value(&row.recipient))
        .col_expr(Column::Subject, Expr::value(&row.subject))
        .col_expr(Column::Body, Expr::value(&row.body))
        .col_expr(Column::Source, Expr::value(&row.source))
        .col_expr(Column::SearchKey, Expr::value(&row.search_key))
        .col_expr(Column::UpdatedAt, Expr::value(row.updated_at))
        .col_expr(Column::Version, Expr::value(seen + 1))
        .filter(is_draft(row.id, seen))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// How a letter is given out.
#[derive(Clone, Debug)]
pub struct Given {
    /// `printed` or `sent`.
    pub status: String,
    pub email: Option<String>,
    pub by: String,
    pub at: DateTime<Utc>,
    /// What leaves by e-mail.
    pub message: Option<crate::entity::outbox::Model>,
}

/// Gives a draft out, if it is still the one that was seen.
pub async fn give(tx: &DatabaseTransaction, id: i64, seen: i64, given: Given) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .col_expr(Column::Status, Expr::value(given.status))
        .col_expr(Column::Email, Expr::value(given.email))
        .col_expr(Column::GivenBy, Expr::value(given.by))
        .col_expr(Column::GivenAt, Expr::value(given.at))
        .col_expr(Column::Version, Expr::value(seen + 1))
        .filter(is_draft(id, seen))
        .exec(tx)
        .await?;
    if done.rows_affected == 1
        && let Some(message) = given.message
    {
        put(tx, message).await?;
    }
    Ok(done.rows_affected == 1)
}

fn is_draft(id: i64, seen: i64) -> Condition {
    Condition::all().add(Column::Id.eq(id)).add(Column::Version.eq(seen)).add(Column::Status.eq("draft"))
}

impl Store {
    /// Letters of a ticket, in order.
    pub async fn letters_of(&self, ticket: &str) -> Result<Vec<Model>, StoreError> {
        let query = Entity::find().filter(Column::Ticket.eq(ticket)).order_by_asc(Column::Position);
        Ok(query.all(self.reader()).await?)
    }

    pub async fn letter(&self, ticket: &str, id: i64) -> Result<Option<Model>, StoreError> {
        Ok(Entity::find_by_id(id).filter(Column::Ticket.eq(ticket)).one(self.reader()).await?)
    }

    /// Letters about tickets that somebody may see, newest first. `text` is folded.
    pub async fn letters(
        &self,
        scope: &Scope,
        text: Option<&str>,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<Model>, StoreError> {
        let mut query = Entity::find().filter(hangs_within(scope, Column::Ticket));
        if let Some(text) = text {
            let found = contains(Column::SearchKey, text).or(contains(Column::Ticket, text));
            query = query.filter(found);
        }
        if let Some(before) = before {
            query = query.filter(Column::Id.lt(before));
        }
        Ok(query.order_by_desc(Column::Id).limit(limit).all(self.reader()).await?)
    }

    /// Files of tickets that somebody of the house may see, newest first, each with its ticket.
    pub async fn files_found(
        &self,
        scope: &Scope,
        text: Option<&str>,
        limit: u64,
    ) -> Result<Vec<(String, FileLine)>, StoreError> {
        use ticket_file::Column as File;
        let mut query = ticket_file::Entity::find()
            .select_only()
            .columns([File::Id, File::Kind, File::SeenBy, File::Name, File::MediaType])
            .columns([File::Size, File::Hash, File::Actor, File::At, File::Original, File::Ticket])
            .filter(hangs_within(scope, File::Ticket));
        if let Some(text) = text {
            query = query.filter(contains(File::Name, text).or(contains(File::Ticket, text)));
        }
        let query = query.order_by_desc(File::Id).limit(limit);
        let rows = query.into_model::<Found>().all(self.reader()).await?;
        Ok(rows.into_iter().map(Found::told).collect())
    }

    pub async fn letter_types(&self) -> Result<Vec<letter_type::Model>, StoreError> {
        let query = letter_type::Entity::find().filter(letter_type::Column::Active.eq(true));
        Ok(query.order_by_asc(letter_type::Column::Code).all(self.reader()).await?)
    }

    pub async fn letter_fragments(&self) -> Result<Vec<letter_fragment::Model>, StoreError> {
        let query = letter_fragment::Entity::find().filter(letter_fragment::Column::Active.eq(true));
        Ok(query.order_by_asc(letter_fragment::Column::Code).all(self.reader()).await?)
    }
}

/// A file with its ticket.
#[derive(sea_orm::FromQueryResult)]
struct Found {
    ticket: String,
    id: i64,
    kind: String,
    seen_by: String,
    name: String,
    media_type: String,
    size: i64,
    hash: String,
    actor: String,
    at: DateTime<Utc>,
    original: Option<i64>,
}

impl Found {
    fn told(self) -> (String, FileLine) {
        let Self { ticket, id, kind, seen_by, name, media_type, size, hash, actor, at, original } = self;
        (ticket, FileLine { id, kind, seen_by, name, media_type, size, hash, actor, at, original })
    }
}
