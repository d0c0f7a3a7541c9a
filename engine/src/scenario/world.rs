//! The world of a story: the facts that the server would read from its store.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::overlaid;
use crate::bundle::Bundle;
use crate::definition::field::FieldType;
use crate::definition::process::Subject;
use crate::definition::scenario::{Catalog, Given};
use crate::definition::{OneOrMany, Table};
use crate::diagnostic::{Diagnostic, Sp};
use crate::effect::child::Opening;
use crate::facts::shape::{self, Kind};
use crate::facts::{Actor, Facts, Map, Value, enrich};
use crate::library::Library;
use crate::statechart::{ChartField, Statechart};
use crate::step::{Decision, Reason};

/// Deepest chain of givens that use givens.
const MAX_CHAIN: usize = 8;

#[derive(Clone)]
pub(super) struct World<'b> {
    chart: &'b Statechart,
    library: &'b Library,
    pub(super) facts: Facts,
    catalog: Catalog,
    /// The agency that the story gives itself.
    agency: Option<Arc<Value>>,
    /// Rates that the story gives itself, instead of the company's of the day.
    own_rates: bool,
    steps: i64,
}

impl<'b> World<'b> {
    pub(super) fn new(
        bundle: &'b Bundle,
        chart: &'b Statechart,
        given: &Given,
    ) -> Result<Self, Box<Diagnostic>> {
        let given = whole(bundle, given)?;
        let now = begins(&given)?;
        let mut facts = Facts::new(now, Actor::system());
        facts.calendar = bundle.library.calendar();
        let ticket = Map::from([
            ("code".into(), "T-1".into()),
            ("process".into(), Value::text(chart.name.as_str())),
            ("branch".into(), "B1".into()),
            ("channel".into(), "counter".into()),
            ("opened_at".into(), now.into()),
        ]);
        let base = Map::from([("ticket".into(), Value::Map(ticket))]);
        facts.give(chart, overlaid(&base, &given.facts));
        facts.give(chart, given.fields.clone());
        let own_rates = given.facts.contains_key("rates");
        let library = &bundle.library;
        let agency = facts.world.get("agency").cloned();
        Ok(Self { chart, library, facts, catalog: given.catalog, agency, own_rates, steps: 0 })
    }

    /// The world of a ticket that this one opens. The registers of a story know one device and one customer.
    pub(super) fn of_child(&self, chart: &'b Statechart, opening: &Opening) -> Result<Self, Reason> {
        let mut facts = Facts::new(self.facts.now, Actor::system());
        facts.calendar = self.facts.calendar.clone();
        let known = |path: &str| self.fact(path).as_text().map(str::to_owned);
        let take = |facts: &mut Facts, names: &[&str]| {
            for name in names {
                facts
                    .world
                    .extend(self.facts.world.get(*name).map(|value| (Arc::from(*name), value.clone())));
            }
        };
        if let Some(serial) = &opening.device {
            let own = self.catalog.devices.get(serial.as_str());
            if own.is_none() && known("device.serial").as_ref() != Some(serial) {
                let reason = Reason::new("unknown_device").field("device");
                return Err(reason.with("serial", serial.as_str()));
            }
            take(&mut facts, &["device", "product", "policy", "card"]);
            if let Some(Value::Map(own)) = own {
                let base =
                    ["device", "product", "policy", "card"].map(|name| (Arc::from(name), self.fact(name)));
                facts.give(chart, overlaid(&base.into(), own));
            }
        } else if chart.subject == Some(Subject::Device) {
            return Err(Reason::new("field_required").field("device"));
        }
        if let Some(code) = &opening.customer {
            if known("customer.code").as_ref() != Some(code) {
                let reason = Reason::new("unknown_customer").field("customer");
                return Err(reason.with("code", code.as_str()));
            }
            take(&mut facts, &["customer"]);
        }
        take(&mut facts, if self.own_rates { &["rates"] } else { &[] });
        let ticket = ["branch", "channel", "warehouse"].map(|key| (key, self.fact(&format!("ticket.{key}"))));
        let own = [
            ("process", Value::text(chart.name.as_str())),
            ("opened_at", self.facts.now.into()),
            ("opened_by", Value::text("system")),
            ("parent", self.fact("ticket.code")),
            ("opened_as", Value::text(opening.name())),
        ];
        let ticket = ticket.into_iter().chain(own).map(|(key, value)| (Arc::from(key), value)).collect();
        facts.give(chart, Map::from([("ticket".into(), Value::Map(ticket))]));
        let (catalog, agency) = (self.catalog.clone(), self.agency.clone());
        Ok(Self { chart, facts, catalog, agency, steps: 0, ..*self })
    }

    /// Gives the ticket its code.
    pub(super) fn name(&mut self, code: &str) {
        self.set_in_ticket("code", Value::text(code));
    }

