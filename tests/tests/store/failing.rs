//! The database fails in the middle and undoes a whole transaction by itself, as SQLite does when its disk is full.

use aftercare::store::StoreError;
use aftercare::verify::verify;
use aftercare_engine::facts::Actor;
use futures_util::future::join_all;
use sea_orm::ConnectionTrait;

use aftercare_tests::company::{self, data};
use aftercare_tests::database;

/// Undoes the whole transaction in which the condition holds.
fn undone(name: &str, table: &str, verb: &str, when: &str) -> String {
    format!(
        "CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when}
         BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END"
    )
}

#[tokio::test]
async fn when_the_database_undoes_a_transaction_no_step_of_it_is_half_there() {
    let fresh = database::sqlite().await;
    let company = company::found(&fresh).await;
    let codes = join_all((0..24).map(|_| company.working())).await;
    let full = undone("full", "ticket_event", "INSERT", &format!("NEW.ticket = '{}'", codes[3]));
    fresh.raw.execute_unprepared(&full).await.unwrap();
    let take = |code: &String| {
        let take = aftercare::step::Take {
            code: code.clone(),
            event: "finish".into(),
            revision: Some(2),
            data: data(&[]),
            ticket: None,
        };
        company.app.take_step(Actor::role("technician"), take, None)
    };
    for _ in 0..4 {
        for (code, answer) in codes.iter().zip(join_all(codes.iter().map(take)).await) {
            match answer {
                Ok(_) => assert_ne!(code, &codes[3], "the step that the database refuses"),
                Err(error) => assert!(error.is_passing(), "it may be tried again: {error}"),
            }
        }
        let report = verify(&company.app).await.unwrap();
        assert!(report.is_sound(), "{:#?}", report.findings);
    }
    assert_eq!(company.ticket(&codes[3]).await.revision, 2);
    fresh.raw.execute_unprepared("DROP TRIGGER full").await.unwrap();
    for answer in join_all(codes.iter().map(take)).await {
        answer.unwrap();
    }
    for code in &codes {
        assert_eq!(company.ticket(code).await.revision, 3, "{code}");
    }
}

#[tokio::test]
async fn after_the_database_has_undone_a_transaction_other_work_is_written_again() {
    let fresh = database::sqlite().await;
    let put = |name: &'static str| {
        fresh.store.write::<(), StoreError, _>(move |tx| {
            Box::pin(async move {
                tx.execute_unprepared(&format!("INSERT OR REPLACE INTO setting VALUES ('{name}', '1')"))
                    .await?;
                Ok(())
            })
        })
    };
    fresh.raw.execute_unprepared(&undone("full", "setting", "INSERT", "NEW.name = 'poison'")).await.unwrap();
    for _ in 0..3 {
        let (before, poison, after) = tokio::join!(put("a"), put("poison"), put("b"));
        for error in [before.err(), poison.err(), after.err()].into_iter().flatten() {
            assert!(error.is_passing(), "{error}");
        }
    }
    put("c").await.unwrap();
    assert_eq!(fresh.store.setting("poison").await.unwrap(), None);
    assert_eq!(fresh.store.setting("c").await.unwrap().as_deref(), Some("1"));
}
