//! The vouchers that carry balances from one year into the next are few, and every report leaves them out.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let carried = "CREATE INDEX ix_voucher_carried ON voucher (reference_no) WHERE kind = 'carry'";
        manager.get_connection().execute_unprepared(carried).await.map(drop)
    }
}
