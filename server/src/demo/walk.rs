//! Three months of work: tickets are opened and taken on, step by step, by whoever may.
//!
//! The walker asks what may be done, as a person's screen does, and prefers what leads on. Refusals are part of
//! the story: it then tries something else.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use aftercare_engine::definition::process::{Category, Subject};
use aftercare_engine::facts::{Actor, Facts, Map};
use aftercare_engine::statechart::{StateId, Statechart, Transition};
use aftercare_engine::step::{Offer, offers};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::EntityTrait;

use crate::app::App;
use crate::clock::StandingClock;
use crate::entity;
use crate::step::{Answer, Due, Look, Opening, Take};
use crate::store::StoreError;
use crate::worker::Courier;

use super::dice::Dice;
use super::forms::{Choices, Occasion};
use super::names::Tongue;
use super::papers;

/// What the walk has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    pub tickets: usize,
    pub steps: usize,
    pub refused: usize,
    pub timers: usize,
}

/// Under this name the walk claims timers.
const CLAIM: &str = "demo";
/// What comes with a ticket that is asked for its papers.
const SHEET: &str = "job_sheet";
/// How likely nothing happens, beside the wishes of [`appeal`].
const REST: i64 = 40;
/// Most steps of one ticket.
const LONGEST: usize = 60;
/// Refusals after which a ticket is left to rest.
const PATIENCE: usize = 8;

struct Walk<'a> {
    app: App,
    courier: Courier,
    dice: &'a mut Dice,
    choices: Choices,
    branches: Vec<entity::branch::Model>,
    devices: Vec<entity::device::Model>,
    customers: BTreeMap<String, entity::customer::Model>,
    done: Walked,
}

/// What waits for its moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    Open,
    Step { code: String, past: Vec<String>, refused: usize },
}

/// Walks so many tickets from one moment to another.
pub async fn walk(
    app: &App,
    dice: &mut Dice,
    begin: DateTime<Utc>,
    end: DateTime<Utc>,
    tickets: usize,
) -> Result<Walked, StoreError> {
    let clock = Arc::new(StandingClock::at(begin));
    let app = App { clock: clock.clone(), ..app.clone() };
    let mut queue = BinaryHeap::new();
    let minutes = (end - begin).num_minutes();
    for _ in 0..tickets {
        let at = begin + TimeDelta::minutes(dice.between(1, minutes - 120));
        queue.push(Reverse((at, Next::Open)));
    }
    let mut walk = Walk::begin(app, dice).await?;
    while let Some(Reverse((at, next))) = queue.pop() {
        if at > end {
            continue;
        }
        walk.fire(&clock, at).await?;
        walk.courier.deliver_due().await?;
        clock.set(at);
        let following = match next {
            Next::Open => walk.open(at).await?,
            Next::Step { code, past, refused } => walk.step(at, code, past, refused).await?,
        };
        if let Some(following) = following {
            let pause = TimeDelta::minutes(walk.dice.between(15, 2 * 24 * 60));
            queue.push(Reverse((at + pause, following)));
        }
    }
    walk.fire(&clock, end).await?;
    walk.courier.deliver_due().await?;
    Ok(walk.done)
}

impl<'a> Walk<'a> {
    async fn begin(app: App, dice: &'a mut Dice) -> Result<Self, StoreError> {
        let db = app.store.reader();
        let roles = entity::user_role::Entity::find().all(db).await?;
        let users: BTreeMap<String, entity::user::Model> = entity::user::Entity::find()
            .all(db)
            .await?
            .into_iter()
            .map(|user| (user.name.clone(), user))
            .collect();
        let customers = entity::customer::Entity::find().all(db).await?;
        let choices = Choices {
            customers: customers.iter().map(|customer| customer.code.clone()).collect(),
            users: roles
                .into_iter()
                .filter_map(|held| {
                    let home = users.get(&held.user_name)?.branch.clone();
                    Some((held.user_name, held.role, home))
                })
                .collect(),
            agencies: entity::agency::Entity::find().all(db).await?,
            parts: entity::part::Entity::find().all(db).await?,
            services: entity::service::Entity::find().all(db).await?,
            plans: plans(db).await?,
            devices: sold(app.store.reader()).await?,
        };
        Ok(Self {
            choices,
            branches: entity::branch::Entity::find().all(db).await?,
            devices: entity::device::Entity::find().all(db).await?,
            customers: customers.into_iter().map(|customer| (customer.code.clone(), customer)).collect(),
            done: Walked::default(),
            // Whatever gateways this server has: nobody is written to about what never happened.
            courier: Courier::new(app.clone(), Arc::default()),
            app,
            dice,
        })
    }

