//! Stores of the company and their branches.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        shop(manager).await?;
        branch(manager).await?;
        Ok(())
    }
}

/// A store: what branches belong to.
async fn shop(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("shop")
        .col(text("code").primary_key())
        .col(text("name"))
        .col(text_null("phone"))
        .col(text_null("address"))
        .col(boolean("active"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"));
    manager.create_table(table).await?;
    Ok(())
}

/// A branch of a store: where tickets are opened and staff work.
async fn branch(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("branch")
        .col(text("code").primary_key())
        .col(text("shop"))
        .col(text("number"))
        .col(text("name"))
        .col(text_null("city"))
        .col(text_null("phone"))
        .col(text_null("address"))
        .col(text_null("warehouse"))
        .col(text_null("calendar"))
        .col(boolean("active"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"))
        .foreign_key(ForeignKey::create().from("branch", "shop").to("shop", "code"));
    manager.create_table(table).await?;
    index::add(manager, "branch", &["shop"]).await?;
    Ok(())
}
