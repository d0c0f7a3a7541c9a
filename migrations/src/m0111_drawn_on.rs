//! Pictures that were drawn on another picture of the same ticket.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table("ticket_file").add_column(ColumnDef::new("original").big_integer().null());
        manager.alter_table(table).await
    }
}
