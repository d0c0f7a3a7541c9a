//! Forms filled in as a person would: by the type of each field.

use std::sync::Arc;

use aftercare_engine::definition::field::FieldType;
use aftercare_engine::facts::{Facts, Map, Value};
use aftercare_engine::statechart::{ChartField, FormEntry, Statechart};
use chrono::{DateTime, Days, TimeDelta, Timelike, Utc};

use crate::entity;

use super::dice::Dice;
use super::names::Tongue;

/// What forms choose from.
pub(super) struct Choices {
    /// Sign-in names by role and home branch.
    pub(super) users: Vec<(String, String, Option<String>)>,
    pub(super) agencies: Vec<entity::agency::Model>,
    pub(super) parts: Vec<entity::part::Model>,
    pub(super) services: Vec<entity::service::Model>,
    /// Codes of the service plans that are sold.
    pub(super) plans: Vec<String>,
    /// Codes of customers.
    pub(super) customers: Vec<String>,
    /// Serials of units that somebody has.
    pub(super) devices: Vec<String>,
}

/// Where and for whom a form is filled in.
pub(super) struct Occasion<'a> {
    pub(super) chart: &'a Statechart,
    pub(super) facts: &'a Facts,
    pub(super) now: DateTime<Utc>,
    pub(super) branch: &'a str,
    pub(super) tongue: &'static Tongue,
    /// Serial prefix of the device's line, for parts that fit.
    pub(super) serial: &'a str,
}

/// A text of at most so many letters is a number or a code.
const NUMBERS: i64 = 80;

impl Choices {
    /// Values for a form's fields. Fields that may stay empty sometimes do.
    /// What the form begins with stays as it is.
    pub(super) fn fill(
        &self,
        dice: &mut Dice,
        form: &[FormEntry],
        begins: &[Value],
        at: &Occasion<'_>,
    ) -> Map {
        let mut data = Map::new();
        for (n, entry) in form.iter().enumerate() {
            let Some(field) = at.chart.asked(entry) else { continue };
            if let Some(begun) = begins.get(n).filter(|begun| !begun.is_null()) {
                data.insert(field.name.clone(), self.completed(dice, field, begun, at));
                continue;
            }
            if (entry.required || dice.percent(70))
                && let Some(value) = self.value(dice, field, at)
            {
                data.insert(field.name.clone(), value);
            }
        }
        data
    }

    /// The rows that a form begins with, and in each what still has to be said.
    fn completed(&self, dice: &mut Dice, field: &ChartField, begun: &Value, at: &Occasion<'_>) -> Value {
        let Value::List(rows) = begun else { return begun.clone() };
        let mut rows = rows.clone();
        for row in &mut rows {
            let Value::Map(row) = row else { continue };
            let is_open = |column: &&ChartField| row.get(&column.name).is_none_or(Value::is_null);
            let asked: Vec<&ChartField> = field.columns.iter().filter(is_open).collect();
            for column in asked {
                let is_needed = column.field.as_ref().is_some_and(|field| field.required);
                if let Some(value) = self.value(dice, column, at).filter(|_| is_needed) {
                    row.insert(column.name.clone(), value);
                }
            }
        }
        Value::List(rows)
    }

    /// A few records; none when two of them would be alike.
    fn records(&self, dice: &mut Dice, field: &ChartField, at: &Occasion<'_>) -> Option<Value> {
        let rules = at.chart.each_of_field(field);
        let key = rules.map(|rule| rule.key.clone());
        let mut records: Vec<Map> = Vec::new();
        for _ in 0..dice.between(1, 3) {
            let parts = field.columns.iter();
            let asked = parts.filter(|column| column.field.as_ref().is_some_and(|field| field.required));
            let record: Map = asked
                .filter_map(|column| Some((column.name.clone(), self.value(dice, column, at)?)))
                .collect();
            let alike = |other: &Map| key.as_ref().is_some_and(|key| other.get(key) == record.get(key));
            if !records.iter().any(alike) {
                records.push(record);
            }
        }
        Some(Value::List(records.into_iter().map(Value::Map).collect()))
    }

