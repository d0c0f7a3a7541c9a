//! The stories of the processes, told to a real server: what the engine alone makes of them, the whole makes too.

use aftercare::entity::stock_move;
use aftercare::store::StoreError;
use aftercare::verify::verify;
use aftercare_engine::definition::OneOrMany;
use aftercare_engine::definition::scenario::{Expect, Scenario};
use aftercare_engine::diagnostic::{Sp, render};
use aftercare_tests::story::{Stage, left_out, tell, watch};
use aftercare_tests::world::World;
use futures_util::StreamExt;
use futures_util::stream;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// Stories that a store cannot hold, and why. Everything else is told.
const LEFT_OUT: [(&str, &str); 8] = [
    (
        "a card of another device and a second claim within a month are looked at by somebody",
        "no register holds `others`",
    ),
    (
        "what the law keeps back of an agency's bill is a percentage of it without its tax",
        "no register holds `rates`",
    ),
    (
        "a device without a serial gives no cover",
        "the serial is the key of a device: the register has none without",
    ),
    (
        "a company without a provision that books its own labour bears all of it as an expense of the day",
        "no register holds `rates`",
    ),
    (
        "own work that the customer pays for is a cost of services where labour is booked",
        "no register holds `rates`",
    ),
    ("where the law asks for it goodwill bears the tax on what it costs", "no register holds `rates`"),
    ("own work of a visit is booked where the company books its labour (M1)", "no register holds `rates`"),
    (
        "an extension that is expected to cost more than it was sold for is a loss at once",
        "no register holds `rates`",
    ),
];

/// Stories told at the same time.
const AT_ONCE: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn every_story_comes_out_on_a_server_as_the_engine_alone_makes_it() {
    for stage in Stage::each().await {
        let (wrong, told) = differences(&stage).await;
        assert!(wrong.is_empty(), "{} of {told} stories differ:\n{}", wrong.len(), wrong.join("\n"));
    }
}

/// Tells the stories on one engine. What came out otherwise, and how many were told.
async fn differences(stage: &Stage) -> (Vec<String>, usize) {
    let bundle = stage.version.bundle();
    let wanted = std::env::var("STORY").unwrap_or_default();
    let chosen = |story: &&Scenario| story.scenario.value.contains(&wanted);
    let told: Vec<&Scenario> =
        bundle.scenarios.iter().filter(|story| left_out(bundle, story).is_none()).filter(chosen).collect();
    let found = stream::iter(&told).map(|story| async {
        let found = tell(stage, story).await;
        let text = render::short(&found, &bundle.sources);
        if text.is_empty() { text } else { format!("# {}\n{text}", story.scenario.value) }
    });
    let found: Vec<String> = found.buffer_unordered(AT_ONCE).collect().await;
    (found.into_iter().filter(|text| !text.is_empty()).collect(), told.len())
}

#[tokio::test]
async fn parts_that_left_for_another_value_than_was_posted_are_found_when_the_ticket_is_over() {
    let stage = Stage::build().await;
    let mut attacked = 0;
    for story in
        stage.version.bundle().scenarios.iter().filter(|story| story.process.value == "parts_sale").take(8)
    {
        watch(&stage, story, async |world, code| {
            let ticket = world.app.store.ticket(code).await.unwrap().unwrap();
            if !ticket.finished || attacked > 0 {
                return;
            }
            let changed = world.app.store.write::<_, StoreError, _>(|tx| {
                Box::pin(async move {
                    tx.execute_unprepared("DROP TRIGGER stock_move_refuses_update").await?;
                    let less = "UPDATE stock_move SET value = value - 1 WHERE kind = 'issue'";
                    Ok(tx.execute_unprepared(less).await?.rows_affected())
                })
            });
            if changed.await.unwrap() > 0 {
                attacked += 1;
                let report = verify(&world.app).await.unwrap();
                let told = |kind: &str, subject: &str| {
                    report.findings.iter().any(|one| one.kind == kind && one.subject == subject)
                };
                let warehouse = ticket_warehouse(world, code).await;
                assert!(told("ledger", &format!("{code}/{warehouse}")), "{report:?}");
            }
        })
        .await;
    }
    assert!(attacked > 0, "no story of a sale ends with parts that have left");
}

/// The warehouse that a ticket took parts from.
async fn ticket_warehouse(world: &World, code: &str) -> String {
    let own = stock_move::Entity::find().filter(stock_move::Column::Ticket.eq(code));
    own.one(world.app.store.reader()).await.unwrap().expect("a move").warehouse
}

#[tokio::test]
async fn a_story_that_expects_something_else_is_told_to_differ() {
    let stage = Stage::build().await;
    let bundle = stage.version.bundle();
    let with_lines = |expect: &&mut Sp<Expect>| expect.vouchers.is_some();
    let mut found = bundle.scenarios.iter().cloned().filter_map(|mut story| {
        let wanted = story.steps.iter_mut().filter_map(|step| step.value.expect.as_mut()).find(with_lines)?;
        let vouchers = wanted.value.vouchers.as_mut()?;
        let line = vouchers.value.0.iter_mut().find_map(|voucher| voucher.lines.as_mut()?.first_mut())?;
        line.amount.value.push('1');
        wanted.value.messages = Some(Sp::new(OneOrMany::default(), wanted.place));
        Some(story)
    });
    let wrong = found.next().expect("a story with vouchers");
    let text = render::short(&tell(&stage, &wrong).await, &bundle.sources);
    assert!(text.contains("expected the line"), "{text}");
    assert!(text.contains("expected the messages nothing, got"), "{text}");
}

#[tokio::test]
async fn a_story_is_left_out_only_for_a_reason_that_is_written_down() {
    let stage = Stage::build().await;
    let bundle = stage.version.bundle();
    let found: Vec<(String, String)> = bundle
        .scenarios
        .iter()
        .filter_map(|story| Some((story.scenario.value.clone(), left_out(bundle, story)?)))
        .collect();
    assert_eq!(found, LEFT_OUT.map(|(story, why)| (story.to_owned(), why.to_owned())));
    assert!(bundle.scenarios.len() > 60, "where are the stories?");
}
