//! Attributes that goods of a category have: defined on the category.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = text_null("attributes");
        manager.alter_table(Table::alter().table("product_category").add_column(&mut column).to_owned()).await
    }
}
