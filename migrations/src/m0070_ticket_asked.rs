//! Agencies that were asked whether they take a ticket's job: they see the ticket from then on.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("ticket_asked")
            .col(text("ticket"))
            .col(text("agency"))
            .col(timestamp_with_time_zone("at"))
            .primary_key(Index::create().col("ticket").col("agency"))
            .foreign_key(ForeignKey::create().from("ticket_asked", "ticket").to("ticket", "code"));
        manager.create_table(table).await?;
        index::add(manager, "ticket_asked", &["agency"]).await
    }
}
