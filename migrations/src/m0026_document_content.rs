//! What stands in a document beside its charge lines: fields of the ticket as they were, and its rounding.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in
            [big_integer("rounding").default(0).to_owned(), text("fields").default("{}").to_owned()]
        {
            manager.alter_table(Table::alter().table("document").add_column(&mut column).to_owned()).await?;
        }
        Ok(())
    }
}