    /// A file of this kind is there from now on.
    pub(super) fn attach(&mut self, kind: &str) {
        let mut files = self.fact("files").as_list().to_vec();
        let entries = [("kind", Value::text(kind)), ("name", Value::text(format!("{kind}.png")))];
        files.push(Value::Map(entries.map(|(name, value)| (Arc::from(name), value)).into()));
        self.facts.world.insert("files".into(), Arc::new(Value::List(files)));
    }

    /// The tickets that this one has opened.
    pub(super) fn link(&mut self, links: Value) {
        self.facts.world.insert("links".into(), Arc::new(links));
    }

    /// Another ticket about the same device has changed its entries in the registers.
    pub(super) fn follow(&mut self, other: &Self, decision: &Decision) {
        if self.fact("device.serial") == other.fact("device.serial") {
            for name in ["device", "card"] {
                if let Some(value) = decision.world.get(name) {
                    self.facts.world.insert(name.into(), Arc::new(value.clone()));
                }
            }
        }
    }

    /// Who a name in `by` is: a user of the catalogue, else somebody with the role of that name.
    pub(super) fn actor(&self, by: Option<&Sp<String>>) -> Actor {
        let Some(by) = by else { return Actor::system() };
        let held = self.catalog.users.get(&by.value);
        let roles = held.map_or_else(
            || vec![by.value.clone()],
            |roles| roles.iter().map(|role| role.value.clone()).collect(),
        );
        let agency = self.catalog.works_for.get(&by.value).map(|code| code.value.clone());
        Actor { name: by.value.clone(), roles, agency }
    }

    /// A fact, a part of one, or a field.
    pub(super) fn fact(&self, name: &str) -> Value {
        let field = self.chart.field(name).and_then(|n| self.facts.fields.get(usize::from(n)));
        let (head, rest) = name.split_once('.').map_or((name, None), |(head, rest)| (head, Some(rest)));
        let world = self.facts.world.get(head).map(AsRef::as_ref);
        let found = field.or_else(|| rest.map_or(world, |rest| world.and_then(|value| value.at(rest))));
        found.cloned().unwrap_or_default()
    }

    /// Whom and what a form names that the registers of the story do not have, or not in that role. A name that the
    /// catalogue does not have is that of a role's own user.
    pub(super) fn unknown(&self) -> Vec<Reason> {
        let named =
            self.chart.fields.iter().filter_map(|field| Some((field, self.facts.data.get(&field.name)?)));
        let inside = named.clone().flat_map(|(list, records)| {
            let records = records.as_list().iter();
            records
                .flat_map(|record| list.columns.iter().filter_map(|one| Some((one, record.get(&one.name)?))))
        });
        let is_missing = |field: &ChartField, name: &str| match field.field.as_ref().map(|it| it.r#type.value)
        {
            Some(FieldType::User) => {
                let role = field.field.as_ref().and_then(|field| field.role.as_ref());
                match self.catalog.users.get(name) {
                    Some(held) => role.is_some_and(|role| !held.iter().any(|one| one.value == role.value)),
                    None => role.map_or(self.library.roles.get(name).is_none(), |role| role.value != name),
                }
            }
            Some(FieldType::Device) => {
                !self.catalog.devices.contains_key(name) && self.fact("device.serial").as_text() != Some(name)
            }
            Some(FieldType::ServicePlan) => !self.catalog.service_plans.contains_key(name),
            _ => false,
        };
        let missing = named.chain(inside).filter_map(|(field, value)| {
            let name = value.as_text().filter(|name| is_missing(field, name))?;
            Some(Reason::new("field_unknown_code").field(&field.name).with("code", name))
        });
        missing.collect()
    }

    /// The facts as they are when an event arrives.
    pub(super) fn prepare(&mut self, by: Actor, data: Map) {
        self.facts.by = by;
        self.name_agency(&data);
        self.name_plan(&data);
        let named = enrich::agencies_named(self.chart, &data);
        let entries =
            named.iter().filter_map(|code| Some(with_code(self.catalog.agencies.get(code.as_str())?, code)));
        let entries: Vec<Value> = entries.map(|entry| Kind::Map(shape::AGENCY).decode(entry)).collect();
        self.facts.world.insert("agencies".into(), Arc::new(Value::List(entries)));
        self.facts.data = enrich::data(self.chart, data, &Entries(&self.catalog));
        if let Some(company) = self.library.company.as_ref().filter(|_| !self.own_rates) {
            let day = company.day(self.facts.now);
            self.facts.world.insert("rates".into(), Arc::new(company.rates(day)));
        }
    }

    pub(super) fn apply(&mut self, chart: &Statechart, decision: &Decision) {
        self.facts.apply(chart, decision);
        if decision.outcome.reasons().is_empty() {
            self.steps += 1;
            self.set_in_ticket("revision", Value::Int(self.steps));
        }
        self.name_agency(&Map::new());
    }

    /// The agency's register entry is what rules read: of the agency that the form names, else of the ticket's.
    fn name_agency(&mut self, data: &Map) {
        let asked = self.chart.fields.iter().filter(|field| {
            field.field.as_ref().is_some_and(|field| field.r#type.value == FieldType::Agency)
        });
        let named = asked.filter_map(|field| data.get(&field.name)).find_map(Value::as_text);
        let ticket = self.facts.world.get("ticket");
        let code = named.or_else(|| ticket.and_then(|ticket| ticket.get("agency")).and_then(Value::as_text));
        let entry = code.and_then(|code| self.catalog.agencies.get(code)).cloned();
        let entry = entry.map(|entry| Arc::new(Kind::Map(shape::AGENCY).decode(entry)));
        match entry.or_else(|| self.agency.clone()) {
            Some(entry) => self.facts.world.insert("agency".into(), entry),
            None => self.facts.world.remove("agency"),
        };
    }

    /// The plan that the form names, else the ticket's.
    fn name_plan(&mut self, data: &Map) {
        let code = enrich::plan_named(self.chart, data, &self.facts.fields);
        let entry = code.and_then(|code| Some(with_code(self.catalog.service_plans.get(code)?, code)));
        if let Some(entry) = entry {
            let entry = Kind::Map(shape::SERVICE_PLAN).decode(entry);
            self.facts.world.insert("service_plan".into(), Arc::new(entry));
        }
    }

    fn set_in_ticket(&mut self, key: &str, value: Value) {
        if let Some(Value::Map(ticket)) = self.facts.world.get("ticket").map(AsRef::as_ref) {
            let mut ticket = ticket.clone();
            ticket.insert(key.into(), value);
            self.facts.world.insert("ticket".into(), Arc::new(Value::Map(ticket)));
        }
    }
}

/// The catalogue as the engine asks for it. The key is the entry's code.
struct Entries<'c>(&'c Catalog);

impl enrich::Catalog for Entries<'_> {
    fn part(&self, code: &str) -> Option<Value> {
        self.0.parts.get(code).map(|entry| with_code(entry, code))
    }
    fn service(&self, code: &str) -> Option<Value> {
        self.0.services.get(code).map(|entry| with_code(entry, code))
    }
}

