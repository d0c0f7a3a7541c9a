//! Numbers without gaps.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        counter(manager).await?;
        Ok(())
    }
}

/// The last number given under a key; the row is locked by whoever takes the next.
async fn counter(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table("counter").col(text("name").primary_key()).col(big_integer("value"));
    manager.create_table(table).await?;
    Ok(())
}
