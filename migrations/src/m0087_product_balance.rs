//! What stands on an account for a product is kept, not summed: it is asked at every step, and its lines only grow.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::trigger;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("product_balance")
            .col(string("account"))
            .col(string("product"))
            // Credits less debits, in minor units.
            .col(big_integer("balance"))
            .primary_key(Index::create().col("account").col("product"));
        manager.create_table(table).await?;
        let product = match manager.get_database_backend() {
            DbBackend::Sqlite => "json_extract(details, '$.product')",
            _ => "(details::jsonb ->> 'product')",
        };
        let fill = format!(
            "INSERT INTO product_balance (account, product, balance)
             SELECT account, {product}, sum(credit - debit) FROM voucher_line WHERE {product} IS NOT NULL
             GROUP BY account, {product}"
        );
        let database = manager.get_connection();
        database.execute_unprepared(&fill).await?;
        database.execute_unprepared("DROP INDEX ix_voucher_line_product").await?;
        for (name, verb, sides) in [
            ("added", "INSERT", &["NEW"] as &[_]),
            ("removed", "DELETE", &["OLD"]),
            ("changed", "UPDATE OF account, details, debit, credit", &["OLD", "NEW"]),
        ] {
            kept(manager, name, verb, sides).await?;
        }
        Ok(())
    }
}

/// After these changes of a voucher's line its old side is taken out of the balance, its new side put in.
async fn kept(manager: &SchemaManager<'_>, name: &str, verb: &str, sides: &[&str]) -> Result<(), DbErr> {
    let moves = |dialect: fn(&str) -> String| {
        let moves = sides.iter().map(|side| {
            let (product, sign) = (dialect(side), if *side == "OLD" { "-" } else { "" });
            format!(
                "INSERT INTO product_balance (account, product, balance)
                 SELECT {side}.account, {product}, {sign}({side}.credit - {side}.debit) WHERE {product} IS NOT NULL
                 ON CONFLICT (account, product)
                 DO UPDATE SET balance = product_balance.balance + excluded.balance;"
            )
        });
        moves.collect::<String>()
    };
    let sqlite = moves(|side| format!("json_extract({side}.details, '$.product')"));
    let postgres = moves(|side| format!("({side}.details::jsonb ->> 'product')"));
    trigger::either(
        manager,
        &format!("CREATE TRIGGER product_balance_{name} AFTER {verb} ON voucher_line BEGIN {sqlite} END"),
        &format!(
            "CREATE FUNCTION product_balance_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN {postgres} RETURN NULL; END $$"
        ),
    )
    .await?;
    trigger::either(
        manager,
        "",
        &format!(
            "CREATE TRIGGER product_balance_{name} AFTER {verb} ON voucher_line
             FOR EACH ROW EXECUTE FUNCTION product_balance_{name}()"
        ),
    )
    .await
}
