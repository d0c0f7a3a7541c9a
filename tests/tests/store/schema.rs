//! The schema comes up, and comes up again.

use aftercare::store::{Store, StoreError};
use sea_orm::{ConnectionTrait, Statement};

use aftercare_tests::database;

#[tokio::test]
async fn a_second_start_finds_the_schema_in_place() {
    for fresh in database::each().await {
        let again = Store::open(&fresh.url).await.unwrap();
        for view in ["v_ticket", "v_history", "v_voucher", "v_voucher_line", "v_outbox", "v_timer"] {
            let select = Statement::from_string(again.backend(), format!("SELECT * FROM {view}"));
            assert!(again.reader().query_all_raw(select).await.unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn work_that_fails_leaves_no_trace_and_the_work_beside_it_stands() {
    for fresh in database::each().await {
        let put = |name: &'static str, fail: bool| {
            fresh.store.write::<(), StoreError, _>(move |tx| {
                Box::pin(async move {
                    tx.execute_unprepared(&format!("INSERT INTO setting VALUES ('{name}', '1')")).await?;
                    if fail { Err(StoreError::corrupt("test", "on purpose")) } else { Ok(()) }
                })
            })
        };
        let (first, second, third) = tokio::join!(put("a", false), put("b", true), put("c", false));
        first.unwrap();
        second.unwrap_err();
        third.unwrap();
        let select = Statement::from_string(fresh.store.backend(), "SELECT name FROM setting ORDER BY name");
        let names: Vec<String> = fresh
            .store
            .reader()
            .query_all_raw(select)
            .await
            .unwrap()
            .iter()
            .map(|row| row.try_get("", "name").unwrap())
            .collect();
        assert_eq!(names, ["a", "c"]);
    }
}
