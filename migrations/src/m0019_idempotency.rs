//! Answers already given, by the caller's key.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        idempotency(manager).await?;
        Ok(())
    }
}

/// The answer to a request under the caller's key.
async fn idempotency(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("idempotency")
        .col(text("principal"))
        .col(text("route"))
        .col(text("key"))
        .col(text("body_hash"))
        .col(big_integer("status"))
        .col(text("answer"))
        .col(timestamp_with_time_zone("at"))
        .primary_key(Index::create().col("principal").col("route").col("key"));
    manager.create_table(table).await?;
    index::add(manager, "idempotency", &["at"]).await?;
    Ok(())
}
