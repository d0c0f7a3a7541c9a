//! History, and what is written once with it, refuses to be changed or deleted, whoever asks.

use sea_orm_migration::prelude::*;

use crate::trigger;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table, its key, and the words of the refusal.
const WRITTEN_ONCE: &[(&str, &str, &str)] = &[
    ("ticket_event", "ticket, seq", "history may not be changed"),
    ("decision", "source", "a decision may not be changed"),
    ("payment", "source", "a payment may not be changed"),
    ("document", "source", "a document may not be changed"),
    ("stock_move", "source, warehouse", "a stock move may not be changed"),
    ("card_change", "source", "the history of a card may not be changed"),
];

/// The same for texts kept under their own hash: storing one again is no change at all.
const BY_CONTENT: &[(&str, &str, &str)] = &[
    ("fact_set", "hash", "facts of a decision may not be changed"),
    ("blob", "hash", "a deployed file may not be changed"),
    ("bundle_file", "bundle, path", "a deployed bundle may not be changed"),
    ("bundle", "hash", "a deployed bundle may not be changed"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        trigger::refusal_function(manager).await?;
        for (table, key, words) in WRITTEN_ONCE {
            trigger::refuse(manager, table, &["update", "delete"], words).await?;
            trigger::refuse_replacing(manager, table, key, &format!("RAISE(ABORT, '{words}')")).await?;
        }
        for (table, key, words) in BY_CONTENT {
            trigger::refuse(manager, table, &["update", "delete"], words).await?;
            trigger::refuse_replacing(manager, table, key, "RAISE(IGNORE)").await?;
        }
        trigger::refuse(manager, "ticket", &["delete"], "a ticket may not be deleted").await?;
        trigger::refuse_replacing(manager, "ticket", "code", "RAISE(ABORT, 'a ticket may not be replaced')")
            .await
    }
}
