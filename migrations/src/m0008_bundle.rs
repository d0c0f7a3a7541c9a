//! Deployed definition files, by their content.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        bundle(manager).await?;
        blob(manager).await?;
        bundle_file(manager).await?;
        Ok(())
    }
}

/// A set of definition files that checked clean.
async fn bundle(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("bundle")
        .col(text("hash").primary_key())
        .col(timestamp_with_time_zone("deployed_at"))
        .col(text("deployed_by"))
        .col(text_null("label"));
    manager.create_table(table).await?;
    Ok(())
}

/// The text of a definition file, kept once.
async fn blob(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table("blob").col(text("hash").primary_key()).col(text("body"));
    manager.create_table(table).await?;
    Ok(())
}

/// Which text stands under which path in a bundle.
async fn bundle_file(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("bundle_file")
        .col(text("bundle"))
        .col(text("path"))
        .col(text("blob"))
        .primary_key(Index::create().col("bundle").col("path"))
        .foreign_key(ForeignKey::create().from("bundle_file", "bundle").to("bundle", "hash"))
        .foreign_key(ForeignKey::create().from("bundle_file", "blob").to("blob", "hash"));
    manager.create_table(table).await?;
    Ok(())
}
