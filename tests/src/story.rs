//! A story of a scenario file, told to a server through the HTTP API: what is given becomes entries of registers,
//! steps are requests of signed-in users, time is the demo's `tick`, and what came of it is asked from outside.
//!
//! The engine runs the same files alone. Expectations are compared by the engine's own comparison, so that a
//! story cannot mean one thing there and another here.

mod observe;
mod registers;
mod stage;

use std::collections::BTreeMap;

use aftercare::entity::{ticket_link, timer};
use aftercare::tick::tick;
use aftercare_engine::definition::scenario::{Expect, Given, Scenario, Step};
use aftercare_engine::diagnostic::{Diagnostic, Place, Sp};
use aftercare_engine::facts::Value as Fact;
use aftercare_engine::scenario::{self, moment};
use aftercare_engine::step::Reason;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder};
use serde_json::{Map, Value, json};

use crate::client::{Client, Reply, pixel};
use crate::world::World;

pub use registers::left_out;
pub use stage::Stage;

/// Somebody who sees everything: a user with every role of the house.
pub const AUDITOR: &str = "auditor";

/// Tells a story to a server of its own; what did not come out as written comes back.
pub async fn tell(stage: &Stage, scenario: &Scenario) -> Vec<Diagnostic> {
    watch(stage, scenario, async |_, _| {}).await
}

/// The same, and somebody looks at the ticket wherever it stands: after its opening and after each step.
pub async fn watch(
    stage: &Stage,
    scenario: &Scenario,
    mut look: impl AsyncFnMut(&World, &str),
) -> Vec<Diagnostic> {
    let bundle = stage.version.bundle();
    let given = scenario::whole(bundle, &scenario.given).expect("givens that exist");
    let now = scenario::begins(&given).expect("a moment");
    let world = stage.open(now).await;
    registers::put(&world, bundle, &given).await;
    let mut story = Story {
        stage,
        world: &world,
        given: &given,
        process: &scenario.process.value,
        clients: BTreeMap::new(),
        tickets: vec![Told::default()],
        at: 0,
        found: Vec::new(),
    };
    story.open(scenario).await;
    if let Some(code) = story.told().code.clone() {
        story.listen().await;
        look(&world, &code).await;
        for (n, step) in (1..).zip(&scenario.steps) {
            story.step(n, step).await;
            look(&world, &code).await;
        }
        if let Some(then) = &scenario.then {
            story.at = 0;
            story.compare("then", then, false).await;
        }
        story.is_whole(scenario.scenario.place).await;
    }
    story.found
}

/// Where the ticket stood before a step: what is behind it came of the step.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    revision: i64,
    voucher: i64,
}

/// A ticket of the story.
#[derive(Debug, Default)]
struct Told {
    code: Option<String>,
    before: Mark,
    outcome: String,
    reasons: Vec<Reason>,
    /// What has come so far has been looked at.
    looked: Option<Mark>,
}

/// A story while it is told.
struct Story<'s> {
    stage: &'s Stage,
    world: &'s World,
    given: &'s Given,
    process: &'s str,
    clients: BTreeMap<String, Client>,
    tickets: Vec<Told>,
    /// The ticket that is spoken of.
    at: usize,
    found: Vec<Diagnostic>,
}

