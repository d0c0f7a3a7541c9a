//! Money received and paid back.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        payment(manager).await?;
        Ok(())
    }
}

/// Money received or paid back on a ticket.
async fn payment(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("payment")
        .col(text("source").primary_key())
        .col(text("ticket"))
        .col(big_integer("seq"))
        .col(text("direction"))
        .col(big_integer("amount"))
        .col(text("method"))
        .col(text_null("reference"))
        .col(text("actor"))
        .col(timestamp_with_time_zone("at"))
        .foreign_key(ForeignKey::create().from("payment", "ticket").to("ticket", "code"));
    manager.create_table(table).await?;
    index::add(manager, "payment", &["ticket"]).await?;
    Ok(())
}
