//! Whose van a warehouse is.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table("warehouse").add_column(ColumnDef::new("technician").text());
        manager.alter_table(table).await
    }
}
