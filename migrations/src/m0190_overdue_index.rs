//! The index of what is not finished also knows whose it is and of which process and branch: somebody's overdue requests
//! are found without reading all that are open.

use sea_orm_migration::prelude::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "ticket";
const OPEN: [&str; 5] = ["finished", "opened_at", "code", "due_at", "category"];
const BESIDES: [&str; 4] = ["technician", "process", "branch", "updated_at"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index::add(manager, TABLE, &[&OPEN[..], &BESIDES].concat()).await?;
        index::drop(manager, TABLE, &OPEN).await
    }
}
