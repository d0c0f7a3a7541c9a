//! Charge lines of tickets.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        charge_line(manager).await?;
        Ok(())
    }
}

/// A priced part, service, travel or fee.
async fn charge_line(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("charge_line")
        .col(text("ticket"))
        .col(big_integer("line"))
        .col(text("kind"))
        .col(text("code"))
        .col(text("description"))
        .col(text("quantity"))
        .col(big_integer("list"))
        .col(big_integer("covered"))
        .col(big_integer("net"))
        .col(big_integer("vat"))
        .col(big_integer("gross"))
        .col(big_integer("cost"))
        .col(big_integer("covered_percent"))
        .col(text("payment_class"))
        .col(text("decision"))
        .col(text("status"))
        .col(text("body"))
        .primary_key(Index::create().col("ticket").col("line"))
        .foreign_key(ForeignKey::create().from("charge_line", "ticket").to("ticket", "code"));
    manager.create_table(table).await?;
    index::add(manager, "charge_line", &["code"]).await?;
    Ok(())
}
