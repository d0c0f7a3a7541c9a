//! Figures that the books promise. Run by hand, best in release:
//! `cargo test --release -p aftercare-tests --test books -- --ignored --nocapture`

use std::time::{Duration, Instant};

use aftercare_tests::world::World;

use crate::raw;

/// Vouchers of four lines each.
const VOUCHERS: i64 = 250_000;

/// Four years of vouchers over forty accounts and twenty thousand customers.
async fn a_million_lines(world: &World) {
    let numbers =
        format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {VOUCHERS})");
    raw(
        world,
        &format!(
            "INSERT INTO voucher (reference_no, source, event, template, date, fiscal_year, currency, status, kind,
               text, detail, total, prepared_by, prepared_at)
             {numbers} SELECT i, 'bench/' || i, 'bench', 'bench', date('2022-01-01', (i / 150) || ' days'), '1403',
               'IRR', 'draft', 'ordinary', 'Invoice of a repair, with its text', '[]', 2000, 'bench', '2022-01-01'
             FROM n"
        ),
    )
    .await;
    raw(
        world,
        "INSERT INTO voucher_line (voucher, line, account, memo, party_kind, party, details, text, explanation,
               debit, credit, currency, date)
             WITH lines(l) AS (VALUES (1), (2), (3), (4))
             SELECT reference_no, l, CAST(113000 + (reference_no * 7 + l * 11) % 40 AS TEXT), FALSE, 'customer',
               'K' || (reference_no * 31 % 20000), '{\"customer\":\"K' || (reference_no * 31 % 20000) || '\"}',
               'Text of the line, as long as they are', '{\"amount\":\"charges.gross\",\"source\":\"workflows/vouchers/x.yaml:20\"}',
               CASE WHEN l <= 2 THEN 1000 ELSE 0 END, CASE WHEN l > 2 THEN 1000 ELSE 0 END, 'IRR', date
             FROM voucher, lines WHERE event = 'bench'",
    )
    .await;
}

#[tokio::test]
async fn a_trial_balance_over_a_million_lines_takes_less_than_half_a_second() {
    // A figure, not a rule: it builds a million lines, for whoever asks for them.
    if std::env::var_os("AFTERCARE_FIGURES").is_none() {
        return;
    }
    let world = World::start().await;
    let begun = Instant::now();
    a_million_lines(&world).await;
    println!("a million lines were made in {:?}", begun.elapsed());
    let user = world.as_user("accountant").await;
    let mut least = Duration::MAX;
    for query in [
        "from=2024-01-01&to=2024-12-31&columns=8",
        "from=2024-01-01&to=2026-12-31&columns=6&closing=false",
        "from=2024-01-01&to=2026-12-31&columns=6&only_final=true",
        "from=2024-01-01&to=2026-12-31&columns=6&level=detail&account=113001",
        "from=2024-01-01&to=2026-12-31&columns=6&level=detail",
    ] {
        for _ in 0..3 {
            let begun = Instant::now();
            let reply = user.get(&format!("/api/books/trial-balance?{query}")).await;
            let took = begun.elapsed();
            assert_eq!(reply.status, 200, "{}", reply.text);
            println!("{took:>12?}  {query}");
            least = if query.ends_with("columns=8") { least.min(took) } else { least };
        }
    }
    for path in ["ledger/113001?from=2024-06-01&to=2024-06-30", "journal?from=2024-06-01&to=2024-06-02"] {
        let begun = Instant::now();
        assert_eq!(user.get(&format!("/api/books/{path}")).await.status, 200);
        println!("{:>12?}  {path}", begun.elapsed());
    }
    assert!(least < Duration::from_millis(500), "{least:?}");
}
