//! The facts of a step, filled from the registers by the names of the engine's `facts::shape`.
//!
//! It looks things up and decides nothing. What it found is kept with the step, so that the decision can be made
//! again years later from the same facts: see [`FactSet`].

mod enrich;
pub mod item;
pub mod lookup;
mod party;
mod subject;
mod ticket;

use std::collections::BTreeMap;
use std::sync::Arc;

use aftercare_engine::facts::enrich::{agencies_named, plan_named};
use aftercare_engine::facts::{Actor, Facts, Map, Value, charges, shape};
use aftercare_engine::ledger::{Currency, amount};
use aftercare_engine::statechart::Statechart;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use enrich::{codes_in, strip};
pub use party::{agency_code, customer_fact};
pub use subject::card as card_fact;
pub use ticket::{decided, fields as stored_fields};

use crate::catalog::Version;
use crate::entity;
use crate::store::read::around::{Around, Asked};
use crate::store::read::party::stocked;
use crate::store::step::Owed;
use crate::store::{Store, StoreError};
use party::Agency;

/// Facts by name. Shared, because most steps change none of them and many tickets have some in common.
pub type World = BTreeMap<Arc<str>, Arc<Value>>;

/// What the registers said when a step was decided, kept with the step.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FactSet {
    /// `device`, `product`, `policy`, `card`, `customer`, `agency`, `service_plan`, `rates`: as [`shape`] has them, no key missing.
    pub world: World,
    /// Register entries of the parts and services that forms and fields name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub parts: Map,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub services: Map,
    /// The agency that the ticket was opened for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_for: Option<String>,
    /// The agency or partner that whoever took the step works for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_agency: Option<String>,
    /// What the ticket that has opened this one calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_as: Option<String>,
    /// The van of the technician in charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub van: Option<String>,
}

impl FactSet {
    /// As it was kept with a step.
    pub fn read(json: &str) -> Result<Self, StoreError> {
        let mut set: Self =
            serde_json::from_str(json).map_err(|error| StoreError::corrupt("facts", error))?;
        for (name, value) in &mut set.world {
            *value = Arc::new(shape::read(name, Arc::unwrap_or_clone(std::mem::take(value))));
        }
        Ok(set)
    }
}

/// What a step is about, before anything is looked up.
pub struct Moment<'a> {
    pub now: DateTime<Utc>,
    pub by: Actor,
    /// The form as it was sent.
    pub data: Map,
    pub version: &'a Version,
    pub chart: &'a Statechart,
    pub ticket: &'a entity::ticket::Model,
    pub branch: &'a entity::branch::Model,
    /// How people reach this server.
    pub home: &'a str,
    /// What the ticket that is just opening this one calls it.
    pub opened_as: Option<&'a str>,
}

