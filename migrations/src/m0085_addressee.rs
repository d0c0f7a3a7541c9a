//! Whom a message is for: not by what they are called, since two may be called the same.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Messages from before: the customer of the ticket, if the message went to somebody of that name.
const FILL: &str = "UPDATE outbox SET to_kind = 'customer',
     to_code = (SELECT t.customer FROM ticket t WHERE t.code = outbox.ticket)
     WHERE EXISTS (SELECT 1 FROM ticket t JOIN customer c ON c.code = t.customer
       WHERE t.code = outbox.ticket AND c.name = outbox.recipient_name)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column at a time.
        for column in ["to_kind", "to_code"] {
            let mut table = Table::alter();
            table.table("outbox").add_column(ColumnDef::new(column).text().not_null().default(""));
            manager.alter_table(table).await?;
        }
        manager.get_connection().execute_unprepared(FILL).await.map(drop)
    }
}
