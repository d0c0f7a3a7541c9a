//! Runs and statements, attachments, closed periods, notes, and the third signature of a voucher.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::{index, trigger};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run_period(manager).await?;
        statement(manager).await?;
        attachment(manager).await?;
        closing(manager).await?;
        for (table, key, words) in WRITTEN_ONCE {
            trigger::refuse(manager, table, &["update", "delete"], words).await?;
            trigger::refuse_replacing(manager, table, key, &format!("RAISE(ABORT, '{words}')")).await?;
        }
        for column in [text_null("approved_by"), timestamp_with_time_zone_null("approved_at")] {
            manager.alter_table(Table::alter().table("voucher").add_column(column).take()).await?;
        }
        for statement in SQLITE {
            trigger::either(manager, statement, "").await?;
        }
        for statement in POSTGRES {
            trigger::either(manager, "", statement).await?;
        }
        Ok(())
    }
}

const WRITTEN_ONCE: &[(&str, &str, &str)] = &[
    ("run_period", "run, period_to", "a run that has ended may not be changed"),
    ("statement", "number", "a statement may not be changed"),
    ("attachment", "id", "an attachment may not be changed"),
    ("closing", "id", "what was closed when may not be changed"),
];

/// A period that a run has finished.
async fn run_period(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("run_period")
        .col(text("run"))
        .col(date("period_from"))
        .col(date("period_to"))
        .col(big_integer("items"))
        .col(big_integer("vouchers"))
        .col(big_integer("statements"))
        .col(text("bundle"))
        .col(text("actor"))
        .col(timestamp_with_time_zone("at"))
        .primary_key(Index::create().col("run").col("period_to"));
    manager.create_table(table).await
}

/// A statement of somebody's account.
async fn statement(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("statement")
        .col(text("number").primary_key())
        .col(text("run"))
        .col(date("period_from"))
        .col(date("period_to"))
        .col(text("kind"))
        .col(text("party"))
        .col(text("currency"))
        .col(big_integer("opening"))
        .col(big_integer("debit"))
        .col(big_integer("credit"))
        .col(big_integer("closing"))
        .col(text("lines"))
        .col(text("actor"))
        .col(timestamp_with_time_zone("at"));
    manager.create_table(table).await?;
    index::unique(manager, "statement", &["run", "period_to", "party"]).await?;
    index::add(manager, "statement", &["kind", "party"]).await
}

/// A paper that belongs to a voucher.
async fn attachment(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("attachment")
        .col(big_pk_auto("id"))
        .col(big_integer("voucher"))
        .col(text("name"))
        .col(text("media_type"))
        .col(big_integer("size"))
        .col(text("hash"))
        .col(blob("body"))
        .col(text("actor"))
        .col(timestamp_with_time_zone("at"))
        .foreign_key(ForeignKey::create().from("attachment", "voucher").to("voucher", "reference_no"));
    manager.create_table(table).await?;
    index::add(manager, "attachment", &["voucher"]).await
}

/// Until which day the books are closed; the newest row holds.
async fn closing(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("closing")
        .col(big_pk_auto("id"))
        .col(date("up_to"))
        .col(text("reason"))
        .col(text("actor"))
        .col(timestamp_with_time_zone("at"));
    manager.create_table(table).await
}

const SQLITE: &[&str] = &[
    "DROP TRIGGER voucher_starts_as_draft",
    "CREATE TRIGGER voucher_starts_as_draft BEFORE INSERT ON voucher WHEN NEW.status NOT IN ('draft', 'note')
     BEGIN SELECT RAISE(ABORT, 'a voucher starts as a note or draft'); END",
    "DROP TRIGGER voucher_status_steps",
    "CREATE TRIGGER voucher_status_steps BEFORE UPDATE ON voucher
     WHEN NEW.status <> OLD.status AND (OLD.status || '>' || NEW.status) NOT IN
       ('note>draft', 'draft>reviewed', 'reviewed>draft', 'reviewed>final', 'draft>final', 'final>reversed')
     BEGIN SELECT RAISE(ABORT, 'a voucher may not change its status so'); END",
    "DROP TRIGGER voucher_final_stands",
    "CREATE TRIGGER voucher_final_stands BEFORE UPDATE ON voucher
     WHEN OLD.status IN ('final', 'reversed') AND NOT (
       OLD.status = 'final' AND NEW.status = 'reversed' AND NEW.reversed_by IS NOT NULL
       AND NEW.date = OLD.date AND NEW.fiscal_year = OLD.fiscal_year AND NEW.currency = OLD.currency
       AND NEW.voucher_no = OLD.voucher_no AND NEW.text = OLD.text AND NEW.detail = OLD.detail AND NEW.kind = OLD.kind
       AND NEW.ticket IS OLD.ticket AND NEW.reverses IS OLD.reverses AND NEW.total = OLD.total
       AND NEW.prepared_by = OLD.prepared_by AND NEW.prepared_at = OLD.prepared_at
       AND NEW.reviewed_by IS OLD.reviewed_by AND NEW.reviewed_at IS OLD.reviewed_at
       AND NEW.approved_by IS OLD.approved_by AND NEW.approved_at IS OLD.approved_at
       AND NEW.finalised_by IS OLD.finalised_by AND NEW.finalised_at IS OLD.finalised_at)
     BEGIN SELECT RAISE(ABORT, 'a final voucher may not be changed'); END",
    "CREATE TRIGGER voucher_in_open_period BEFORE INSERT ON voucher
     WHEN NEW.date <= (SELECT up_to FROM closing ORDER BY id DESC LIMIT 1)
     BEGIN SELECT RAISE(ABORT, 'the period is closed'); END",
    "CREATE TRIGGER voucher_moves_in_open_period BEFORE UPDATE OF date ON voucher
     WHEN NEW.date <> OLD.date AND min(NEW.date, OLD.date) <= (SELECT up_to FROM closing ORDER BY id DESC LIMIT 1)
     BEGIN SELECT RAISE(ABORT, 'the period is closed'); END",
];

