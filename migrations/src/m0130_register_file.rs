//! Papers and pictures of the registers' entries: a customer's contract, a model's manual, a device's invoice.

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
            .table("register_file")
            .col(big_pk_auto("id"))
            .col(text("register"))
            .col(text("entry"))
            .col(text("name"))
            .col(text("media_type"))
            .col(big_integer("size"))
            .col(text("hash"))
            .col(blob("body"))
            .col(blob_null("thumbnail"))
            .col(text("actor"))
            .col(timestamp_with_time_zone("at"));
        manager.create_table(table).await?;
        index::add(manager, "register_file", &["register", "entry"]).await
    }
}
