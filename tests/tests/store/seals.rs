//! What seals find that a chain of hashes alone does not (P17): whoever can write to the database makes a chain anew.

use std::sync::Arc;

use aftercare::app::App;
use aftercare::config::{Config, Secret};
use aftercare::entity::{history_seal, ticket_event};
use aftercare::history_seal::seal;
use aftercare::store::chain;
use aftercare::verify::{Report, verify, with_seals};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::tampering::{another, disarm, with_history};
use aftercare_tests::database::{self, Fresh};

/// The app with the key of its house.
fn with_key(app: &App, key: &str) -> App {
    let config = Config { seal_key: Some(Secret::new(key)), ..Config::default() };
    App { config: Arc::new(config), ..app.clone() }
}

const KEY: &str = "5b1f0c9a77d24e1e8a6f3c2b9d8e7f60";

fn found(report: &Report) -> Vec<&str> {
    let seals = report.findings.iter().filter(|finding| finding.kind == "seal");
    seals.map(|finding| finding.subject.as_str()).collect()
}

/// Another actor at a step, and every hash from there on made anew: the chain alone shows nothing.
async fn forge(fresh: &Fresh, code: &str, seq: i64) {
    let mut events = ticket_event::Entity::find()
        .filter(ticket_event::Column::Ticket.eq(code))
        .order_by_asc(ticket_event::Column::Seq)
        .all(&fresh.raw)
        .await
        .unwrap();
    let mut before = String::new();
    for event in &mut events {
        if event.seq == seq {
            event.actor = "somebody else".into();
        }
        event.prev_hash.clone_from(&before);
        event.hash = chain::link(event);
        before.clone_from(&event.hash);
        let put = format!(
            "UPDATE ticket_event SET actor = '{}', prev_hash = '{}', hash = '{}' WHERE ticket = '{code}' AND seq = {}",
            event.actor, event.prev_hash, event.hash, event.seq
        );
        fresh.raw.execute_unprepared(&put).await.unwrap();
    }
    let head = format!("UPDATE ticket SET head = '{before}' WHERE code = '{code}'");
    fresh.raw.execute_unprepared(&head).await.unwrap();
}

async fn run(fresh: &Fresh, attacks: &[String]) {
    for attack in attacks {
        fresh.raw.execute_unprepared(attack).await.unwrap_or_else(|error| panic!("{attack}: {error}"));
    }
}

#[tokio::test]
async fn an_honest_store_is_sealed_piece_by_piece_and_sound() {
    for fresh in database::each().await {
        let (company, _) = with_history(&fresh).await;
        let app = with_key(&company.app, KEY);
        let first = verify(&app).await.unwrap();
        assert!(first.is_sound() && first.sealed_at.is_none(), "{first:?}");
        assert_eq!(seal(&app).await.unwrap(), 1);
        assert_eq!(seal(&app).await.unwrap(), 0, "what is sealed is not sealed again");
        company.clock.set(aftercare_tests::company::morning() + TimeDelta::hours(2));
        another(&company).await;
        assert_eq!(seal(&app).await.unwrap(), 1);
        let report = verify(&app).await.unwrap();
        assert!(report.is_sound() && report.sealed_at.is_some(), "{report:?}");
        assert_eq!(app.store.seals_after(0, 9).await.unwrap().len(), 2);
        let attack = "UPDATE history_seal SET items = 0";
        assert!(fresh.raw.execute_unprepared(attack).await.is_err(), "the database refuses it by itself");
    }
}