fn with_code(entry: &Value, code: &str) -> Value {
    match entry {
        Value::Map(map) => {
            let mut map = map.clone();
            map.entry("code".into()).or_insert_with(|| Value::text(code));
            Value::Map(map)
        }
        other => other.clone(),
    }
}

/// The moment of the opening.
pub fn begins(given: &Given) -> Result<DateTime<Utc>, Box<Diagnostic>> {
    match &given.now {
        Some(text) => moment(text),
        None => Ok(DateTime::from_timestamp(1_767_268_800, 0).unwrap_or_default()),
    }
}

/// A given with those that it uses below it.
pub fn whole(bundle: &Bundle, given: &Given) -> Result<Given, Box<Diagnostic>> {
    used(bundle, given, 0)
}

fn used(bundle: &Bundle, given: &Given, depth: usize) -> Result<Given, Box<Diagnostic>> {
    let mut base = Given::default();
    for name in &given.r#use {
        let Some(shared) = bundle.givens.get(&name.value) else {
            return Err(Box::new(
                Diagnostic::error("AC0701", name.place, format!("unknown given `{}`", name.value)).nearest(
                    "given",
                    &name.value,
                    bundle.givens.keys(),
                ),
            ));
        };
        if depth >= MAX_CHAIN {
            return Err(Box::new(Diagnostic::error(
                "AC0701",
                name.place,
                "givens use each other without end",
            )));
        }
        base = laid(&base, &used(bundle, shared, depth + 1)?);
    }
    Ok(laid(&base, given))
}

fn laid(base: &Given, over: &Given) -> Given {
    Given {
        r#use: OneOrMany::default(),
        now: over.now.clone().or_else(|| base.now.clone()),
        facts: overlaid(&base.facts, &over.facts),
        fields: overlaid(&base.fields, &over.fields),
        catalog: Catalog {
            devices: overlaid(&base.catalog.devices, &over.catalog.devices),
            parts: overlaid(&base.catalog.parts, &over.catalog.parts),
            services: overlaid(&base.catalog.services, &over.catalog.services),
            agencies: overlaid(&base.catalog.agencies, &over.catalog.agencies),
            service_plans: overlaid(&base.catalog.service_plans, &over.catalog.service_plans),
            users: laid_over(&base.catalog.users, &over.catalog.users),
            works_for: laid_over(&base.catalog.works_for, &over.catalog.works_for),
        },
    }
}

fn laid_over<T: Clone>(base: &Table<T>, over: &Table<T>) -> Table<T> {
    let mut all = base.clone();
    for (name, one) in over.iter() {
        all.0.retain(|(known, _)| known.value != name.value);
        all.0.push((name.clone(), one.clone()));
    }
    all
}

pub(super) fn moment(text: &Sp<String>) -> Result<DateTime<Utc>, Box<Diagnostic>> {
    DateTime::parse_from_rfc3339(&text.value).map(|moment| moment.to_utc()).map_err(|_| {
        Box::new(
            Diagnostic::error("AC0701", text.place, format!("`{}` is no moment", text.value))
                .help("write it like `2026-11-21T09:00:00+03:30`"),
        )
    })
}
