//! Tickets that open others: who opened whom, and who waits.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [text_null("parent"), big_integer("children").default(0).take()] {
            let mut alter = Table::alter();
            alter.table("ticket").add_column(column);
            manager.alter_table(alter).await?;
        }
        let mut table = Table::create();
        table
            .table("ticket_link")
            .col(text("source").primary_key())
            .col(text("parent"))
            .col(text_null("child").unique_key())
            .col(text_null("invoke"))
            .col(text_null("link"))
            .col(text("process"))
            .col(text("state"))
            .col(text("why"))
            .col(timestamp_with_time_zone("at"))
            .foreign_key(ForeignKey::create().from("ticket_link", "parent").to("ticket", "code"))
            .foreign_key(ForeignKey::create().from("ticket_link", "child").to("ticket", "code"));
        manager.create_table(table).await?;
        index::add(manager, "ticket_link", &["parent", "invoke"]).await
    }
}
