//! Numbered documents: quotations, invoices, permits.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        document(manager).await?;
        Ok(())
    }
}

/// A numbered document.
async fn document(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("document")
        .col(text("source").primary_key())
        .col(text("ticket"))
        .col(big_integer("seq"))
        .col(text("series"))
        .col(text("counter"))
        .col(big_integer("serial"))
        .col(text("number"))
        .col(text("lines"))
        .col(big_integer("net"))
        .col(big_integer("vat"))
        .col(big_integer("gross"))
        .col(timestamp_with_time_zone_null("due_at"))
        .col(text("actor"))
        .col(timestamp_with_time_zone("at"))
        .foreign_key(ForeignKey::create().from("document", "ticket").to("ticket", "code"));
    manager.create_table(table).await?;
    index::add(manager, "document", &["ticket"]).await?;
    index::unique(manager, "document", &["counter", "serial"]).await?;
    Ok(())
}
