//! Indexes for the board: whatever tickets are narrowed by, the newest come first without sorting.

use sea_orm_migration::prelude::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What the board narrows by, with the indexes that knew no order before.
const BY: [(&[&str], &str); 6] = [
    (&["finished", "process"], "ix_ticket_process_finished"),
    (&["product_category", "product"], "ix_ticket_product_category_product"),
    (&["technician"], "ix_ticket_technician"),
    (&["branch"], "ix_ticket_branch"),
    (&["shop"], "ix_ticket_shop"),
    (&["category"], ""),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index::add(manager, "ticket", &["opened_at", "code"]).await?;
        for (columns, old) in BY {
            for column in columns {
                index::add(manager, "ticket", &[column, "opened_at", "code"]).await?;
            }
            if !old.is_empty() {
                manager.drop_index(Index::drop().name(old).table("ticket").to_owned()).await?;
            }
        }
        Ok(())
    }
}
