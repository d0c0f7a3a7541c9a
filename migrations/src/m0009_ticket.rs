//! Tickets and their history.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ticket(manager).await?;
        fact_set(manager).await?;
        ticket_event(manager).await?;
        Ok(())
    }
}

/// A running request, as its history has made it.
async fn ticket(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("ticket")
        .col(text("code").primary_key())
        .col(text("process"))
        .col(text("bundle"))
        .col(big_integer("revision"))
        .col(text("configuration"))
        .col(text("fields"))
        .col(text("decided"))
        .col(text("timers"))
        .col(text("states"))
        .col(big_integer_null("progress"))
        .col(text_null("category"))
        .col(boolean("finished"))
        .col(big_integer("lines"))
        .col(big_integer("gross"))
        .col(big_integer("paid"))
        .col(text("channel"))
        .col(text("shop"))
        .col(text("branch"))
        .col(text_null("customer"))
        .col(text_null("device"))
        .col(text_null("product"))
        .col(text_null("product_category"))
        .col(text_null("technician"))
        .col(text_null("agency"))
        .col(text_null("partner"))
        .col(timestamp_with_time_zone("opened_at"))
        .col(text("opened_by"))
        .col(timestamp_with_time_zone_null("due_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(text("head"));
    manager.create_table(table).await?;
    index::add(manager, "ticket", &["process", "finished"]).await?;
    index::add(manager, "ticket", &["customer"]).await?;
    index::add(manager, "ticket", &["device"]).await?;
    index::add(manager, "ticket", &["product_category", "product"]).await?;
    index::add(manager, "ticket", &["technician"]).await?;
    index::add(manager, "ticket", &["branch"]).await?;
    index::add(manager, "ticket", &["shop"]).await?;
    index::add(manager, "ticket", &["agency"]).await?;
    index::add(manager, "ticket", &["partner"]).await?;
    index::add(manager, "ticket", &["updated_at"]).await?;
    Ok(())
}

/// Facts from the registers that a step was decided on, kept once for the steps that saw the same.
async fn fact_set(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table("fact_set").col(text("hash").primary_key()).col(text("body"));
    manager.create_table(table).await?;
    Ok(())
}

/// A step of a ticket. Never changed, never deleted; each row's hash covers the one before.
async fn ticket_event(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("ticket_event")
        .col(text("ticket"))
        .col(big_integer("seq"))
        .col(timestamp_with_time_zone("at"))
        .col(text("actor"))
        .col(text("roles"))
        .col(text("origin"))
        .col(text("event"))
        .col(text("data"))
        .col(text("outcome"))
        .col(text("from_states"))
        .col(text("to_states"))
        .col(text("fields"))
        .col(text("trace"))
        .col(text("effects"))
        .col(text("facts"))
        .col(text("bundle"))
        .col(text("prev_hash"))
        .col(text("hash"))
        .primary_key(Index::create().col("ticket").col("seq"))
        .foreign_key(ForeignKey::create().from("ticket_event", "ticket").to("ticket", "code"));
    manager.create_table(table).await?;
    index::add(manager, "ticket_event", &["at"]).await?;
    Ok(())
}
