//! Seals over the heads of the histories and over final vouchers, made with a key that is not in the database. They are
//! written once, as what they seal.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::{index, trigger};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut seal = Table::create();
        seal.table("history_seal")
            .col(big_integer("number").primary_key())
            .col(timestamp_with_time_zone("at"))
            .col(timestamp_with_time_zone_null("complete"))
            .col(big_integer("items"))
            .col(text("digest"))
            .col(text("before"))
            .col(text("mac"));
        manager.create_table(seal).await?;
        let mut item = Table::create();
        item.table("history_seal_item")
            .col(big_integer("seal"))
            .col(text("subject"))
            .col(big_integer("revision"))
            .col(text("head"))
            .primary_key(Index::create().col("seal").col("subject"))
            .foreign_key(ForeignKey::create().from("history_seal_item", "seal").to("history_seal", "number"));
        manager.create_table(item).await?;
        index::add(manager, "history_seal_item", &["subject", "seal"]).await?;
        for (table, key) in [("history_seal", "number"), ("history_seal_item", "seal, subject")] {
            let words = "a seal may not be changed";
            trigger::refuse(manager, table, &["update", "delete"], words).await?;
            trigger::refuse_replacing(manager, table, key, &format!("RAISE(ABORT, '{words}')")).await?;
        }
        Ok(())
    }
}
