//! Steps through the one write path: all or nothing, one winner, numbers without gaps.

use aftercare::entity::*;
use aftercare::step::Answer;
use aftercare::store::step::Key;
use aftercare_engine::facts::Value;
use sea_orm::EntityTrait;

use aftercare_tests::company::{self, data, parts};
use aftercare_tests::database;

#[tokio::test]
async fn a_ticket_travels_from_opening_to_its_end_with_everything_its_steps_ask_for() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let code = company.working().await;
        assert_eq!(code, "01-03-1405-08-0001");
        assert!(matches!(
            company.step("technician", &code, "use_parts", parts("P1", 2)).await,
            Answer::Done { .. }
        ));
        let paid = company.step("reception", &code, "pay", data(&[("amount", Value::Int(700))])).await;
        let Answer::Done { body, .. } = paid else { panic!("{paid:?}") };
        assert!(body.contains(r#""number":"R-01-03-05-000001""#), "{body}");
        assert!(matches!(company.step("technician", &code, "finish", data(&[])).await, Answer::Done { .. }));

        let ticket = company.ticket(&code).await;
        assert_eq!(
            (ticket.states.as_str(), ticket.revision, ticket.paid, ticket.finished),
            ("done", 5, 700, true)
        );
        let db = fresh.store.reader();
        let balance = stock_balance::Entity::find().one(db).await.unwrap().unwrap();
        assert_eq!((balance.quantity, balance.value), (8_000, 2_400));
        let voucher = voucher::Entity::find().one(db).await.unwrap().unwrap();
        assert_eq!((voucher.reference_no, voucher.total, voucher.status.as_str()), (1, 700, "draft"));
        assert_eq!(voucher_line::Entity::find().all(db).await.unwrap().len(), 2);
        let sms = outbox::Entity::find().one(db).await.unwrap().unwrap();
        assert_eq!(sms.body, format!("Jan Nowak: {code}, does not spin"));
        assert_eq!(task::Entity::find().all(db).await.unwrap().len(), 1);
        let armed = timer::Entity::find().all(db).await.unwrap();
        assert!(armed.iter().all(|timer| timer.state == "cancelled"), "{armed:?}");
    }
}

#[tokio::test]
async fn of_fifty_at_the_same_revision_one_wins_and_the_others_see_where_the_ticket_stands() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let code = company.working().await;
        let tries = (0..50).map(|_| company.step_at("technician", &code, "finish", Some(2), data(&[])));
        let answers = futures_util::future::join_all(tries).await;
        let won = answers.iter().filter(|answer| matches!(answer, Answer::Done { .. })).count();
        let stale = answers
            .iter()
            .filter(
                |answer| matches!(answer, Answer::Stale(ticket) if ticket.revision == 3 && ticket.finished),
            )
            .count();
        assert_eq!((won, stale), (1, 49));
    }
}

#[tokio::test]
async fn tickets_opened_at_once_have_codes_of_their_own_without_a_gap() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let opened = futures_util::future::join_all((0..40).map(|_| company.open_errand())).await;
        let mut codes = opened.clone();
        codes.sort();
        let expected: Vec<String> = (1..=40).map(|n| format!("01-03-1405-08-{n:04}")).collect();
        assert_eq!(codes, expected);
    }
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_does_the_work_once() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let key = |body: &str| {
            Some(Key {
                principal: "reception".into(),
                route: "POST /api/tickets".into(),
                key: "k1".into(),
                body_hash: body.into(),
            })
        };
        let answers = futures_util::future::join_all((0..10).map(|_| company.try_open(key("a")))).await;
        let bodies: Vec<&String> = answers
            .iter()
            .map(|answer| match answer {
                Answer::Done { body, status: 201, .. } => body,
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(bodies.iter().all(|body| *body == bodies[0]));
        assert_eq!(ticket::Entity::find().all(fresh.store.reader()).await.unwrap().len(), 1);
        assert!(matches!(company.try_open(key("b")).await, Answer::KeyMisused));
    }
}

#[tokio::test]
async fn what_is_refused_leaves_no_row_and_no_hole_in_the_numbers() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let code = company.working().await;
        let refused = company.step("technician", &code, "use_parts", parts("P1", 11)).await;
        assert!(
            matches!(&refused, Answer::Refused { reasons, .. } if reasons[0].code == "stock_too_low"),
            "{refused:?}"
        );
        let unknown = company.step("technician", &code, "use_parts", parts("P9", 1)).await;
        assert!(
            matches!(&unknown, Answer::Refused { reasons, .. } if reasons[0].code == "field_unknown_code")
        );
        let role = company.step("dispatcher", &code, "finish", data(&[])).await;
        assert!(
            matches!(&role, Answer::Refused { reasons, .. } if reasons[0].code == "not_allowed"),
            "{role:?}"
        );
        assert_eq!(company.ticket(&code).await.revision, 2);

        let pay = |n: i64| {
            let (company, code) = (&company, &code);
            async move {
                // Every third is refused after its numbers could have been taken.
                if n % 3 == 0 {
                    company.step("technician", code, "use_parts", parts("P1", 100)).await;
                }
                company.step("reception", code, "pay", data(&[("amount", Value::Int(n + 1))])).await
            }
        };
        let paid = futures_util::future::join_all((0..4).map(pay)).await;
        let done = paid.iter().filter(|answer| matches!(answer, Answer::Done { .. })).count();
        let documents = document::Entity::find().all(fresh.store.reader()).await.unwrap();
        let mut serials: Vec<i64> = documents.iter().map(|row| row.serial).collect();
        serials.sort_unstable();
        assert_eq!(serials, (1..=done as i64).collect::<Vec<_>>());
    }
}