    /// Fires the timers that came due, each at its own moment.
    async fn fire(&mut self, clock: &StandingClock, until: DateTime<Utc>) -> Result<(), StoreError> {
        while let Some(moment) = self.app.store.next_timer().await?.filter(|moment| *moment <= until) {
            clock.set(moment.max(self.app.clock.now()));
            for row in self.app.store.claim_timers(CLAIM, self.app.clock.now(), 64).await? {
                let due = Due {
                    ticket: row.ticket.clone(),
                    timer: row.name.clone(),
                    event: row.event.clone(),
                    data: serde_json::from_str(&row.data).unwrap_or_default(),
                    claim: CLAIM.to_owned(),
                };
                match self.app.fire_timer(due).await? {
                    Answer::Done { .. } => self.done.timers += 1,
                    Answer::Ignored(_) => {}
                    _ => self.app.store.delay_timer(&row, CLAIM, None).await?,
                }
            }
        }
        Ok(())
    }

    async fn open(&mut self, at: DateTime<Utc>) -> Result<Option<Next>, StoreError> {
        let version = self.app.catalog.current();
        let charts: Vec<(&Arc<Statechart>, i64)> = version
            .bundle()
            .processes
            .values()
            .filter_map(|process| process.chart.as_ref())
            .map(|chart| (chart, weight(chart)))
            .collect();
        let Some(chart) = self.dice.weighted(&charts).copied() else { return Ok(None) };
        let Some(branch) = self.dice.pick(&self.branches).map(|branch| branch.code.clone()) else {
            return Ok(None);
        };
        // What is about no unit comes from an agency, or from a customer, who often has one in mind.
        let is_about_unit = chart.subject == Some(Subject::Device);
        let from_agency = !is_about_unit && self.dice.percent(40);
        let names_one = is_about_unit || (!from_agency && self.dice.percent(60));
        let device = self.dice.pick(&self.devices).filter(|_| names_one).cloned();
        let owner = device.as_ref().and_then(|device| device.owner.clone());
        let someone = self.dice.pick(&self.choices.customers).cloned();
        let tongue = self.tongue(owner.as_deref());
        let roles: Vec<&String> = chart.opened_by.iter().collect();
        let Some(role) = self.dice.pick(&roles).copied() else { return Ok(None) };
        let actor = self.actor(role, &branch);
        let facts = Facts::new(at, actor.clone());
        let serial = device.as_ref().map(|device| device.serial.clone()).unwrap_or_default();
        let occasion = Occasion { chart, facts: &facts, now: at, branch: &branch, tongue, serial: &serial };
        let data = self.choices.fill(self.dice, &chart.form, &[], &occasion);
        let agency = from_agency
            .then(|| self.choices.agencies.iter().find(|agency| agency.kind != "partner"))
            .flatten()
            .map(|agency| agency.code.clone());
        let channel = self.dice.weighted(&[("counter", 30), ("call_center", 40), ("web", 20), ("qr", 10)]);
        let opening = Opening {
            process: chart.name.clone(),
            branch,
            channel: channel.copied().unwrap_or("counter").to_owned(),
            customer: owner.or(someone).filter(|_| agency.is_none()),
            device: Some(serial).filter(|serial| !serial.is_empty()),
            agency,
            data,
            parent: None,
        };
        let chart = Arc::clone(chart);
        let sender = (actor.name.clone(), actor.agency.clone());
        match self.app.open_ticket(actor, opening, None).await? {
            Answer::Done { code, .. } => {
                self.done.tickets += 1;
                if chart.asks("files") {
                    papers::attach(&self.app, &code, SHEET, (&sender.0, sender.1), at).await?;
                }
                Ok(Some(Next::Step { code, past: Vec::new(), refused: 0 }))
            }
            other => {
                tracing::debug!(?other, "the demo's opening was refused");
                self.done.refused += 1;
                // Somebody else with another device comes in.
                Ok(Some(Next::Open))
            }
        }
    }

