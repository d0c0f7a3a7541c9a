//! Customers and their telephone numbers.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        customer(manager).await?;
        customer_phone(manager).await?;
        Ok(())
    }
}

/// A consumer or company.
async fn customer(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("customer")
        .col(text("code").primary_key())
        .col(text("kind"))
        .col(text("name"))
        .col(text("name_key"))
        .col(text_null("national_id"))
        .col(text_null("tax_id"))
        .col(text_null("email"))
        .col(text("language"))
        .col(text_null("province"))
        .col(text_null("city"))
        .col(text_null("address"))
        .col(text_null("postcode"))
        .col(text_null("notes"))
        .col(big_integer_null("credit_limit"))
        .col(text_null("merged_into"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"));
    manager.create_table(table).await?;
    index::add(manager, "customer", &["name_key"]).await?;
    index::add(manager, "customer", &["national_id"]).await?;
    Ok(())
}

/// A telephone number of a customer.
async fn customer_phone(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("customer_phone")
        .col(text("customer"))
        .col(text("digits"))
        .col(text("number"))
        .col(big_integer("position"))
        .primary_key(Index::create().col("customer").col("digits"))
        .foreign_key(ForeignKey::create().from("customer_phone", "customer").to("customer", "code"));
    manager.create_table(table).await?;
    index::add(manager, "customer_phone", &["digits"]).await?;
    Ok(())
}
