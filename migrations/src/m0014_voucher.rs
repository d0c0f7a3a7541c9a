//! Accounting vouchers.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        voucher(manager).await?;
        voucher_line(manager).await?;
        Ok(())
    }
}

/// A voucher: draft, reviewed, final, reversed.
async fn voucher(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("voucher")
        .col(big_integer("reference_no").primary_key())
        .col(text("source"))
        .col(text("event"))
        .col(text("template"))
        .col(date("date"))
        .col(text("fiscal_year"))
        .col(text("currency"))
        .col(text("status"))
        .col(big_integer_null("voucher_no"))
        .col(text("kind"))
        .col(text("text"))
        .col(text("detail"))
        .col(text_null("ticket"))
        .col(big_integer_null("reverses"))
        .col(big_integer_null("reversed_by"))
        .col(big_integer("total"))
        .col(text("prepared_by"))
        .col(timestamp_with_time_zone("prepared_at"))
        .col(text_null("reviewed_by"))
        .col(timestamp_with_time_zone_null("reviewed_at"))
        .col(text_null("finalised_by"))
        .col(timestamp_with_time_zone_null("finalised_at"));
    manager.create_table(table).await?;
    index::unique(manager, "voucher", &["source", "event", "template"]).await?;
    index::unique(manager, "voucher", &["fiscal_year", "voucher_no"]).await?;
    index::add(manager, "voucher", &["ticket"]).await?;
    index::add(manager, "voucher", &["status", "date"]).await?;
    Ok(())
}

/// A line of a voucher: debit or credit.
async fn voucher_line(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("voucher_line")
        .col(big_integer("voucher"))
        .col(big_integer("line"))
        .col(text("account"))
        .col(boolean("memo"))
        .col(text_null("party_kind"))
        .col(text_null("party"))
        .col(text("details"))
        .col(text("text"))
        .col(text("explanation"))
        .col(big_integer("debit").check(Expr::col("debit").gte(0)))
        .col(big_integer("credit").check(Expr::col("credit").gte(0)))
        .col(text("currency"))
        .check(Expr::cust("(debit = 0) <> (credit = 0)"))
        .primary_key(Index::create().col("voucher").col("line"))
        .foreign_key(ForeignKey::create().from("voucher_line", "voucher").to("voucher", "reference_no"));
    manager.create_table(table).await?;
    index::add(manager, "voucher_line", &["party_kind", "party", "account"]).await?;
    index::add(manager, "voucher_line", &["account"]).await?;
    Ok(())
}
