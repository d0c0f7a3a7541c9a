//! What people write into the books and no program may trip over: texts like another program's syntax, amounts that
//! are no amounts any more.

use aftercare_tests::world::World;
use chrono::Days;
use serde_json::json;

use crate::demo::tool;
use crate::{line, post, today};

#[tokio::test]
async fn texts_that_look_like_dates_and_tags_move_nothing_in_hledger() {
    let world = World::start().await;
    let accountant = world.as_user("accountant").await;
    let day = today(&world) - Days::new(1);
    let texts =
        ["Invoice date: none", "[2026-03-04] paid", "date:2025-03-21", "a; b, date:2024-01-01", "(7) x | y"];
    for text in texts {
        let mut lines =
            vec![line("110003", "debit", "5", json!({})), line("110001", "credit", "5", json!({}))];
        lines.iter_mut().for_each(|line| line["text"] = json!(text));
        post(&accountant, day, text, lines).await;
    }
    let journal = world.folder().join("books.journal");
    std::fs::write(&journal, accountant.bytes("/api/vouchers/export?format=hledger").await).unwrap();
    let journal = journal.to_str().unwrap();
    tool("hledger", &["-f", journal, "check"]);
    let days = tool("hledger", &["-f", journal, "register", "110003", "-O", "csv"]);
    let told: Vec<&str> = days.lines().skip(1).collect();
    assert_eq!(told.len(), texts.len(), "{days}");
    assert!(told.iter().all(|row| row.contains(&day.to_string())), "{days}");
}

#[tokio::test]
async fn amounts_whose_sum_would_be_no_number_are_not_entered() {
    for world in World::each(&aftercare_tests::world::definitions()).await {
        let accountant = world.as_user("accountant").await;
        for amount in ["9223372036854775807", "10000000000000001"] {
            let lines =
                [line("110003", "debit", amount, json!({})), line("110001", "credit", amount, json!({}))];
            let body = json!({"date": today(&world), "text": "all of it", "lines": lines});
            let refused = accountant.post("/api/vouchers", &body).await;
            assert_eq!(refused.status, 422, "{}", refused.text);
            assert!(refused.text.contains("too large"), "{}", refused.text);
        }
        for _ in 0..3 {
            let most = "10000000000000000";
            let lines =
                vec![line("110003", "debit", most, json!({})), line("110001", "credit", most, json!({}))];
            post(&accountant, today(&world), "much", lines).await;
        }
        let trial = accountant.get("/api/books/trial-balance").await;
        assert_eq!(trial.status, 200, "{}", trial.text);
        assert!(trial.text.contains("30000000000000000"), "{}", trial.text);
    }
}
