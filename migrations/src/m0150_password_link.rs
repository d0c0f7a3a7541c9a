//! Links by which somebody sets a password without having one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("password_link")
            .col(text("user_name").primary_key())
            .col(text("token_hash"))
            .col(text("asked_by"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(ForeignKey::create().from("password_link", "user_name").to("user", "name"));
        manager.create_table(table).await
    }
}
