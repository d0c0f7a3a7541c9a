//! Payments on their way through a provider: begun, sent, and what became of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::{index, trigger};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("payment_order")
            .col(text("id").primary_key())
            .col(text("ticket"))
            .col(text("event"))
            .col(text("form"))
            .col(text("provider"))
            .col(text("method"))
            .col(big_integer("amount").check(Expr::col("amount").gt(0)))
            .col(text("currency"))
            .col(text("status"))
            .col(text_null("reference"))
            .col(text_null("url"))
            .col(text_null("paid_reference"))
            .col(text_null("message"))
            .col(text_null("return_to"))
            .col(text("actor"))
            .col(text("roles"))
            .col(timestamp_with_time_zone("at"))
            .col(timestamp_with_time_zone_null("settled_at"));
        manager.create_table(table).await?;
        index::unique(manager, "payment_order", &["provider", "reference"]).await?;
        index::add(manager, "payment_order", &["ticket"]).await?;
        // What has come to an end stays as it ended.
        trigger::either(
            manager,
            "CREATE TRIGGER payment_order_ends BEFORE UPDATE ON payment_order
             WHEN OLD.status IN ('paid', 'failed', 'stranded')
             BEGIN SELECT RAISE(ABORT, 'a payment that has ended may not be changed'); END",
            "CREATE FUNCTION payment_order_ends() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
               IF OLD.status IN ('paid', 'failed', 'stranded') THEN
                 RAISE EXCEPTION 'a payment that has ended may not be changed';
               END IF;
               RETURN NEW;
             END $$",
        )
        .await?;
        trigger::either(
            manager,
            "",
            "CREATE TRIGGER payment_order_ends BEFORE UPDATE ON payment_order
             FOR EACH ROW EXECUTE FUNCTION payment_order_ends()",
        )
        .await?;
        trigger::refuse(manager, "payment_order", &["delete"], "a payment may not be deleted").await
    }
}
