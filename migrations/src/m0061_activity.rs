//! What people do around a ticket: notes, talk and calls, and tasks that they give each other.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::{index, trigger};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        activity(manager).await?;
        task(manager).await
    }
}

/// Something that was said or done; written once.
async fn activity(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("activity")
        .col(big_pk_auto("id"))
        .col(text("ticket"))
        .col(text("kind"))
        .col(text("text"))
        .col(text("seen_by"))
        .col(text("mentions"))
        .col(text("actor"))
        .col(timestamp_with_time_zone("at"))
        .foreign_key(ForeignKey::create().from("activity", "ticket").to("ticket", "code"));
    manager.create_table(table).await?;
    index::add(manager, "activity", &["ticket", "at"]).await?;
    let words = "what was said may not be changed";
    trigger::refuse(manager, "activity", &["update", "delete"], words).await
}

/// Tasks get an id of their own: those that people give each other come from no effect.
async fn task(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("task_by_id")
        .col(big_pk_auto("id"))
        .col(text_null("source").unique_key())
        .col(text("ticket"))
        .col(text("kind"))
        .col(text("title"))
        .col(text("to_kind"))
        .col(text("to_name"))
        .col(text("branch"))
        .col(timestamp_with_time_zone_null("due_at"))
        .col(timestamp_with_time_zone_null("remind_at"))
        .col(text("status"))
        .col(text_null("created_by"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("done_at"))
        .col(text_null("done_by"))
        .col(text_null("result"))
        .foreign_key(ForeignKey::create().from("task_by_id", "ticket").to("ticket", "code"));
    manager.create_table(table).await?;
    let copy = "INSERT INTO task_by_id (source, ticket, kind, title, to_kind, to_name, branch, due_at, status,
          created_at, done_at, done_by)
        SELECT source, ticket, 'task', title, to_kind, to_name, branch, due_at, status, created_at, done_at, done_by
        FROM task ORDER BY created_at, source";
    manager.get_connection().execute_unprepared(copy).await?;
    manager.drop_table(Table::drop().table("task").take()).await?;
    manager.rename_table(Table::rename().table("task_by_id", "task").take()).await?;
    index::add(manager, "task", &["status", "to_kind", "to_name"]).await?;
    index::add(manager, "task", &["ticket"]).await
}
