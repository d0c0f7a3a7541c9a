//! Each voucher line carries its voucher's day, and one index holds all that balances are made of: a trial balance
//! over a million lines reads nothing else. The day cannot differ from the voucher's: triggers see to it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::{index, trigger};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        trigger::either(
            manager,
            "DROP TRIGGER voucher_line_update",
            "ALTER TABLE voucher_line DISABLE TRIGGER USER",
        )
        .await?;
        let date = Table::alter().table("voucher_line").add_column(date_null("date")).take();
        manager.alter_table(date).await?;
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE voucher_line SET date = (SELECT date FROM voucher WHERE reference_no = voucher_line.voucher)",
            )
            .await?;
        for statement in SQLITE {
            trigger::either(manager, statement, "").await?;
        }
        for statement in POSTGRES {
            trigger::either(manager, "", statement).await?;
        }
        // The wider one begins with the same column.
        manager.get_connection().execute_unprepared("DROP INDEX ix_voucher_line_account").await?;
        index::add(manager, "voucher_line", &["account", "date", "voucher", "debit", "credit"]).await?;
        index::add(manager, "voucher", &["date", "reference_no"]).await?;
        let closing = "CREATE INDEX ix_voucher_closing ON voucher (reference_no) WHERE kind = 'closing'";
        manager.get_connection().execute_unprepared(closing).await?;
        Ok(())
    }
}

const SQLITE: &[&str] = &[
    "CREATE TRIGGER voucher_line_update BEFORE UPDATE ON voucher_line
     WHEN NOT EXISTS (SELECT 1 FROM voucher WHERE reference_no = NEW.voucher AND status = 'draft' AND date = NEW.date)
       OR coalesce((SELECT status FROM voucher WHERE reference_no = OLD.voucher), '') <> 'draft'
     BEGIN SELECT RAISE(ABORT, 'lines of a posted voucher may not be changed'); END",
    "DROP TRIGGER voucher_line_insert",
    "CREATE TRIGGER voucher_line_insert BEFORE INSERT ON voucher_line
     WHEN NOT EXISTS (SELECT 1 FROM voucher WHERE reference_no = NEW.voucher AND status = 'draft' AND date = NEW.date)
     BEGIN SELECT RAISE(ABORT, 'lines of a posted voucher may not be changed'); END",
    "CREATE TRIGGER voucher_day_moves AFTER UPDATE OF date ON voucher WHEN NEW.date <> OLD.date
     BEGIN UPDATE voucher_line SET date = NEW.date WHERE voucher = NEW.reference_no; END",
];

const POSTGRES: &[&str] = &[
    "ALTER TABLE voucher_line ALTER COLUMN date SET NOT NULL",
    "ALTER TABLE voucher_line ENABLE TRIGGER USER",
    "CREATE OR REPLACE FUNCTION voucher_line_stands() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF TG_OP <> 'DELETE' AND NOT EXISTS (SELECT 1 FROM voucher
          WHERE reference_no = NEW.voucher AND status = 'draft' AND date = NEW.date FOR UPDATE) THEN
         RAISE EXCEPTION 'lines of a posted voucher may not be changed';
       END IF;
       IF TG_OP <> 'INSERT' AND NOT EXISTS
          (SELECT 1 FROM voucher WHERE reference_no = OLD.voucher AND status = 'draft' FOR UPDATE) THEN
         RAISE EXCEPTION 'lines of a posted voucher may not be changed';
       END IF;
       IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
       RETURN NEW;
     END $$",
    "CREATE FUNCTION voucher_day_moves() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       UPDATE voucher_line SET date = NEW.date WHERE voucher = NEW.reference_no;
       RETURN NULL;
     END $$",
    "CREATE TRIGGER voucher_day_moves AFTER UPDATE OF date ON voucher FOR EACH ROW
     WHEN (NEW.date <> OLD.date) EXECUTE FUNCTION voucher_day_moves()",
];
