//! A voucher leaves draft only when it balances, has two lines and one currency; a final one stands for ever.

use sea_orm_migration::prelude::*;

use crate::trigger;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in SQLITE {
            trigger::either(manager, statement, "").await?;
        }
        for statement in POSTGRES {
            trigger::either(manager, "", statement).await?;
        }
        Ok(())
    }
}

/// Only a draft's lines may be written, also when a line is moved from one voucher to another.
const SQLITE: &[&str] = &[
    "CREATE TRIGGER voucher_starts_as_draft BEFORE INSERT ON voucher WHEN NEW.status <> 'draft'
     BEGIN SELECT RAISE(ABORT, 'a voucher starts as a draft'); END",
    "CREATE TRIGGER voucher_refuses_replace BEFORE INSERT ON voucher
     WHEN EXISTS (SELECT 1 FROM voucher WHERE reference_no = NEW.reference_no
       OR (source = NEW.source AND event = NEW.event AND template = NEW.template))
     BEGIN SELECT RAISE(ABORT, 'a voucher may not be replaced'); END",
    "CREATE TRIGGER voucher_refuses_delete BEFORE DELETE ON voucher WHEN OLD.status <> 'draft'
     BEGIN SELECT RAISE(ABORT, 'a posted voucher may not be deleted'); END",
    "CREATE TRIGGER voucher_keeps_identity BEFORE UPDATE ON voucher
     WHEN NEW.source <> OLD.source OR NEW.event <> OLD.event
       OR NEW.template <> OLD.template OR NEW.reference_no <> OLD.reference_no
     BEGIN SELECT RAISE(ABORT, 'a voucher keeps its reference'); END",
    "CREATE TRIGGER voucher_status_steps BEFORE UPDATE ON voucher
     WHEN NEW.status <> OLD.status AND (OLD.status || '>' || NEW.status) NOT IN
       ('draft>reviewed', 'reviewed>draft', 'reviewed>final', 'draft>final', 'final>reversed')
     BEGIN SELECT RAISE(ABORT, 'a voucher may not change its status so'); END",
    "CREATE TRIGGER voucher_final_stands BEFORE UPDATE ON voucher
     WHEN OLD.status IN ('final', 'reversed') AND NOT (
       OLD.status = 'final' AND NEW.status = 'reversed' AND NEW.reversed_by IS NOT NULL
       AND NEW.date = OLD.date AND NEW.fiscal_year = OLD.fiscal_year AND NEW.currency = OLD.currency
       AND NEW.voucher_no = OLD.voucher_no AND NEW.text = OLD.text AND NEW.detail = OLD.detail AND NEW.kind = OLD.kind
       AND NEW.ticket IS OLD.ticket AND NEW.reverses IS OLD.reverses AND NEW.total = OLD.total
       AND NEW.prepared_by = OLD.prepared_by AND NEW.prepared_at = OLD.prepared_at
       AND NEW.reviewed_by IS OLD.reviewed_by AND NEW.reviewed_at IS OLD.reviewed_at
       AND NEW.finalised_by IS OLD.finalised_by AND NEW.finalised_at IS OLD.finalised_at)
     BEGIN SELECT RAISE(ABORT, 'a final voucher may not be changed'); END",
    "CREATE TRIGGER voucher_balances BEFORE UPDATE ON voucher
     WHEN OLD.status = 'draft' AND NEW.status <> 'draft' AND NOT EXISTS (
       SELECT count(*) FROM voucher_line WHERE voucher = NEW.reference_no
       HAVING count(*) >= 2 AND sum(debit) = sum(credit) AND sum(debit) = NEW.total
         AND min(currency) = NEW.currency AND max(currency) = NEW.currency)
     BEGIN SELECT RAISE(ABORT, 'the voucher does not balance, or has fewer than two lines or two currencies'); END",
    "CREATE TRIGGER voucher_final_has_number BEFORE UPDATE ON voucher
     WHEN NEW.status = 'final' AND NEW.voucher_no IS NULL
     BEGIN SELECT RAISE(ABORT, 'a final voucher has a number'); END",
    "CREATE TRIGGER voucher_line_insert BEFORE INSERT ON voucher_line
     WHEN coalesce((SELECT status FROM voucher WHERE reference_no = NEW.voucher), '') <> 'draft'
     BEGIN SELECT RAISE(ABORT, 'lines of a posted voucher may not be changed'); END",
    "CREATE TRIGGER voucher_line_update BEFORE UPDATE ON voucher_line
     WHEN coalesce((SELECT status FROM voucher WHERE reference_no = NEW.voucher), '') <> 'draft'
       OR coalesce((SELECT status FROM voucher WHERE reference_no = OLD.voucher), '') <> 'draft'
     BEGIN SELECT RAISE(ABORT, 'lines of a posted voucher may not be changed'); END",
    "CREATE TRIGGER voucher_line_delete BEFORE DELETE ON voucher_line
     WHEN coalesce((SELECT status FROM voucher WHERE reference_no = OLD.voucher), '') <> 'draft'
     BEGIN SELECT RAISE(ABORT, 'lines of a posted voucher may not be changed'); END",
];

const POSTGRES: &[&str] = &[
    "CREATE FUNCTION voucher_stands() RETURNS trigger LANGUAGE plpgsql AS $$
     DECLARE kept voucher; sums record;
     BEGIN
       IF TG_OP = 'INSERT' THEN
         IF NEW.status <> 'draft' THEN RAISE EXCEPTION 'a voucher starts as a draft'; END IF;
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
          ('draft>reviewed', 'reviewed>draft', 'reviewed>final', 'draft>final', 'final>reversed') THEN
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
    "CREATE TRIGGER voucher_stands BEFORE INSERT OR UPDATE OR DELETE ON voucher
     FOR EACH ROW EXECUTE FUNCTION voucher_stands()",
    "CREATE FUNCTION voucher_line_stands() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       IF TG_OP <> 'DELETE' AND NOT EXISTS
          (SELECT 1 FROM voucher WHERE reference_no = NEW.voucher AND status = 'draft' FOR UPDATE) THEN
         RAISE EXCEPTION 'lines of a posted voucher may not be changed';
       END IF;
       IF TG_OP <> 'INSERT' AND NOT EXISTS
          (SELECT 1 FROM voucher WHERE reference_no = OLD.voucher AND status = 'draft' FOR UPDATE) THEN
         RAISE EXCEPTION 'lines of a posted voucher may not be changed';
       END IF;
       IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
       RETURN NEW;
     END $$",
    "CREATE TRIGGER voucher_line_stands BEFORE INSERT OR UPDATE OR DELETE ON voucher_line
     FOR EACH ROW EXECUTE FUNCTION voucher_line_stands()",
    "CREATE TRIGGER voucher_refuses_truncate BEFORE TRUNCATE ON voucher
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('vouchers may not be deleted')",
    "CREATE TRIGGER voucher_line_refuses_truncate BEFORE TRUNCATE ON voucher_line
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('vouchers may not be deleted')",
];