const POSTGRES: &[&str] = &[
    "CREATE OR REPLACE FUNCTION voucher_stands() RETURNS trigger LANGUAGE plpgsql AS $$
     DECLARE kept voucher; sums record;
     BEGIN
       IF TG_OP = 'INSERT' THEN
         IF NEW.status NOT IN ('draft', 'note') THEN RAISE EXCEPTION 'a voucher starts as a note or draft'; END IF;
         RETURN NEW;
       ELSIF TG_OP = 'DELETE' THEN
         IF OLD.status <> 'draft' THEN RAISE EXCEPTION 'a posted voucher may not be deleted'; END IF;
         RETURN OLD;
       END IF;
       IF (NEW.source, NEW.event, NEW.template, NEW.reference_no)
          IS DISTINCT FROM (OLD.source, OLD.event, OLD.template, OLD.reference_no) THEN
         RAISE EXCEPTION 'a voucher keeps its reference';
       END IF;
       IF NEW.status <> OLD.status AND OLD.status || '>' || NEW.status NOT IN
          ('note>draft', 'draft>reviewed', 'reviewed>draft', 'reviewed>final', 'draft>final', 'final>reversed') THEN
         RAISE EXCEPTION 'a voucher may not change its status so';
       END IF;
       IF OLD.status IN ('final', 'reversed') THEN
         kept := NEW;
         kept.status := OLD.status;
         kept.reversed_by := OLD.reversed_by;
         IF kept IS DISTINCT FROM OLD OR OLD.status = 'reversed' OR NEW.status <> 'reversed'
            OR NEW.reversed_by IS NULL THEN
           RAISE EXCEPTION 'a final voucher may not be changed';
         END IF;
       END IF;
       IF OLD.status = 'draft' AND NEW.status <> 'draft' THEN
         SELECT count(*) AS n, sum(debit) AS debit, sum(credit) AS credit,
                min(currency) AS lowest, max(currency) AS highest
           INTO sums FROM voucher_line WHERE voucher = NEW.reference_no;
         IF sums.n < 2 OR sums.debit <> sums.credit OR sums.debit <> NEW.total
            OR sums.lowest <> NEW.currency OR sums.highest <> NEW.currency THEN
           RAISE EXCEPTION 'the voucher does not balance, or has fewer than two lines or two currencies';
         END IF;
       END IF;
       IF NEW.status = 'final' AND NEW.voucher_no IS NULL THEN
         RAISE EXCEPTION 'a final voucher has a number';
       END IF;
       RETURN NEW;
     END $$",
    "CREATE FUNCTION voucher_in_open_period() RETURNS trigger LANGUAGE plpgsql AS $$
     DECLARE closed date;
     BEGIN
       SELECT up_to INTO closed FROM closing ORDER BY id DESC LIMIT 1;
       IF NEW.date <= closed AND (TG_OP = 'INSERT' OR NEW.date <> OLD.date) THEN
         RAISE EXCEPTION 'the period is closed';
       END IF;
       IF TG_OP = 'UPDATE' AND OLD.date <= closed AND NEW.date <> OLD.date THEN
         RAISE EXCEPTION 'the period is closed';
       END IF;
       RETURN NEW;
     END $$",
    "CREATE TRIGGER voucher_in_open_period BEFORE INSERT OR UPDATE OF date ON voucher
     FOR EACH ROW EXECUTE FUNCTION voucher_in_open_period()",
];
