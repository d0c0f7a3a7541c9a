//! What technicians have been trained for, where they work and what an hour of theirs costs.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("skill")
            .col(text("code").primary_key())
            .col(text("technician"))
            .col(text("category"))
            .col(text_null("product"))
            .col(big_integer("level"))
            .col(date_null("certified_to"))
            .col(text_null("search_key"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(big_integer("version"))
            .foreign_key(ForeignKey::create().from("skill", "technician").to("user", "name"))
            .foreign_key(ForeignKey::create().from("skill", "category").to("product_category", "code"))
            .foreign_key(ForeignKey::create().from("skill", "product").to("product", "code"));
        manager.create_table(table).await?;
        index::add(manager, "skill", &["category", "technician"]).await?;
        for (name, kind) in [("territories", ColumnType::Text), ("hourly_cost", ColumnType::BigInteger)] {
            let mut table = Table::alter();
            let mut column = ColumnDef::new_with_type(name, kind);
            table.table("user").add_column(column.take());
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
