//! Stock that came in without a move gets one, of the kind `opening`: a balance is the sum of its moves.

use sea_orm_migration::prelude::*;

use crate::trigger;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let insert = |now: &str| {
            format!(
                "INSERT INTO stock_move (source, warehouse, part, kind, quantity, value, ticket, seq, actor, at)
                 SELECT 'opening/' || b.warehouse || '/' || b.part, b.warehouse, b.part, 'opening',
                   b.quantity - coalesce(m.quantity, 0), b.value - coalesce(m.value, 0), NULL, NULL, 'system', {now}
                 FROM stock_balance b LEFT JOIN (
                   SELECT warehouse, part, CAST(sum(quantity) AS BIGINT) AS quantity,
                     CAST(sum(value) AS BIGINT) AS value
                   FROM stock_move GROUP BY warehouse, part
                 ) m ON m.warehouse = b.warehouse AND m.part = b.part
                 WHERE b.quantity <> coalesce(m.quantity, 0) OR b.value <> coalesce(m.value, 0)"
            )
        };
        let sqlite = insert("strftime('%Y-%m-%d %H:%M:%S+00:00', 'now')");
        trigger::either(manager, &sqlite, &insert("now()")).await
    }
}
