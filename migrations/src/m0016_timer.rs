//! Armed timers and deadlines.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        timer(manager).await?;
        Ok(())
    }
}

/// A moment at which an event comes to a ticket.
async fn timer(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("timer")
        .col(text("ticket"))
        .col(text("name"))
        .col(text("event"))
        .col(text("data"))
        .col(timestamp_with_time_zone_null("due_at"))
        .col(text("within"))
        .col(text("state"))
        .col(big_integer_null("left_ms"))
        .col(text("set_by"))
        .col(timestamp_with_time_zone_null("fired_at"))
        .col(big_integer("tries"))
        .col(text_null("claim"))
        .col(timestamp_with_time_zone_null("lease_until"))
        .primary_key(Index::create().col("ticket").col("name"))
        .foreign_key(ForeignKey::create().from("timer", "ticket").to("ticket", "code"));
    manager.create_table(table).await?;
    index::add(manager, "timer", &["state", "due_at"]).await?;
    Ok(())
}
