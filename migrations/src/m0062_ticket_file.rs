//! Pictures and papers of a ticket.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::{index, trigger};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("ticket_file")
            .col(big_pk_auto("id"))
            .col(text("ticket"))
            .col(text("kind"))
            .col(text("seen_by"))
            .col(text("name"))
            .col(text("media_type"))
            .col(big_integer("size"))
            .col(text("hash"))
            .col(blob("body"))
            .col(blob_null("thumbnail"))
            .col(text("actor"))
            .col(text_null("agency"))
            .col(timestamp_with_time_zone("at"))
            .foreign_key(ForeignKey::create().from("ticket_file", "ticket").to("ticket", "code"));
        manager.create_table(table).await?;
        index::add(manager, "ticket_file", &["ticket"]).await?;
        trigger::refuse(
            manager,
            "ticket_file",
            &["update", "delete"],
            "a file of a ticket may not be changed",
        )
        .await
    }
}
