//! Messages and calls to outside systems, and what went wrong.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        outbox(manager).await?;
        incident(manager).await?;
        Ok(())
    }
}

/// A message to deliver at least once under one id.
async fn outbox(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("outbox")
        .col(big_pk_auto("id"))
        .col(text("effect").unique_key())
        .col(text_null("ticket"))
        .col(big_integer_null("seq"))
        .col(text("channel"))
        .col(text("lane"))
        .col(text("recipient"))
        .col(text("recipient_name"))
        .col(text("message"))
        .col(text_null("language"))
        .col(text_null("subject"))
        .col(text("body"))
        .col(text("status"))
        .col(big_integer("attempt"))
        .col(text_null("claim"))
        .col(timestamp_with_time_zone_null("lease_until"))
        .col(timestamp_with_time_zone("next_at"))
        .col(text_null("last_error"))
        .col(text_null("provider_ref"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("sent_at"))
        .foreign_key(ForeignKey::create().from("outbox", "ticket").to("ticket", "code"));
    manager.create_table(table).await?;
    index::add(manager, "outbox", &["status", "next_at"]).await?;
    index::add(manager, "outbox", &["lane", "status"]).await?;
    index::add(manager, "outbox", &["ticket"]).await?;
    Ok(())
}

/// Something that a person must look at.
async fn incident(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("incident")
        .col(big_pk_auto("id"))
        .col(text("kind"))
        .col(text_null("ticket"))
        .col(text("subject"))
        .col(text("message"))
        .col(text("detail"))
        .col(text("status"))
        .col(timestamp_with_time_zone("opened_at"))
        .col(timestamp_with_time_zone_null("resolved_at"))
        .col(text_null("resolved_by"))
        .foreign_key(ForeignKey::create().from("incident", "ticket").to("ticket", "code"));
    manager.create_table(table).await?;
    index::add(manager, "incident", &["status"]).await?;
    index::add(manager, "incident", &["kind", "subject"]).await?;
    Ok(())
}
