//! Agencies and partner companies.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        agency(manager).await?;
        Ok(())
    }
}

/// An agency or partner company.
async fn agency(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("agency")
        .col(text("code").primary_key())
        .col(text("name"))
        .col(text("kind"))
        .col(text("status"))
        .col(text_null("branch"))
        .col(date_null("vetted_to"))
        .col(big_integer("credit_limit"))
        .col(big_integer("labour_percent"))
        .col(text("language"))
        .col(text_null("email"))
        .col(text_null("phone"))
        .col(text_null("city"))
        .col(text_null("address"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"));
    manager.create_table(table).await?;
    Ok(())
}
