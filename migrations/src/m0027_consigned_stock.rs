//! Parts of ours that an agency keeps: a warehouse may be an agency's.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut agency = text_null("agency");
        manager.alter_table(Table::alter().table("warehouse").add_column(&mut agency).to_owned()).await?;
        index::add(manager, "warehouse", &["agency"]).await
    }
}
