//! Tasks on people's lists.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        task(manager).await?;
        Ok(())
    }
}

/// A task.
async fn task(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("task")
        .col(text("source").primary_key())
        .col(text("ticket"))
        .col(text("title"))
        .col(text("to_kind"))
        .col(text("to_name"))
        .col(text("branch"))
        .col(timestamp_with_time_zone_null("due_at"))
        .col(text("status"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("done_at"))
        .col(text_null("done_by"))
        .foreign_key(ForeignKey::create().from("task", "ticket").to("ticket", "code"));
    manager.create_table(table).await?;
    index::add(manager, "task", &["status", "to_kind", "to_name"]).await?;
    index::add(manager, "task", &["ticket"]).await?;
    Ok(())
}
