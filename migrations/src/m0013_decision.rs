//! Decisions of rules, with their reasons.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        decision(manager).await?;
        Ok(())
    }
}

/// What a rule decided, immutable; a newer one is a further row.
async fn decision(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("decision")
        .col(text("source").primary_key())
        .col(text("ticket"))
        .col(big_integer("seq"))
        .col(text("rule"))
        .col(text("fact"))
        .col(text("value"))
        .col(text("conditions"))
        .col(text("bundle"))
        .col(timestamp_with_time_zone("at"))
        .foreign_key(ForeignKey::create().from("decision", "ticket").to("ticket", "code"));
    manager.create_table(table).await?;
    index::add(manager, "decision", &["ticket"]).await?;
    Ok(())
}