#[tokio::test]
async fn a_chain_that_was_made_anew_a_ticket_that_is_gone_and_a_tail_that_was_cut_off_are_found() {
    for fresh in database::each().await {
        let (company, a) = with_history(&fresh).await;
        let (b, c) = (another(&company).await, another(&company).await);
        let app = with_key(&company.app, KEY);
        seal(&app).await.unwrap();
        disarm(&fresh).await;
        forge(&fresh, &a, 2).await;
        // The last step of one, with the ticket put back where it was before it.
        let events = ticket_event::Entity::find().filter(ticket_event::Column::Ticket.eq(&b));
        let events = events.order_by_asc(ticket_event::Column::Seq).all(&fresh.raw).await.unwrap();
        let (last, kept) = (&events[events.len() - 1], &events[events.len() - 2]);
        let mut attacks = vec![
            format!("DELETE FROM ticket_event WHERE ticket = '{b}' AND seq = {}", last.seq),
            format!("UPDATE ticket SET head = '{}', revision = {} WHERE code = '{b}'", kept.hash, kept.seq),
        ];
        attacks.push(format!("DELETE FROM ticket_event WHERE ticket = '{c}'"));
        run(&fresh, &attacks).await;
        let report = verify(&app).await.unwrap();
        let expected = [format!("{a}/4"), format!("{b}/4"), format!("{c}/4")];
        for subject in &expected {
            assert!(found(&report).contains(&subject.as_str()), "{subject} is not among {report:#?}");
        }
        let chains = report.findings.iter().filter(|one| one.kind == "chain" && one.subject.starts_with(&a));
        assert_eq!(chains.count(), 0, "the chain alone shows nothing: {report:#?}");
    }
}

#[tokio::test]
async fn a_seal_of_another_key_and_seals_that_were_cut_off_are_found() {
    for fresh in database::each().await {
        let (company, a) = with_history(&fresh).await;
        let app = with_key(&company.app, KEY);
        seal(&app).await.unwrap();
        company.clock.set(aftercare_tests::company::morning() + TimeDelta::hours(2));
        let b = another(&company).await;
        seal(&app).await.unwrap();
        let aside: Vec<history_seal::Model> = app.store.seals_after(0, 9).await.unwrap();
        assert!(with_seals(&app, &aside).await.unwrap().is_sound());

        // Whoever seals anew without the key is found out.
        let stranger = with_key(&company.app, "00112233445566778899aabbccddeeff");
        assert_eq!(found(&verify(&stranger).await.unwrap()), ["seal 1"]);
        disarm(&fresh).await;
        // Seals and histories cut off together: the store alone looks whole; the file that was put aside tells.
        let cut = [
            format!("DELETE FROM history_seal_item WHERE subject = 'ticket {b}'"),
            "DELETE FROM history_seal WHERE number = 2".to_owned(),
        ];
        run(&fresh, &cut).await;
        assert!(verify(&app).await.unwrap().is_sound(), "what only the file can tell");
        assert_eq!(found(&with_seals(&app, &aside).await.unwrap()), ["seal 2"]);
        run(&fresh, &["UPDATE history_seal_item SET revision = 1".to_owned()]).await;
        assert_eq!(found(&verify(&app).await.unwrap()), ["seal 1"], "{a}");
    }
}

// A final voucher, rewritten with its sums right.
#[tokio::test]
async fn a_final_voucher_that_was_rewritten_is_found() {
    for fresh in database::each().await {
        let (company, _) = with_history(&fresh).await;
        let app = with_key(&company.app, KEY);
        let put = "UPDATE voucher SET status = 'final', voucher_no = 1, finalised_by = 'a',
             finalised_at = '2026-11-21T08:00:00+00:00' WHERE reference_no = 1";
        run(&fresh, &[put.to_owned()]).await;
        assert_eq!(seal(&app).await.unwrap(), 2, "the ticket and the voucher");
        assert_eq!(found(&verify(&app).await.unwrap()), Vec::<&str>::new());
        disarm(&fresh).await;
        run(&fresh, &["UPDATE voucher SET status = 'reversed', reversed_by = 2".to_owned()]).await;
        assert_eq!(found(&verify(&app).await.unwrap()), Vec::<&str>::new(), "it may be reversed later");
        run(&fresh, &["UPDATE voucher SET text = 'another'".to_owned()]).await;
        assert_eq!(found(&verify(&app).await.unwrap()), ["voucher 1"]);
    }
}
