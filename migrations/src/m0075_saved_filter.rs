//! Views of the board that somebody has given a name.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("saved_filter")
            .col(text("user_name"))
            .col(text("name"))
            .col(text("query"))
            .primary_key(Index::create().col("user_name").col("name"));
        manager.create_table(table).await
    }
}
