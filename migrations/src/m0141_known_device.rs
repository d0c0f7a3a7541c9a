//! Browsers and programs from which somebody has signed in, so that a new one is told to its owner.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("known_device")
            .col(text("user_name"))
            .col(text("device_hash"))
            .col(timestamp_with_time_zone("first_at"))
            .col(timestamp_with_time_zone("seen_at"))
            .primary_key(Index::create().col("user_name").col("device_hash"))
            .foreign_key(ForeignKey::create().from("known_device", "user_name").to("user", "name"));
        manager.create_table(table).await
    }
}
