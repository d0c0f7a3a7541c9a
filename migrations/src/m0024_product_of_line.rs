//! The product of a voucher's line is found by an index: what is set aside for a model is asked at every step.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let product = match manager.get_database_backend() {
            DbBackend::Sqlite => "json_extract(details, '$.product')",
            _ => "(details::jsonb ->> 'product')",
        };
        let index = format!(
            "CREATE INDEX ix_voucher_line_product ON voucher_line (account, {product}, credit, debit)
             WHERE {product} IS NOT NULL"
        );
        manager.get_connection().execute_unprepared(&index).await.map(drop)
    }
}
