//! Service plans that the company sells.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("service_plan")
            .col(text("code").primary_key())
            .col(text("name"))
            .col(text_null("category"))
            .col(text_null("product"))
            .col(big_integer_null("service_months"))
            .col(big_integer_null("service_usage"))
            .col(big_integer("contract_months"))
            .col(big_integer("price"))
            .col(boolean("active"))
            .col(text_null("search_key"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(big_integer("version"))
            .foreign_key(ForeignKey::create().from("service_plan", "category").to("product_category", "code"))
            .foreign_key(ForeignKey::create().from("service_plan", "product").to("product", "code"));
        manager.create_table(table).await
    }
}
