//! Letters: their kinds, the fragments they are put together from, and those that were written about tickets.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::{index, trigger};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What has left the house, or was printed to leave it, stays as it was.
const STANDS: &str = "a letter that was given out may not be changed";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, subject) in [("letter_type", true), ("letter_fragment", false)] {
            manager.create_table(register(name, subject)).await?;
        }
        let mut table = Table::create();
        table
            .table("letter")
            .col(big_integer("id").primary_key().auto_increment())
            .col(text("ticket"))
            .col(big_integer("position"))
            .col(text("kind"))
            .col(text("language"))
            .col(text("recipient"))
            .col(text_null("email"))
            .col(text("subject"))
            .col(text("body"))
            .col(text("source"))
            .col(text("search_key"))
            .col(text("status"))
            .col(text("actor"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(text_null("given_by"))
            .col(timestamp_with_time_zone_null("given_at"))
            .col(big_integer("version"))
            .foreign_key(ForeignKey::create().from("letter", "ticket").to("ticket", "code"));
        manager.create_table(table).await?;
        index::unique(manager, "letter", &["ticket", "position"]).await?;
        for verb in ["update", "delete"] {
            trigger::either(
                manager,
                &format!(
                    "CREATE TRIGGER letter_stands_{verb} BEFORE {verb} ON letter WHEN OLD.status <> 'draft'
                     BEGIN SELECT RAISE(ABORT, '{STANDS}'); END"
                ),
                &format!(
                    "CREATE TRIGGER letter_stands_{verb} BEFORE {verb} ON letter
                     FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION refuse_change('{STANDS}')"
                ),
            )
            .await?;
        }
        let given = "id = NEW.id AND status <> 'draft'";
        trigger::either(
            manager,
            &format!(
                "CREATE TRIGGER letter_stands_replace BEFORE INSERT ON letter
                 WHEN EXISTS (SELECT 1 FROM letter WHERE {given}) BEGIN SELECT RAISE(ABORT, '{STANDS}'); END"
            ),
            "",
        )
        .await
    }
}

/// A register's table.
fn register(name: &'static str, has_subject: bool) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name).col(text("code").primary_key()).col(text("name"));
    if has_subject {
        table.col(text("subject"));
    }
    table
        .col(text("body"))
        .col(boolean("active"))
        .col(text_null("search_key"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"));
    table
}
