//! Parts, warehouses, stock and services.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        part(manager).await?;
        warehouse(manager).await?;
        stock_balance(manager).await?;
        stock_move(manager).await?;
        service(manager).await?;
        Ok(())
    }
}

/// A spare part.
async fn part(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("part")
        .col(text("code").primary_key())
        .col(text("name"))
        .col(boolean("oem"))
        .col(big_integer("price"))
        .col(big_integer_null("agency_price"))
        .col(text("unit"))
        .col(big_integer("min_level"))
        .col(boolean("active"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"));
    manager.create_table(table).await?;
    Ok(())
}

/// A place where parts are kept.
async fn warehouse(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("warehouse")
        .col(text("code").primary_key())
        .col(text_null("branch"))
        .col(text("name"))
        .col(text("kind"))
        .col(boolean("active"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"));
    manager.create_table(table).await?;
    Ok(())
}

/// What a warehouse holds of a part, and its value: together the moving average.
async fn stock_balance(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("stock_balance")
        .col(text("warehouse"))
        .col(text("part"))
        .col(big_integer("quantity").check(Expr::col("quantity").gte(0)))
        .col(big_integer("value"))
        .col(big_integer("version"))
        .primary_key(Index::create().col("warehouse").col("part"))
        .foreign_key(ForeignKey::create().from("stock_balance", "warehouse").to("warehouse", "code"))
        .foreign_key(ForeignKey::create().from("stock_balance", "part").to("part", "code"));
    manager.create_table(table).await?;
    index::add(manager, "stock_balance", &["part"]).await?;
    Ok(())
}

/// A movement of a part. Never changed, never deleted.
async fn stock_move(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("stock_move")
        .col(text("source"))
        .col(text("warehouse"))
        .col(text("part"))
        .col(text("kind"))
        .col(big_integer("quantity"))
        .col(big_integer("value"))
        .col(text_null("ticket"))
        .col(big_integer_null("seq"))
        .col(text("actor"))
        .col(timestamp_with_time_zone("at"))
        .primary_key(Index::create().col("source").col("warehouse"))
        .foreign_key(ForeignKey::create().from("stock_move", "warehouse").to("warehouse", "code"))
        .foreign_key(ForeignKey::create().from("stock_move", "part").to("part", "code"));
    manager.create_table(table).await?;
    index::add(manager, "stock_move", &["part"]).await?;
    index::add(manager, "stock_move", &["ticket"]).await?;
    Ok(())
}

/// A service with its tariff.
async fn service(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("service")
        .col(text("code").primary_key())
        .col(text("name"))
        .col(text("kind"))
        .col(text("hours"))
        .col(big_integer("price"))
        .col(boolean("active"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"));
    manager.create_table(table).await?;
    Ok(())
}
