//! Product coding and warranty policies.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        product_category(manager).await?;
        policy(manager).await?;
        product(manager).await?;
        Ok(())
    }
}

/// A group of models, in a tree.
async fn product_category(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("product_category")
        .col(text("code").primary_key())
        .col(text_null("parent"))
        .col(text("name"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"));
    manager.create_table(table).await?;
    Ok(())
}

/// A warranty policy.
async fn policy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("policy")
        .col(text("code").primary_key())
        .col(text("name"))
        .col(text("terms"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"));
    manager.create_table(table).await?;
    Ok(())
}

/// A model.
async fn product(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("product")
        .col(text("code").primary_key())
        .col(text("category"))
        .col(text("name"))
        .col(text_null("brand"))
        .col(big_integer("price"))
        .col(text("hazard"))
        .col(text_null("policy"))
        .col(text_null("serial_prefix"))
        .col(text_null("serial_suffix"))
        .col(big_integer_null("serial_width"))
        .col(text_null("attributes"))
        .col(boolean("active"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"))
        .foreign_key(ForeignKey::create().from("product", "category").to("product_category", "code"))
        .foreign_key(ForeignKey::create().from("product", "policy").to("policy", "code"));
    manager.create_table(table).await?;
    index::add(manager, "product", &["category"]).await?;
    Ok(())
}
