//! The words by which an entry of a register is found: folded, so that they fit however they are typed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The registers.
const REGISTERS: [&str; 13] = [
    "shop",
    "branch",
    "warehouse",
    "agency",
    "customer",
    "user",
    "product_category",
    "policy",
    "product",
    "device",
    "card",
    "part",
    "service",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for register in REGISTERS {
            let mut column = text_null("search_key");
            manager.alter_table(Table::alter().table(register).add_column(&mut column).to_owned()).await?;
            // Those that have none yet are found without looking at the others.
            let missing = format!(
                "CREATE INDEX ix_{register}_unsearched ON \"{register}\" (version) WHERE search_key IS NULL"
            );
            manager.get_connection().execute_unprepared(&missing).await?;
        }
        Ok(())
    }
}