    fn value(&self, dice: &mut Dice, field: &ChartField, at: &Occasion<'_>) -> Option<Value> {
        let definition = field.field.as_ref()?;
        let bounds =
            (definition.min.as_ref().map(|min| min.value), definition.max.as_ref().map(|max| max.value));
        Some(match definition.r#type.value {
            // What must be short is a number of something.
            FieldType::Text if bounds.1.is_some_and(|max| max <= NUMBERS) => Value::text(number(dice)),
            FieldType::Text => Value::text(text(dice, at)),
            FieldType::Integer => {
                Value::Int(dice.between(bounds.0.unwrap_or(0), bounds.1.unwrap_or(10).min(10)))
            }
            FieldType::Line => Value::Int(1),
            FieldType::Decimal => Value::Int(dice.between(bounds.0.unwrap_or(1), bounds.1.unwrap_or(5))),
            FieldType::Money => owed(dice, at.facts),
            FieldType::Flag => Value::Bool(dice.percent(85)),
            FieldType::Date => Value::text(at.now.date_naive().to_string()),
            FieldType::Datetime => Value::text(visit(dice, at.now).to_rfc3339()),
            FieldType::Choice => {
                let options: Vec<&str> = definition.options.keys().collect();
                // What authors list first is the usual thing.
                let usual = options.first().filter(|_| dice.percent(60)).or_else(|| dice.pick(&options))?;
                Value::text(*usual)
            }
            FieldType::Rating => {
                let top = bounds.1.unwrap_or(5);
                Value::Int(dice.between((top - 1).max(0), top))
            }
            FieldType::User => {
                let role = definition.role.as_ref().map(|role| role.value.as_str());
                Value::text(self.user(dice, role, at.branch)?)
            }
            FieldType::Agency => Value::text(self.agency(dice, |kind| kind != "partner" && kind != "sales")?),
            FieldType::Customer => Value::text(dice.pick(&self.customers)?.as_str()),
            FieldType::Device => Value::text(dice.pick(&self.devices)?.as_str()),
            FieldType::Partner => Value::text(self.agency(dice, |kind| kind == "partner")?),
            FieldType::ServicePlan => Value::text(dice.pick(&self.plans)?.as_str()),
            FieldType::Parts => self.parts(dice, at),
            FieldType::Services => self.services(dice),
            FieldType::Checklist => {
                Value::Map(definition.items.keys().map(|item| (Arc::from(item), Value::Bool(true))).collect())
            }
            FieldType::List => Value::List(vec![Value::text(text(dice, at))]),
            FieldType::Records => self.records(dice, field, at)?,
            // There is nobody here who signs, and no camera.
            FieldType::Signature | FieldType::Photo | FieldType::Record => return None,
        })
    }

    /// Somebody with a role, of the branch if there is one.
    pub(super) fn user(&self, dice: &mut Dice, role: Option<&str>, branch: &str) -> Option<String> {
        let with_role: Vec<_> =
            self.users.iter().filter(|(_, held, _)| role.is_none_or(|role| role == held)).collect();
        let here: Vec<_> = with_role
            .iter()
            .copied()
            .filter(|(.., home)| home.as_deref().is_none_or(|home| home == branch))
            .collect();
        // A branch without anybody of the role borrows from the others.
        let willing = if here.is_empty() { &with_role } else { &here };
        dice.pick(willing).map(|(name, ..)| name.clone())
    }

    fn agency(&self, dice: &mut Dice, fits: impl Fn(&str) -> bool) -> Option<String> {
        let fitting: Vec<_> = self.agencies.iter().filter(|agency| fits(&agency.kind)).collect();
        dice.pick(&fitting).map(|agency| agency.code.clone())
    }

    fn parts(&self, dice: &mut Dice, at: &Occasion<'_>) -> Value {
        let line: String = at.serial.chars().take_while(char::is_ascii_alphabetic).collect();
        let fitting: Vec<_> = self
            .parts
            .iter()
            .filter(|part| part.oem && (line.is_empty() || part.code.starts_with(&format!("{line}-"))))
            .collect();
        let lines = (0..dice.between(1, 2)).filter_map(|_| dice.pick(&fitting).copied());
        let mut codes: Vec<&str> = lines.map(|part| part.code.as_str()).collect();
        codes.dedup();
        Value::List(codes.into_iter().map(|code| item(code, 1)).collect())
    }

    fn services(&self, dice: &mut Dice) -> Value {
        let of_kind =
            |kind: &str| self.services.iter().filter(|service| service.kind == kind).collect::<Vec<_>>();
        let (labour, travel) = (of_kind("labour"), of_kind("travel"));
        let chosen = [dice.pick(&labour).copied(), dice.pick(&travel).copied()];
        Value::List(chosen.into_iter().flatten().map(|service| item(&service.code, 1)).collect())
    }
}

fn text(dice: &mut Dice, at: &Occasion<'_>) -> String {
    // The first thing that is said about a ticket is what is wrong with the device.
    let opening = at.facts.world.get("ticket").and_then(|t| t.get("revision")?.as_int()).unwrap_or(0) == 0;
    if opening { at.tongue.fault(dice) } else { at.tongue.remark(dice) }.to_owned()
}

/// The number of a paper, a card, a part.
fn number(dice: &mut Dice) -> String {
    format!("N{}", dice.between(100_000, 999_999))
}

fn item(code: &str, quantity: i64) -> Value {
    Value::Map(
        [("code", Value::text(code)), ("quantity", Value::Int(quantity))].map(|(k, v)| (k.into(), v)).into(),
    )
}

/// What the customer still owes: what people pay. Where nothing is owed the amount is another one, such as a bill.
fn owed(dice: &mut Dice, facts: &Facts) -> Value {
    let owed = facts.world.get("charges").and_then(|charges| charges.get("customer_owes")).cloned();
    let owed = owed.filter(|owed| owed.as_decimal().is_some_and(|owed| !owed.is_zero()));
    owed.unwrap_or_else(|| Value::Int(dice.between(5, 40) * 100_000))
}

/// A visit in office hours, one to three days on.
fn visit(dice: &mut Dice, now: DateTime<Utc>) -> DateTime<Utc> {
    let day = now.checked_add_days(Days::new(dice.between(1, 3).unsigned_abs())).unwrap_or(now);
    let hour = u32::try_from(dice.between(5, 12)).unwrap_or(8);
    day.with_hour(hour)
        .and_then(|at| at.with_minute(0))
        .and_then(|at| at.with_second(0))
        .unwrap_or(day)
        .max(now + TimeDelta::hours(2))
}
