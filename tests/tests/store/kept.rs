//! What is kept of the registers is never older than they are, whoever changes them.

use aftercare::entity::task;
use aftercare::store::registry::session::{self, SessionKind};
use aftercare_engine::facts::Map;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use aftercare_tests::company::{self, BRANCH, morning};
use aftercare_tests::database;

#[tokio::test]
async fn a_register_changed_by_another_program_is_seen_by_the_next_request() {
    for fresh in database::each().await {
        company::found(&fresh).await;
        let city = async || {
            let store = fresh.store.as_of_now().await.unwrap();
            store.branch(BRANCH).await.unwrap().unwrap().city.clone()
        };
        assert_eq!(city().await, None);
        for name in ["Gdynia", "Sopot"] {
            fresh.raw.execute_unprepared(&format!("UPDATE branch SET city = '{name}'")).await.unwrap();
            assert_eq!(city().await.as_deref(), Some(name));
        }
    }
}

#[tokio::test]
async fn who_loses_a_role_or_the_place_has_lost_it_at_the_next_request() {
    for fresh in database::each().await {
        company::found(&fresh).await;
        let holds = async || {
            let store = fresh.store.as_of_now().await.unwrap();
            let holders = store.users_with_role("technician", BRANCH).await.unwrap();
            (store.is_user("technician", Some("technician")).await.unwrap(), holders.len())
        };
        assert_eq!(holds().await, (true, 1));
        let change = "UPDATE \"user\" SET active = false WHERE name = 'technician'";
        fresh.raw.execute_unprepared(change).await.unwrap();
        assert_eq!(holds().await, (false, 0));
        let back = "UPDATE \"user\" SET active = true WHERE name = 'technician'";
        fresh.raw.execute_unprepared(back).await.unwrap();
        assert_eq!(holds().await, (true, 1));
        let change = "DELETE FROM user_role WHERE role = 'technician'";
        fresh.raw.execute_unprepared(change).await.unwrap();
        assert_eq!(holds().await, (false, 0));
    }
}

#[tokio::test]
async fn a_session_that_was_ended_elsewhere_has_ended_at_once() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let limits = &company.app.config.sessions;
        let begun = fresh.store.write::<_, aftercare::store::StoreError, _>(|tx| {
            Box::pin(async move {
                let day = std::time::Duration::from_secs(86_400);
                session::begin(tx, "hash", "technician", SessionKind::Session, None, morning(), day).await
            })
        });
        begun.await.unwrap();
        let is_valid = async || {
            let store = fresh.store.as_of_now().await.unwrap();
            session::find(&store, "hash", morning(), limits).await.unwrap().is_some()
        };
        assert!(is_valid().await && is_valid().await);
        let end = "UPDATE session SET revoked_at = created_at";
        fresh.raw.execute_unprepared(end).await.unwrap();
        assert!(!is_valid().await);
    }
}

#[tokio::test]
async fn nothing_is_kept_from_who_does_not_ask_where_the_registers_stand() {
    for fresh in database::each().await {
        company::found(&fresh).await;
        let store = fresh.store.as_of_now().await.unwrap();
        store.branch(BRANCH).await.unwrap();
        fresh.raw.execute_unprepared("UPDATE branch SET city = 'Gdynia'").await.unwrap();
        let city = |store: aftercare::store::Store| async move {
            store.branch(BRANCH).await.unwrap().unwrap().city.clone()
        };
        assert_eq!(city(store.clone()).await, None);
        assert_eq!(city(store.afresh()).await.as_deref(), Some("Gdynia"));
    }
}

#[tokio::test]
async fn what_a_process_gave_somebody_to_do_is_over_when_it_has_ended_and_what_a_person_gave_is_not() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let code = company.working().await;
        let own = "INSERT INTO task (ticket, kind, title, to_kind, to_name, branch, status, created_at)
            SELECT ticket, kind, title, to_kind, to_name, branch, status, created_at FROM task";
        fresh.raw.execute_unprepared(own).await.unwrap();
        let open = async || {
            let rows =
                task::Entity::find().filter(task::Column::Status.eq("open")).all(&fresh.raw).await.unwrap();
            rows.into_iter().map(|row| row.source.is_some()).collect::<Vec<_>>()
        };
        assert_eq!(open().await, [true, false]);
        company.step("technician", &code, "finish", Map::new()).await;
        assert_eq!(open().await, [false]);
        let done =
            task::Entity::find().filter(task::Column::Status.eq("done")).one(&fresh.raw).await.unwrap();
        assert_eq!(done.unwrap().done_by.as_deref(), Some("technician"));
    }
}
