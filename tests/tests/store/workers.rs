//! The outbox keeps order and fences late workers; timers fire once and never early.

use std::sync::Arc;

use aftercare::auth::Scope;
use aftercare::entity::*;
use aftercare::gateway::Gateways;
use aftercare::store::StoreError;
use aftercare::store::outbox::{Delivered, redrive};
use aftercare::worker::{Courier, fire_due};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use aftercare_tests::company::{self, morning};
use aftercare_tests::database::{self, Fresh};

async fn messages(fresh: &Fresh, ticket: &str) -> Vec<outbox::Model> {
    let own = outbox::Entity::find().filter(outbox::Column::Ticket.eq(ticket));
    own.order_by_asc(outbox::Column::Id).all(fresh.store.reader()).await.unwrap()
}

#[tokio::test]
async fn a_claim_that_ran_out_is_given_to_another_and_the_late_worker_writes_nothing() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        company.open_errand().await;
        let store = &fresh.store;
        let first = store.claim_outbox("first", morning(), 10).await.unwrap();
        assert_eq!(first.len(), 1);
        assert!(store.claim_outbox("second", morning(), 10).await.unwrap().is_empty());
        let later = morning() + TimeDelta::seconds(31);
        assert_eq!(store.expire_outbox(later, Gateways::repeatable()).await.unwrap(), 1);
        let second = store.claim_outbox("second", later, 10).await.unwrap();
        assert_eq!((second.len(), &second[0].effect, second[0].attempt), (1, &first[0].effect, 2));
        assert!(!store.note_outbox(&first[0], "first", Delivered::Sent(None), later).await.unwrap());
        assert!(store.note_outbox(&second[0], "second", Delivered::Sent(None), later).await.unwrap());
    }
}

#[tokio::test]
async fn a_lane_gives_its_oldest_message_only_and_the_dead_one_can_be_driven_again() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        company.open_errand().await;
        company.open_errand().await;
        let store = &fresh.store;
        let mut rows = outbox::Entity::find().all(store.reader()).await.unwrap();
        // The second message joins the first one's lane.
        let lane = rows[0].lane.clone();
        use sea_orm::ConnectionTrait;
        fresh.raw.execute_unprepared(&format!("UPDATE outbox SET lane = '{lane}'")).await.unwrap();
        let first = store.claim_outbox("a", morning(), 10).await.unwrap();
        assert_eq!(first.iter().map(|row| row.id).collect::<Vec<_>>(), [rows.remove(0).id]);
        let dead = Delivered::Dead { error: "no such number".into() };
        assert!(store.note_outbox(&first[0], "a", dead, morning()).await.unwrap());
        assert_eq!(incident::Entity::find().all(store.reader()).await.unwrap().len(), 1);
        assert_eq!(store.claim_outbox("b", morning(), 10).await.unwrap().len(), 1);
        let ids = vec![first[0].id];
        let again = store.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move { redrive(tx, ids, &Scope::All, "admin", morning()).await })
        });
        assert_eq!(again.await.unwrap(), 1);
        let incident = incident::Entity::find().one(store.reader()).await.unwrap().unwrap();
        assert_eq!((incident.status.as_str(), incident.resolved_by.as_deref()), ("resolved", Some("admin")));
    }
}

#[tokio::test]
async fn without_a_gateway_messages_stay_readable_in_the_app() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let code = company.open_errand().await;
        let gateways = Arc::new(Gateways::open(&company.app.config.gateways).unwrap());
        let courier = Courier::new(company.app.clone(), gateways);
        assert_eq!(courier.deliver_due().await.unwrap(), 1);
        let messages = messages(&fresh, &code).await;
        assert_eq!((messages.len(), messages[0].status.as_str()), (1, "sent"));
    }
}

#[tokio::test]
async fn a_timer_fires_once_and_never_early_whoever_looks() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let code = company.open_errand().await;
        assert_eq!(fire_due(&company.app).await.unwrap(), 0);
        // Two working days from Saturday morning: Monday morning. Then the ticket is forgotten after ten days.
        company.clock.set(morning() + TimeDelta::days(10) - TimeDelta::milliseconds(1));
        let (one, two) = tokio::join!(fire_due(&company.app), fire_due(&company.app));
        assert_eq!(one.unwrap() + two.unwrap(), 1);
        assert_eq!(company.ticket(&code).await.states, "registered");
        let late = messages(&fresh, &code).await;
        assert_eq!(late.iter().filter(|row| row.message == "errand_late").count(), 1);

        company.clock.advance(TimeDelta::milliseconds(1));
        assert_eq!(fire_due(&company.app).await.unwrap(), 1);
        let ticket = company.ticket(&code).await;
        assert_eq!((ticket.states.as_str(), ticket.finished), ("forgotten", true));
        assert_eq!(fire_due(&company.app).await.unwrap(), 0);
        let report = aftercare::verify::verify(&company.app).await.unwrap();
        assert!(report.is_sound(), "{report:?}");
    }
}

#[tokio::test]
async fn a_timer_claimed_by_a_worker_that_died_fires_after_its_lease() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let code = company.open_errand().await;
        company.clock.advance(TimeDelta::days(11));
        let now = morning() + TimeDelta::days(11);
        assert_eq!(fresh.store.claim_timers("dead worker", now, 10).await.unwrap().len(), 2);
        assert_eq!(fire_due(&company.app).await.unwrap(), 0);
        company.clock.advance(TimeDelta::seconds(31));
        assert!(fire_due(&company.app).await.unwrap() >= 1);
        assert!(company.ticket(&code).await.finished);
    }
}
