//! What an agency was vetted for, and until when a unit's maker stands for it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["region", "brands", "contract_no", "certificate", "level", "vetted_by"] {
            let mut column = text_null(column);
            manager.alter_table(Table::alter().table("agency").add_column(&mut column).to_owned()).await?;
        }
        let mut column = date_null("covered_to");
        manager.alter_table(Table::alter().table("device").add_column(&mut column).to_owned()).await?;
        index::add(manager, "device", &["product", "status", "covered_to"]).await
    }
}
