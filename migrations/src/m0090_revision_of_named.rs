//! Categories count as registers that were read, and so does taking out what others name: whoever has looked at
//! them knows by one number whether it must look again.

use sea_orm_migration::prelude::*;

use crate::m0025_register_revision::counted;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables and changes of them.
const NAMED: [(&str, &str, &str); 6] = [
    ("product_category", "insert", "INSERT"),
    ("product_category", "update", "UPDATE"),
    ("product_category", "delete", "DELETE"),
    ("shop", "delete", "DELETE"),
    ("device", "delete", "DELETE"),
    ("card", "delete", "DELETE"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name, verb) in NAMED {
            counted(manager, table, name, verb).await?;
        }
        Ok(())
    }
}
