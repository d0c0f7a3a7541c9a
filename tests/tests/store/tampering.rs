//! Whoever has the database open cannot rewrite what has happened, and `verify` sees what was rewritten all the same.

use aftercare::step::Answer;
use aftercare::verify::verify;
use aftercare_engine::facts::Value;
use sea_orm::{ConnectionTrait, DbBackend};

use aftercare_tests::company::{self, Company, data, parts};
use aftercare_tests::database::{self, Fresh};

async fn with_history(fresh: &Fresh) -> (Company, String) {
    let company = company::found(fresh).await;
    let code = company.working().await;
    company.step("technician", &code, "use_parts", parts("P1", 2)).await;
    let paid = company.step("reception", &code, "pay", data(&[("amount", Value::Int(700))])).await;
    assert!(matches!(paid, Answer::Done { .. }));
    (company, code)
}

#[tokio::test]
async fn history_vouchers_and_stock_refuse_raw_sql() {
    for fresh in database::each().await {
        let (_company, _code) = with_history(&fresh).await;
        let final_one = "UPDATE voucher SET status = 'final', voucher_no = 1 WHERE reference_no = 1";
        let mut attacks = vec![
            "UPDATE ticket_event SET actor = 'me'",
            "DELETE FROM ticket_event",
            "DELETE FROM ticket",
            "UPDATE stock_move SET quantity = 0",
            "DELETE FROM payment",
            "UPDATE document SET gross = 1",
            "UPDATE stock_balance SET quantity = -1",
            "UPDATE voucher SET reference_no = 9",
            "UPDATE voucher SET status = 'reversed'",
            "UPDATE voucher_line SET debit = -5 WHERE debit > 0",
            "UPDATE voucher_line SET debit = 5, credit = 5",
            "INSERT INTO voucher (reference_no, source, event, template, date, fiscal_year, currency, status, kind,
             text, detail, total, prepared_by, prepared_at) SELECT 2, 'x', event, template, date, fiscal_year,
             currency, 'final', kind, text, detail, total, prepared_by, prepared_at FROM voucher",
        ];
        if fresh.raw.get_database_backend() == DbBackend::Sqlite {
            attacks.push("INSERT OR REPLACE INTO ticket_event SELECT * FROM ticket_event WHERE seq = 1");
            attacks.push("INSERT OR REPLACE INTO voucher SELECT * FROM voucher");
        } else {
            attacks.push("TRUNCATE ticket_event CASCADE");
            attacks.push("TRUNCATE voucher CASCADE");
        }
        for attack in &attacks {
            assert!(fresh.raw.execute_unprepared(attack).await.is_err(), "{attack}");
        }
        fresh
            .raw
            .execute_unprepared("UPDATE voucher_line SET debit = debit + 1 WHERE debit > 0")
            .await
            .unwrap();
        assert!(fresh.raw.execute_unprepared(final_one).await.is_err(), "an unbalanced voucher became final");
        fresh
            .raw
            .execute_unprepared("UPDATE voucher_line SET debit = debit - 1 WHERE debit > 0")
            .await
            .unwrap();
        fresh.raw.execute_unprepared(final_one).await.unwrap();
        for attack in [
            "UPDATE voucher SET text = 'x'",
            "UPDATE voucher SET status = 'draft'",
            "DELETE FROM voucher",
            "UPDATE voucher_line SET text = 'x'",
            "DELETE FROM voucher_line",
            "INSERT INTO voucher_line SELECT voucher, 3, account, memo, party_kind, party, details, text, explanation,
             debit, credit, currency FROM voucher_line WHERE line = 1",
        ] {
            assert!(fresh.raw.execute_unprepared(attack).await.is_err(), "{attack}");
        }
    }
}

#[tokio::test]
async fn verify_finds_nothing_in_an_honest_store() {
    for fresh in database::each().await {
        let (company, code) = with_history(&fresh).await;
        company.step("technician", &code, "finish", data(&[])).await;
        let report = verify(&company.app).await.unwrap();
        assert!(report.is_sound(), "{report:?}");
        assert_eq!((report.tickets, report.steps, report.vouchers), (1, 5, 1));
    }
}

#[tokio::test]
async fn verify_finds_what_somebody_with_all_rights_has_rewritten() {
    for attack in [
        ("UPDATE ticket_event SET actor = 'me' WHERE seq = 2", "chain"),
        ("UPDATE ticket_event SET seq = 9 WHERE seq = 4", "chain"),
        ("UPDATE ticket SET states = 'done'", "state"),
        ("UPDATE ticket SET paid = 1", "charge"),
        ("UPDATE voucher_line SET debit = debit + 1 WHERE debit > 0", "balance"),
        ("UPDATE counter SET value = 7", "number"),
        ("UPDATE outbox SET seq = 77", "orphan"),
    ] {
        let fresh = database::sqlite().await;
        let (company, _) = with_history(&fresh).await;
        fresh.raw.execute_unprepared("DROP TRIGGER ticket_event_refuses_update").await.unwrap();
        fresh.raw.execute_unprepared(attack.0).await.unwrap();
        let report = verify(&company.app).await.unwrap();
        assert!(report.findings.iter().any(|finding| finding.kind == attack.1), "{attack:?}: {report:?}");
    }
}