impl Story<'_> {
    async fn open(&mut self, scenario: &Scenario) {
        let default = Sp::new(Step::default(), scenario.process.place);
        let step = scenario.open.as_ref().unwrap_or(&default);
        let fact = |path: &str| self.given.facts.get(path.split('.').next()?)?.at(path.split_once('.')?.1);
        let mut body = json!({"process": self.process, "data": plain(&step.data)});
        let mut put = |key: &str, path: &str| {
            if let Some(value) = fact(path).filter(|value| !value.is_null()) {
                body[key] = value.to_json();
            }
        };
        put("branch", "ticket.branch");
        put("channel", "ticket.channel");
        put("customer", "customer.code");
        put("agency", "ticket.agency");
        put("device", "device.serial");
        let by = step.by.as_ref().map_or("nobody", |by| by.value.as_str());
        let reply = self.client(by).await.post("/api/tickets", &body).await;
        self.told().code =
            (reply.status == 201).then(|| reply.at("/code").as_str().map(str::to_owned)).flatten();
        self.take_down(&reply);
        self.judge("open", step.place, step.expect.as_ref(), true).await;
        self.look_away().await;
    }

    fn told(&mut self) -> &mut Told {
        &mut self.tickets[self.at]
    }

    /// Goes over to the ticket that a step is about, which may be one that another has opened.
    async fn turn_to(&mut self, step: &Sp<Step>) -> bool {
        self.at = 0;
        let Some(on) = &step.on else { return true };
        let links = ticket_link::Entity::find().filter(ticket_link::Column::Child.is_not_null());
        let links = links.order_by_asc(ticket_link::Column::At).order_by_asc(ticket_link::Column::Child);
        let links = links.all(self.world.app.store.reader()).await.expect("links");
        let named =
            |link: &&ticket_link::Model| link.invoke.as_ref().or(link.link.as_ref()) == Some(&on.value);
        let Some(code) = links.iter().rfind(named).and_then(|link| link.child.clone()) else {
            let message = format!("no ticket `{}` has been opened so far", on.value);
            self.found.push(Diagnostic::error("AC0701", on.place, message));
            return false;
        };
        let known = self.tickets.iter().position(|told| told.code.as_ref() == Some(&code));
        self.at = known.unwrap_or_else(|| {
            let outcome = "moved".to_owned();
            self.tickets.push(Told { code: Some(code), outcome, ..Told::default() });
            self.tickets.len() - 1
        });
        true
    }

    /// What comes from now on has not been looked at.
    async fn look_away(&mut self) {
        if self.told().code.is_some() {
            let mark = self.mark().await;
            self.told().looked = Some(mark);
        }
    }

    /// What tickets have told one another arrives.
    async fn listen(&mut self) {
        let waits = timer::Entity::find()
            .filter(timer::Column::State.eq("armed"))
            .filter(timer::Column::Name.starts_with("$invoke.").or(timer::Column::Name.eq("cancel.invoke")));
        let waits = waits.one(self.world.app.store.reader()).await.expect("timers");
        if waits.is_some() {
            let now = self.world.app.clock.now();
            self.pass_time(now).await;
        }
    }

    /// Moves the clock; what came of it counts for whichever ticket it came to.
    async fn pass_time(&mut self, until: DateTime<Utc>) {
        let fired = tick(&self.world.app, until).await.expect("time passes");
        for told in &mut self.tickets {
            let Some(code) = &told.code else { continue };
            let last = fired.iter().rfind(|event| event.ticket == *code);
            let seen = told.looked.unwrap_or(told.before).revision;
            // What was due at the very moment of the step before is told once more.
            if let Some(last) = last.filter(|last| last.seq > seen) {
                told.anew();
                told.outcome.clone_from(&last.outcome);
            }
        }
    }

    async fn step(&mut self, n: usize, step: &Sp<Step>) {
        let event = step.event.as_ref().map_or("time passes", |event| event.value.as_str());
        let name = format!("step {n} `{event}`");
        if !self.turn_to(step).await {
            return;
        }
        self.told().anew();
        let calendar = self.stage.version.calendar(None);
        match moment(step, self.world.app.clock.now(), &calendar) {
            Ok(Some(until)) => self.pass_time(until).await,
            Ok(None) => {}
            Err(wrong) => self.found.push(*wrong),
        }
        for kind in &step.files {
            self.attach(step, &kind.value).await;
        }
        if let Some(event) = &step.event {
            let by = step.by.as_ref().map_or("nobody", |by| by.value.as_str());
            let revision = self.mark().await.revision;
            let body = json!({"revision": revision, "data": plain(&step.data)});
            let path = format!("{}/steps/{}", self.path(), event.value);
            let reply = self.client(by).await.post(&path, &body).await;
            self.take_down(&reply);
        }
        if step.event.is_some() || step.expect.is_some() {
            self.judge(&name, step.place, step.expect.as_ref(), step.event.is_some()).await;
        }
        self.look_away().await;
        self.listen().await;
    }

    /// Sends a file as whoever takes the step.
    async fn attach(&mut self, step: &Step, kind: &str) {
        let by = step.by.as_ref().map_or(AUDITOR, |by| by.value.as_str());
        let path = format!("{}/files?name={kind}.png&kind={kind}", self.path());
        let reply = self.client(by).await.send_file(&path, "image/png", pixel()).await;
        assert_eq!(reply.status, 201, "{kind}: {}", reply.text);
    }

    /// What the server answered, in the words of the scenario files.
    fn take_down(&mut self, reply: &Reply) {
        let json = reply.json();
        let reasons = json.get("reasons").and_then(Value::as_array);
        let told = self.told();
        if matches!(reply.status, 200 | 201) {
            told.outcome = json["outcome"].as_str().unwrap_or_default().to_owned();
        } else if let Some(reasons) = reasons.filter(|reasons| !reasons.is_empty()) {
            told.outcome = "refused".to_owned();
            told.reasons =
                reasons.iter().filter_map(|reason| serde_json::from_value(reason.clone()).ok()).collect();
        } else if reply.status == 422 && json.get("present").is_some() {
            // A timer may have moved the ticket before the event that nobody waits for any more.
        } else {
            told.outcome = format!("{} {}", reply.status, reply.text);
        }
    }

    /// Without anything expected, a step must at least not be refused or ignored.
    async fn judge(&mut self, name: &str, place: Place, expected: Option<&Sp<Expect>>, is_sent: bool) {
        let default = Sp::new(Expect::default(), place);
        self.compare(name, expected.unwrap_or(&default), is_sent).await;
    }

    async fn compare(&mut self, name: &str, expected: &Sp<Expect>, is_sent: bool) {
        let differences = observe::compare(self, name, expected, is_sent).await;
        self.found.extend(differences);
    }

    /// In the end nothing may have got stuck, and the store must be whole.
    async fn is_whole(&mut self, place: Place) {
        let incidents = self.client("manager").await.get("/api/incidents").await;
        if incidents.at("/0") != Value::Null || incidents.status != 200 {
            self.found.push(Diagnostic::error(
                "AC0702",
                place,
                format!("there are incidents: {}", incidents.text),
            ));
        }
        let report = aftercare::verify::verify(&self.world.app).await.expect("a report");
        for finding in report.findings {
            self.found.push(Diagnostic::error(
                "AC0702",
                place,
                format!("the store is not whole: {finding:?}"),
            ));
        }
    }

    async fn mark(&mut self) -> Mark {
        let path = self.path();
        let auditor = self.client(AUDITOR).await;
        let revision = auditor.get(&path).await.at("/ticket/revision").as_i64().unwrap_or_default();
        let vouchers = auditor.get(&format!("{path}/vouchers")).await.json();
        let references = vouchers.as_array().into_iter().flatten();
        let voucher =
            references.filter_map(|voucher| voucher["reference"].as_i64()).max().unwrap_or_default();
        Mark { revision, voucher }
    }

    fn path(&self) -> String {
        format!("/api/tickets/{}", self.tickets[self.at].code.as_deref().unwrap_or_default())
    }

    async fn client(&mut self, name: &str) -> Client {
        if let Some(client) = self.clients.get(name) {
            return client.clone();
        }
        let client = self.world.as_user(name).await;
        self.clients.insert(name.to_owned(), client.clone());
        client
    }
}

impl Told {
    /// What comes now has not been looked at.
    fn anew(&mut self) {
        if let Some(mark) = self.looked.take() {
            self.before = mark;
            self.outcome = "ignored".to_owned();
            self.reasons.clear();
        }
    }
}

/// A map of a scenario file as JSON.
fn plain(map: &aftercare_engine::facts::Map) -> Value {
    Value::Object(
        map.iter().map(|(name, value)| (name.to_string(), Fact::to_json(value))).collect::<Map<_, _>>(),
    )
}