    async fn step(
        &mut self,
        at: DateTime<Utc>,
        code: String,
        mut past: Vec<String>,
        refused: usize,
    ) -> Result<Option<Next>, StoreError> {
        if past.len() >= LONGEST || refused >= PATIENCE {
            return Ok(None);
        }
        let Some(look) = self.app.look(Actor::system(), &code, Map::new()).await? else { return Ok(None) };
        let facts = &look.assembled.facts;
        let open: Vec<Offer<'_>> = offers(&look.chart, &look.configuration, facts)
            .into_iter()
            .filter(|offer| {
                offer.refused.is_empty() && !(offer.transition.records_payment() && owes_nothing(facts))
            })
            .collect();
        if open.is_empty() {
            // Somebody else is awaited, or it is over.
            let waits = !look.configuration.is_finished() && refused + 1 < PATIENCE;
            return Ok(waits.then_some(Next::Step { code, past, refused: refused + 1 }));
        }
        // Letting it lie for a while is always possible.
        let wish = |offer: &Offer<'_>| appeal(&look.chart, offer.transition, taken(&past, &offer.name()));
        let mut weighted: Vec<(Option<&Offer<'_>>, i64)> =
            open.iter().map(|offer| (Some(offer), wish(offer))).collect();
        weighted.push((None, REST));
        let Some(offer) = self.dice.weighted(&weighted).copied().flatten() else {
            return Ok(Some(Next::Step { code, past, refused: refused + 1 }));
        };
        let (transition, event) = (offer.transition, offer.name());
        let branch = look.ticket.branch.clone();
        let tongue = self.tongue(look.ticket.customer.as_deref());
        let serial = look.ticket.device.clone().unwrap_or_default();
        let occasion =
            Occasion { chart: &look.chart, facts, now: at, branch: &branch, tongue, serial: &serial };
        let data = self.choices.fill(self.dice, &transition.form, &offer.begins, &occasion);
        let Some(actor) = self.whoever_may(transition, &look) else { return Ok(None) };
        let ticket = Some(Box::new(look.ticket.clone()));
        let take = Take { code: code.clone(), event: event.clone(), revision: None, data, ticket };
        let next = match self.app.take_step(actor, take, None).await? {
            Answer::Done { .. } => {
                self.done.steps += 1;
                past.push(event);
                Next::Step { code, past, refused: 0 }
            }
            other => {
                tracing::debug!(?other, event, "the demo's step was refused");
                self.done.refused += 1;
                Next::Step { code, past, refused: refused + 1 }
            }
        };
        Ok(Some(next))
    }

    /// Somebody with a fitting role. Roles that are only for who is in charge are taken by that person.
    fn whoever_may(&mut self, transition: &Transition, look: &Look) -> Option<Actor> {
        let roles = &look.version.library().roles;
        let bound = |role: &&String| roles.get(role).is_some_and(|role| role.in_charge);
        let in_charge = look.ticket.technician.clone();
        let fitting: Vec<&String> =
            transition.by.iter().filter(|role| in_charge.is_some() || !bound(role)).collect();
        let all: Vec<&String> = transition.by.iter().collect();
        let role = *self.dice.pick(if fitting.is_empty() { &all } else { &fitting })?;
        match in_charge.filter(|_| bound(&role)) {
            Some(name) => Some(Actor { name, roles: vec![role.clone()], agency: None }),
            None => Some(self.actor(role, &look.ticket.branch)),
        }
    }

    fn actor(&mut self, role: &str, branch: &str) -> Actor {
        let name = self.choices.user(self.dice, Some(role), branch).unwrap_or_else(|| role.to_owned());
        Actor { name, roles: vec![role.to_owned()], agency: None }
    }

    fn tongue(&self, customer: Option<&str>) -> &'static Tongue {
        let language =
            customer.and_then(|code| self.customers.get(code)).map(|customer| customer.language.as_str());
        Tongue::of(language.unwrap_or_default())
    }
}

