//! Tickets that open others: both are there or neither, and what the one tells the other comes once.

use aftercare::entity::{incident, ticket, ticket_link, timer};
use aftercare::step::Answer;
use aftercare::store::step::Key;
use aftercare::verify::verify;
use aftercare::worker::fire_due;
use aftercare_engine::facts::{Map, Value};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use aftercare_tests::company::{self, Company, data};
use aftercare_tests::database::{self, Fresh};

/// The code in an answer.
fn code(answer: Answer) -> String {
    match answer {
        Answer::Done { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

/// A case with the errand that it has opened.
async fn case(company: &Company) -> (String, String) {
    let wish = data(&[("wish", Value::text("fetch it"))]);
    let case = code(company.open_case(wish, None).await);
    let errand = link(company, &case).await.child.expect("the errand is there");
    (case, errand)
}

async fn link(company: &Company, case: &str) -> ticket_link::Model {
    let mut links = company.app.store.links_from(case).await.unwrap();
    assert_eq!(links.len(), 1);
    links.remove(0)
}

async fn finish(company: &Company, errand: &str) {
    let assigned = data(&[("technician", Value::text("technician"))]);
    code(company.step("dispatcher", errand, "assign", assigned).await);
    code(company.step("reception", errand, "pay", data(&[("amount", Value::Int(700))])).await);
    code(company.step("technician", errand, "finish", Map::new()).await);
}

async fn is_sound(company: &Company, fresh: &Fresh) {
    let report = verify(&company.app).await.unwrap();
    assert!(report.is_sound(), "{:?}", report.findings);
    let incidents = incident::Entity::find().all(fresh.store.reader()).await.unwrap();
    assert!(incidents.is_empty(), "{incidents:?}");
}

#[tokio::test]
async fn a_ticket_and_the_one_that_it_opens_come_together_and_its_answer_comes_once() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let key = Key { principal: "r".into(), route: "open".into(), key: "k".into(), body_hash: "b".into() };
        let wish = || data(&[("wish", Value::text("fetch it"))]);
        let Answer::Done { body, code: case, .. } = company.open_case(wish(), Some(key.clone())).await else {
            panic!("not opened")
        };
        let Answer::Done { body: again, repeated: true, .. } = company.open_case(wish(), Some(key)).await
        else {
            panic!("not repeated")
        };
        assert_eq!(body, again);
        assert_eq!(ticket::Entity::find().all(fresh.store.reader()).await.unwrap().len(), 2);
        let opened = link(&company, &case).await;
        let errand = opened.child.clone().expect("a child");
        assert!(body.contains(&format!("\"opened\":[\"{errand}\"]")), "{body}");
        assert_eq!((opened.state.as_str(), opened.source), ("awaited", format!("{case}/1/0")));
        let row = company.ticket(&errand).await;
        assert_eq!((row.parent.as_deref(), row.opened_by.as_str()), (Some(case.as_str()), "system"));
        assert!(row.fields.contains("fetch it"), "{}", row.fields);
        assert_eq!(company.ticket(&case).await.children, 1);
        is_sound(&company, &fresh).await;

        finish(&company, &errand).await;
        assert_eq!(company.ticket(&case).await.revision, 1, "a worker brings the answer");
        assert_eq!(link(&company, &case).await.state, "told");
        assert_eq!(fire_due(&company.app).await.unwrap(), 1);
        let done = company.ticket(&case).await;
        assert_eq!((done.revision, done.finished), (2, true));
        assert!(done.fields.contains("\"paid\":\"700\""), "{}", done.fields);
        assert_eq!(fire_due(&company.app).await.unwrap(), 0);
        is_sound(&company, &fresh).await;
    }
}

#[tokio::test]
async fn a_ticket_that_is_given_up_hears_of_it_and_tells_nobody_any_more() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let (case, errand) = case(&company).await;
        code(company.step("reception", &case, "drop", Map::new()).await);
        assert_eq!(link(&company, &case).await.state, "cancelled");
        assert_eq!(fire_due(&company.app).await.unwrap(), 1);
        let errand = company.ticket(&errand).await;
        assert_eq!((errand.finished, errand.states.as_str()), (true, "forgotten"));
        assert_eq!(company.ticket(&case).await.revision, 2);
        assert_eq!(fire_due(&company.app).await.unwrap(), 0);
        is_sound(&company, &fresh).await;
    }
}

#[tokio::test]
async fn an_answer_on_its_way_is_withdrawn_when_its_ticket_ends_first() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let (case, errand) = case(&company).await;
        finish(&company, &errand).await;
        code(company.step("reception", &case, "drop", Map::new()).await);
        let answer = timer::Entity::find().filter(timer::Column::Name.eq("$invoke.errand"));
        let answer = answer.one(fresh.store.reader()).await.unwrap().expect("the answer");
        assert_eq!(answer.state, "cancelled");
        assert_eq!(fire_due(&company.app).await.unwrap(), 0);
        is_sound(&company, &fresh).await;
    }
}

#[tokio::test]
async fn what_cannot_be_opened_is_an_answer_where_it_is_awaited_and_refuses_the_step_where_it_is_not() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let case_without = code(company.open_case(Map::new(), None).await);
        let refused = link(&company, &case_without).await;
        assert_eq!((refused.state.as_str(), &refused.child), ("refused", &None));
        assert_eq!(fire_due(&company.app).await.unwrap(), 1);
        let row = company.ticket(&case_without).await;
        assert_eq!((row.states.as_str(), row.children), ("refused", 0));
        assert!(row.fields.contains("field_required"), "{}", row.fields);

        let (case, _) = case(&company).await;
        let Answer::Refused { reasons, .. } = company.step("reception", &case, "more", Map::new()).await
        else {
            panic!("an errand without a fault was opened")
        };
        assert_eq!(reasons[0].code, "field_required");
        assert_eq!(company.ticket(&case).await.revision, 1, "nothing changed");
        let extra = data(&[("extra", Value::text("one more"))]);
        code(company.step("reception", &case, "more", extra).await);
        let links = company.app.store.opened_by(&case).await.unwrap();
        let states: Vec<(&str, &str)> = links.iter().map(|one| (one.name(), one.state.as_str())).collect();
        assert_eq!(states, [("errand", "awaited"), ("more", "linked")]);
        is_sound(&company, &fresh).await;
    }
}

#[tokio::test]
async fn verify_sees_links_that_were_tampered_with() {
    for fresh in database::each().await {
        let company = company::found(&fresh).await;
        let (case, errand) = case(&company).await;
        finish(&company, &errand).await;
        fire_due(&company.app).await.unwrap();
        let attacks = [
            ("UPDATE ticket_link SET state = 'awaited'", "it has ended and nobody was told"),
            ("UPDATE ticket_link SET state = 'told', parent = child", "the ticket names another opener"),
            ("DELETE FROM ticket_link", "nothing says how it was opened"),
        ];
        for (attack, finding) in attacks {
            fresh.raw.execute_unprepared(attack).await.unwrap();
            let report = verify(&company.app).await.unwrap();
            assert!(
                report.findings.iter().any(|one| one.message == finding),
                "{attack}: {:?}",
                report.findings
            );
        }
        let lost = verify(&company.app).await.unwrap().findings;
        let message = "a step asked for a ticket that is not there";
        assert!(
            lost.iter().any(|one| one.message == message && one.subject == format!("{case}/1/0")),
            "{lost:?}"
        );
    }
}
