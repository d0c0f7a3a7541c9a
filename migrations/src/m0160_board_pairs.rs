//! Indexes for the board's columns together with a filter: however few tickets fit both, they are found without walking
//! through all of a column. What is overdue is read from the index alone.

use sea_orm_migration::prelude::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What the board narrows a column by. The column comes first: alone, each of these has an index of its own.
const BY: [&str; 5] = ["technician", "process", "product_category", "shop", "branch"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in BY {
            index::add(manager, "ticket", &["category", column, "opened_at", "code"]).await?;
        }
        index::add(manager, "ticket", &["finished", "opened_at", "code", "due_at", "category"]).await?;
        let old = Index::drop().name("ix_ticket_finished_opened_at_code").table("ticket").to_owned();
        manager.drop_index(old).await
    }
}
