//! Serialised units, the parts fitted in them, and their warranty cards.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        device(manager).await?;
        fitted_part(manager).await?;
        card(manager).await?;
        card_change(manager).await?;
        Ok(())
    }
}

/// One serialised unit.
async fn device(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("device")
        .col(text("serial").primary_key())
        .col(text("product"))
        .col(text("status"))
        .col(text_null("owner"))
        .col(text_null("parent"))
        .col(text_null("batch"))
        .col(date_null("produced_on"))
        .col(date_null("sold_on"))
        .col(date_null("installed_on"))
        .col(big_integer_null("usage"))
        .col(big_integer("repairs"))
        .col(text_null("attributes"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"))
        .foreign_key(ForeignKey::create().from("device", "product").to("product", "code"));
    manager.create_table(table).await?;
    index::add(manager, "device", &["product"]).await?;
    index::add(manager, "device", &["owner"]).await?;
    index::add(manager, "device", &["parent"]).await?;
    Ok(())
}

/// A part fitted in a device, with its own term.
async fn fitted_part(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("fitted_part")
        .col(big_pk_auto("id"))
        .col(text("device"))
        .col(text("part"))
        .col(text_null("serial"))
        .col(text_null("old_serial"))
        .col(date("fitted_on"))
        .col(date_null("removed_on"))
        .col(date_null("covered_to"))
        .col(text_null("ticket"))
        .col(text_null("source").unique_key())
        .foreign_key(ForeignKey::create().from("fitted_part", "device").to("device", "serial"));
    manager.create_table(table).await?;
    index::add(manager, "fitted_part", &["device"]).await?;
    index::add(manager, "fitted_part", &["serial"]).await?;
    Ok(())
}

/// A warranty card with its three terms.
async fn card(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("card")
        .col(text("number").primary_key())
        .col(text("device"))
        .col(text("status"))
        .col(text("kind"))
        .col(text_null("partner"))
        .col(text_null("holder"))
        .col(date("issued_on"))
        .col(date_null("sold_on"))
        .col(text_null("store"))
        .col(text_null("seller"))
        .col(text_null("invoice_no"))
        .col(boolean("stamped"))
        .col(date_null("stamped_on"))
        .col(text_null("stamped_by"))
        .col(date_null("guarantee_from"))
        .col(date_null("guarantee_to"))
        .col(date_null("warranty_from"))
        .col(date_null("warranty_to"))
        .col(date_null("commitment_from"))
        .col(date_null("commitment_to"))
        .col(date_null("extended_from"))
        .col(date_null("extended_to"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"))
        .foreign_key(ForeignKey::create().from("card", "device").to("device", "serial"));
    manager.create_table(table).await?;
    index::add(manager, "card", &["device"]).await?;
    index::add(manager, "card", &["holder"]).await?;
    Ok(())
}

/// What happened to a card, with what it was before.
async fn card_change(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("card_change")
        .col(big_pk_auto("id"))
        .col(text("card"))
        .col(text_null("ticket"))
        .col(text("source").unique_key())
        .col(text("change"))
        .col(text("reason"))
        .col(text_null("before"))
        .col(text("after"))
        .col(text("actor"))
        .col(timestamp_with_time_zone("at"))
        .foreign_key(ForeignKey::create().from("card_change", "card").to("card", "number"));
    manager.create_table(table).await?;
    index::add(manager, "card_change", &["card"]).await?;
    Ok(())
}