/// Facts for the engine, and what of them must be kept.
pub struct Assembled {
    pub facts: Facts,
    pub set: FactSet,
    /// The card as it was read, for the check that nobody changed it meanwhile.
    pub card: Option<entity::card::Model>,
    /// The version of the device as it was read.
    pub device: Option<i64>,
    /// Parts fitted in the device, as they were read.
    pub fitted: Vec<entity::fitted_part::Model>,
    /// What the agency owed.
    pub owed: Option<Owed>,
    /// Names by language, as JSON, of facts that have one.
    pub names: Vec<(&'static str, String)>,
}

/// Looks up everything that a step of this ticket may ask for.
pub async fn assemble(store: &Store, moment: Moment<'_>) -> Result<Assembled, StoreError> {
    let ticket = moment.ticket;
    let fields = ticket::fields(ticket, moment.chart)?;
    let agency = agency_code(ticket, &moment.data, moment.chart);
    let (codes, services) = codes_in(moment.chart, &moment.data, &fields);
    let warehouse = moment.branch.warehouse.as_deref();
    let provisions = subject::provisions(moment.version);
    let asked = Asked {
        serial: ticket.device.as_deref(),
        provisions: &provisions,
        lines: Some(ticket.code.as_str()).filter(|_| ticket.lines > 0),
        payment: Some(ticket.code.as_str()).filter(|_| ticket.paid != 0),
        parts: &codes,
        warehouse,
    };
    let (around, customer, agency, parts, services) = tokio::try_join!(
        store.around(asked),
        party::find_customer(store, ticket.customer.as_deref()),
        party::find_agency(store, agency.as_deref(), moment.version),
        store.parts_alone(&codes),
        store.services(&services, moment.version.day(moment.now)),
    )?;
    let Around { subject, provision, lines, payment, balances } = around;
    let lines = lines.iter().map(|row| line(&row.body)).collect::<Result<_, _>>()?;
    let parts = stocked(parts, &balances);
    let currency = moment.version.currency();
    let names = Names::new(store, moment.version);
    let opened_for = ticket.agency.clone().filter(|_| ticket.revision == 0);
    let by_agency = moment.by.agency.clone();
    let mut set = FactSet { opened_for, by_agency, ..FactSet::default() };
    if ticket.parent.is_some() {
        set.opened_as = match moment.opened_as {
            Some(name) => Some(name.to_owned()),
            None => store.opened_as(&ticket.code).await?,
        };
    }
    // Nobody takes parts out of a van before there are parts.
    if let Some(technician) = ticket.technician.as_deref().filter(|_| ticket.lines > 0 || !codes.is_empty()) {
        set.van = store.van_of(technician).await?.map(|van| van.code.clone());
    }
    let in_van = match set.van.as_deref().filter(|_| !codes.is_empty()) {
        Some(van) => store.parts(&codes, Some(van)).await?,
        None => Vec::new(),
    };
    let (mut card, mut device, mut fitted, mut translated) = (None, None, Vec::new(), Vec::new());
    let mut consigned = Vec::new();
    if let Some(agency) = &agency {
        translated.push(("agency", agency.row.name.clone()));
        if let Some(warehouse) = agency.warehouse.as_deref().filter(|_| !parts.is_empty()) {
            consigned = store.parts(&codes, Some(warehouse)).await?;
        }
    }
    if let Some(subject) = subject {
        translated.extend(subject.product.as_ref().map(|product| ("product", product.name.clone())));
        subject::put(&mut set.world, &subject, provision, &names);
        (card, device, fitted) = (subject.card, Some(subject.device.version), subject.fitted);
    }
    let owed = agency.as_ref().map(Agency::owed);
    party::put(&mut set.world, customer, agency, &names);
    if let Some(rates) = moment.version.rates(moment.version.day(moment.now)) {
        set.world.insert("rates".into(), rates);
    }
    translated.extend(asked_for(store, &moment, &names, &fields, &mut set).await?);
    set.parts = parts.into_iter().map(|part| enrich::part(part, (&consigned, &in_van), &names)).collect();
    set.services = services.into_iter().map(|service| enrich::service(service, &names)).collect();
    let state = TicketState { fields, lines, payment, branch: moment.branch };
    let facts = facts_of(&moment, &set, state, &currency)?;
    Ok(Assembled { facts, set, card, device, fitted, owed, names: translated })
}

/// What not every process looks at: it is looked up for those that do. Gives names by language.
async fn asked_for(
    store: &Store,
    moment: &Moment<'_>,
    names: &Names<'_>,
    fields: &[Value],
    set: &mut FactSet,
) -> Result<Option<(&'static str, String)>, StoreError> {
    let ticket = moment.ticket;
    if ticket.children > 0 {
        let opened = store.opened_by(&ticket.code).await?;
        put_in(&mut set.world, "links", ticket::links(&opened));
    }
    // A new ticket has no files yet, and not every process looks at them.
    if ticket.revision > 0 && moment.chart.asks("files") {
        let files = store.file_kinds(&ticket.code).await?;
        put_in(&mut set.world, "files", ticket::files(&files));
    }
    if let Some(serial) = ticket.device.as_deref().filter(|_| moment.chart.asks("others")) {
        let others = store.others_about(serial, &ticket.code).await?;
        put_in(&mut set.world, "others", ticket::others(&others, moment.version));
    }
    if moment.chart.asks("agencies") {
        let codes = agencies_named(moment.chart, &moment.data);
        put_in(&mut set.world, "agencies", party::asked(store, &codes, moment.version, names).await?);
    }
    match plan_named(moment.chart, &moment.data, fields) {
        Some(code) => bought(store, code, names, set).await,
        None => Ok(None),
    }
}

/// Puts the service plan of this code; gives its name by language.
async fn bought(
    store: &Store,
    code: &str,
    names: &Names<'_>,
    set: &mut FactSet,
) -> Result<Option<(&'static str, String)>, StoreError> {
    let Some(plan) = store.service_plan(code).await? else { return Ok(None) };
    let groups = match &plan.category {
        Some(category) => Some(store.groups_below(category).await?),
        None => None,
    };
    put_in(&mut set.world, "service_plan", enrich::plan(&plan, groups, names));
    Ok(Some(("service_plan", plan.name.clone())))
}

/// What the ticket itself brings to its facts.
pub struct TicketState<'a> {
    pub fields: Vec<Value>,
    pub lines: Vec<Value>,
    pub payment: Option<entity::payment::Model>,
    pub branch: &'a entity::branch::Model,
}

