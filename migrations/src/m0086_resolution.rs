//! What a person did about an incident that nothing can do again.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table("incident").add_column(ColumnDef::new("resolution").text());
        manager.alter_table(table).await
    }
}
