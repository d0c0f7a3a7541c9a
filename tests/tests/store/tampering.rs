//! Whoever has the database open cannot rewrite what has happened, and `verify` sees what was rewritten all the same.

use aftercare::step::Answer;
use aftercare::verify::{Finding, verify};
use aftercare_engine::facts::Value;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use aftercare_tests::company::{self, Company, data, parts};
use aftercare_tests::database::{self, Fresh};

pub async fn with_history(fresh: &Fresh) -> (Company, String) {
    let company = company::found(fresh).await;
    let code = another(&company).await;
    (company, code)
}

/// A ticket with parts and a payment.
pub async fn another(company: &Company) -> String {
    let code = company.working().await;
    let used = company.step("technician", &code, "use_parts", parts("P1", 2)).await;
    assert!(matches!(used, Answer::Done { .. }), "{used:?}");
    let paid = company.step("reception", &code, "pay", data(&[("amount", Value::Int(700))])).await;
    assert!(matches!(paid, Answer::Done { .. }), "{paid:?}");
    code
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
             debit, credit, currency, date FROM voucher_line WHERE line = 1",
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

/// What somebody with all rights does to the rows, and the finding that names the row.
const ATTACKS: [(&str, &str, &str); 14] = [
    ("UPDATE ticket_event SET actor = 'me' WHERE ticket = '{a}' AND seq = 2", "chain", "{a}/2"),
    ("UPDATE ticket_event SET seq = 9 WHERE ticket = '{b}' AND seq = 4", "chain", "{b}/9"),
    ("UPDATE ticket SET states = 'done' WHERE code = '{c}'", "state", "{c}"),
    ("UPDATE ticket SET paid = 1 WHERE code = '{a}'", "charge", "{a}"),
    ("UPDATE payment SET amount = 800 WHERE ticket = '{b}'", "payment", "{b}/4/0"),
    ("UPDATE voucher SET source = 'nothing' WHERE source LIKE '{c}/4/%'", "payment", "{c}/4/0"),
    ("UPDATE voucher_line SET debit = debit + 1 WHERE voucher = 2 AND debit > 0", "balance", "voucher 2"),
    ("INSERT INTO product_balance (account, product, balance) VALUES ('2', 'X', 5)", "product", "2/X"),
    ("UPDATE counter SET value = 7 WHERE name = 'voucher'", "number", "voucher reference"),
    ("UPDATE outbox SET seq = 77 WHERE ticket = '{a}'", "orphan", "{a}/1/"),
    ("UPDATE stock_balance SET quantity = quantity - 1000", "stock", "W1/P1"),
    (
        "UPDATE timer SET state = 'armed' WHERE ticket = '{a}' AND name = '$deadline.registered'",
        "timer",
        "{a}/$deadline.registered",
    ),
    ("UPDATE timer SET state = 'cancelled' WHERE ticket = '{b}'", "timer", "{b}/$deadline.working"),
    ("UPDATE ticket SET due_at = NULL WHERE code = '{c}'", "timer", "{c}"),
];

#[tokio::test]
async fn verify_finds_what_somebody_with_all_rights_has_rewritten_and_names_the_row() {
    for fresh in database::each().await {
        let (company, a) = with_history(&fresh).await;
        let (b, c) = (another(&company).await, another(&company).await);
        assert!(verify(&company.app).await.unwrap().is_sound());
        disarm(&fresh).await;
        let named = |text: &str| {
            let names = [("{a}", &a), ("{b}", &b), ("{c}", &c)];
            names.iter().fold(text.to_owned(), |text, (mark, code)| text.replace(mark, code))
        };
        for (attack, ..) in ATTACKS {
            let done = fresh.raw.execute_unprepared(&named(attack)).await.unwrap();
            assert!(done.rows_affected() > 0, "{attack} hits nothing");
        }
        let report = verify(&company.app).await.unwrap();
        for (attack, kind, subject) in ATTACKS {
            let subject = named(subject);
            let is_it = |finding: &Finding| finding.kind == kind && finding.subject.starts_with(&subject);
            assert!(report.findings.iter().any(is_it), "{attack}: no {kind} {subject} in {report:#?}");
        }
    }
}

/// Switches off whatever the database refuses by itself.
pub async fn disarm(fresh: &Fresh) {
    if fresh.raw.get_database_backend() == DbBackend::Postgres {
        let each = "DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
              EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', name); END LOOP; END $$";
        fresh.raw.execute_unprepared(each).await.unwrap();
        return;
    }
    let triggers =
        Statement::from_string(DbBackend::Sqlite, "SELECT name FROM sqlite_master WHERE type = 'trigger'");
    for row in fresh.raw.query_all_raw(triggers).await.unwrap() {
        let name: String = row.try_get("", "name").unwrap();
        fresh.raw.execute_unprepared(&format!("DROP TRIGGER {name}")).await.unwrap();
    }
}
