//! Customers who follow their tickets: their sessions, the codes that prove a phone, and the links in messages.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        visit(manager).await?;
        one_time_code(manager).await?;
        // Hash of the secret in the link that a message carries.
        let mut link = text_null("link");
        manager.alter_table(Table::alter().table("outbox").add_column(&mut link).to_owned()).await
    }
}

/// Somebody has shown to be a customer; only the hash of the secret is kept.
async fn visit(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("visit")
        .col(text("token_hash").primary_key())
        .col(text("customer"))
        .col(text_null("ticket"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("seen_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("ended_at"));
    manager.create_table(table).await?;
    index::add(manager, "visit", &["customer"]).await
}

/// A code on its way to a phone, bound to the browser that asked.
async fn one_time_code(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("one_time_code")
        .col(text("browser_hash").primary_key())
        .col(text("code_hash"))
        .col(text_null("phone"))
        .col(text_null("customer"))
        .col(text_null("ticket"))
        .col(text_null("wish"))
        .col(big_integer("tries"))
        .col(timestamp_with_time_zone("asked_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"));
    manager.create_table(table).await?;
    index::add(manager, "one_time_code", &["phone", "asked_at"]).await?;
    index::add(manager, "one_time_code", &["asked_at"]).await
}
