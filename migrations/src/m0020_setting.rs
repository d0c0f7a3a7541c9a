//! Settings kept in the store.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        setting(manager).await?;
        Ok(())
    }
}

/// A setting by name: the current bundle, the demo clock.
async fn setting(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table("setting").col(text("name").primary_key()).col(text("value"));
    manager.create_table(table).await?;
    Ok(())
}
