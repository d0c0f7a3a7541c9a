//! Indexes that also know the process and the branch: whoever narrows by two things walks through the index of one and
//! asks it about the other, and reads only the tickets that are shown. A customer's and a device's tickets come in order.

use sea_orm_migration::prelude::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "ticket";
/// What tickets are narrowed by, alone and within a column of the board, with what its indexes know besides.
const BY: [(&str, &[&str]); 5] = [
    ("technician", &["process", "branch"]),
    ("product_category", &["process", "branch"]),
    ("shop", &["process", "branch"]),
    ("process", &["branch"]),
    ("branch", &["process"]),
];
/// Who has few tickets; all of them are looked at.
const FEW: [(&str, &[&str]); 2] = [("customer", &["category", "process", "branch"]), ("device", &[])];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (column, besides) in BY {
            let alone = [column, "opened_at", "code"];
            let within = ["category", column, "opened_at", "code"];
            for narrow in [&alone[..], &within[..]] {
                index::add(manager, TABLE, &[narrow, besides].concat()).await?;
                index::drop(manager, TABLE, narrow).await?;
            }
        }
        for (column, besides) in FEW {
            index::add(manager, TABLE, &[&[column, "opened_at", "code"], besides].concat()).await?;
            index::drop(manager, TABLE, &[column]).await?;
        }
        Ok(())
    }
}