/// Facts from what is kept with a step and the ticket's own state: the same at the step and years later.
pub fn facts_of(
    moment: &Moment<'_>,
    set: &FactSet,
    state: TicketState<'_>,
    currency: &Currency,
) -> Result<Facts, StoreError> {
    let ticket = moment.ticket;
    let payment = state.payment.as_ref().map_or(Value::Null, |row| ticket::payment(row, currency));
    let mut world = set.world.clone();
    put_in(&mut world, "ticket", ticket::fact(ticket, state.branch, moment.home, set));
    put_in(&mut world, "payment", payment);
    world.insert("charges".into(), Arc::new(sums(state.lines, ticket.paid, currency, moment.version)?));
    // What is not there has its name all the same, so that asking for it never fails.
    let nothing = Arc::new(Value::Null);
    for entry in shape::WORLD {
        if !world.contains_key(entry.name) {
            world.insert(entry.name.into(), Arc::clone(&nothing));
        }
    }
    for (name, value) in decided(ticket)? {
        put_in(&mut world, &name, value);
    }
    let mut data = moment.data.clone();
    let mut fields = state.fields;
    enrich::put(moment.chart, &mut data, &mut fields, set);
    Ok(Facts {
        now: moment.now,
        by: moment.by.clone(),
        data,
        fields,
        world,
        calendar: moment.version.calendar(state.branch.calendar.as_deref()),
    })
}

/// Puts a fact as [`shape`] has it: no key that it knows is missing.
fn put_in(world: &mut World, name: &str, value: Value) {
    world.insert(name.into(), Arc::new(shape::read(name, value)));
}

/// The fact `charges`, which the engine leaves complete.
fn sums(lines: Vec<Value>, paid: i64, currency: &Currency, version: &Version) -> Result<Value, StoreError> {
    let totals = charges::totals(lines, amount::decimal(paid, currency), version.library().rounding());
    totals.map(Value::Map).map_err(|error| StoreError::corrupt("charges", error))
}

/// How register entries become facts.
pub struct Names<'a> {
    store: &'a Store,
    version: &'a Version,
    /// The language of the books.
    pub language: aftercare_engine::language::Language,
    pub currency: Currency,
}

impl<'a> Names<'a> {
    pub fn new(store: &'a Store, version: &'a Version) -> Self {
        Self { store, version, language: version.language(), currency: version.currency() }
    }

    /// A fact that is made of a register entry alone, and therefore stands as long as the entry.
    pub fn of_entry(&self, fact: &'static str, code: &str, make: impl FnOnce() -> Value) -> Arc<Value> {
        self.store.made(fact, format!("{} {code}", self.version.hash()), || shape::read(fact, make()))
    }

    /// A name kept by language, in the language of the books.
    pub fn best(&self, name: &str) -> Value {
        Value::text(in_language(name, self.language))
    }

    pub fn money(&self, minor: i64) -> Value {
        Value::Decimal(amount::decimal(minor, &self.currency))
    }
}

/// A name kept by language, in one of them; else in English, else in any. Plain text stays as it is.
pub fn in_language(name: &str, language: aftercare_engine::language::Language) -> String {
    let Ok(names) = serde_json::from_str::<BTreeMap<String, String>>(name) else { return name.to_owned() };
    let found = names.get(language.code()).or_else(|| names.get("en")).or_else(|| names.values().next());
    found.cloned().unwrap_or_default()
}

/// A charge line from its stored form.
pub fn line(body: &str) -> Result<Value, StoreError> {
    let value: Value =
        serde_json::from_str(body).map_err(|error| StoreError::corrupt("charge line", error))?;
    Ok(shape::Kind::Map(shape::CHARGE_LINE).decode(value))
}
