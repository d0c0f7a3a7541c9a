//! The second factor of those who have one: the secret that their authenticator shares with us.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("second_factor")
            .col(text("user_name").primary_key())
            .col(text("secret"))
            .col(timestamp_with_time_zone_null("confirmed_at"))
            .col(big_integer("last_step"))
            .col(text("spare"))
            .foreign_key(ForeignKey::create().from("second_factor", "user_name").to("user", "name"));
        manager.create_table(table).await
    }
}