/// Serials of the units that somebody has.
async fn sold(db: &impl sea_orm::ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let devices = entity::device::Entity::find().all(db).await?;
    Ok(devices.into_iter().filter(|device| device.owner.is_some()).map(|device| device.serial).collect())
}

/// Codes of the service plans for any goods: they fit every device.
async fn plans(db: &impl sea_orm::ConnectionTrait) -> Result<Vec<String>, StoreError> {
    let plans = entity::service_plan::Entity::find().all(db).await?;
    Ok(plans.into_iter().filter(|plan| plan.category.is_none()).map(|plan| plan.code).collect())
}

/// Processes with more states are the company's daily bread.
fn weight(chart: &Statechart) -> i64 {
    i64::try_from(chart.states().len()).unwrap_or(1)
}

/// Nobody pays what is not owed.
fn owes_nothing(facts: &Facts) -> bool {
    let owed = facts.world.get("charges").and_then(|charges| charges.get("customer_owes")?.as_decimal());
    owed.is_none_or(|owed| owed.is_zero())
}

/// How often this ticket has seen a step.
fn taken(past: &[String], event: &str) -> usize {
    past.iter().filter(|name| *name == event).count()
}

/// How likely somebody does this. What leads on is usual; what else a whole group of states offers is a way out, and
/// rare, as is going back, giving up or touching what is already over. Nobody does the same thing over and over.
fn appeal(chart: &Statechart, transition: &Transition, before: usize) -> i64 {
    let source = chart.state(transition.source);
    let here = progress(chart, transition.source);
    let ends =
        |category| transition.targets.iter().any(|target| chart.state(*target).category == Some(category));
    let there = transition.targets.iter().map(|target| arrival(chart, *target)).max();
    let leads_on = there.flatten().is_some_and(|there| there > here);
    let gives_up = ends(Category::Cancelled)
        || (!source.is_atomic() && !leads_on)
        || source.category == Some(Category::Done);
    let wish = match there {
        _ if gives_up => 1,
        Some(Some(there)) if there > here => 600,
        Some(Some(there)) if there == here => 150,
        Some(Some(_)) => 8,
        // A state that only passes on, such as one that decides by `always`.
        Some(None) => 300,
        None if transition.only_tells() => 10,
        None => 120,
    };
    let times = i64::try_from(before).unwrap_or(i64::MAX);
    (wish / times.saturating_mul(times).saturating_mul(3).saturating_add(1)).max(1)
}

/// Where a target leads to: its own progress, or that of where it starts, if anybody gave it one.
fn arrival(chart: &Statechart, id: StateId) -> Option<u8> {
    let inside = || chart.descendants(id).filter_map(|inner| chart.state(inner).progress).min();
    let around = || chart.ancestors(id).find_map(|up| chart.state(up).progress);
    chart.state(id).progress.or_else(inside).or_else(around)
}

/// A state's progress, or that of the nearest state around it.
fn progress(chart: &Statechart, id: StateId) -> u8 {
    let own = chart.state(id).progress;
    own.or_else(|| chart.ancestors(id).find_map(|up| chart.state(up).progress)).unwrap_or(0)
}
