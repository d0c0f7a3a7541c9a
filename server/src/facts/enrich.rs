//! Part and service lines: what a form names by code gets the register's entry while a step is decided, and
//! loses it again before it is stored, so that the next step sees what holds then.

use std::collections::BTreeSet;
use std::sync::Arc;

use aftercare_engine::definition::field::FieldType;
use aftercare_engine::facts::{Map, Value};
use aftercare_engine::statechart::{ChartField, Statechart};
use rust_decimal::Decimal;

use super::{FactSet, Names};
use crate::entity;
use crate::store::read::party::StockedPart;

/// The two kinds of lines, and the key of the register's entry in each.
fn entry_key(field: &ChartField) -> Option<&'static str> {
    match field.field.as_ref()?.r#type.value {
        FieldType::Parts => Some("part"),
        FieldType::Services => Some("service"),
        _ => None,
    }
}

/// Codes of parts and of services that the form and the fields name.
pub fn codes_in(chart: &Statechart, data: &Map, fields: &[Value]) -> (Vec<String>, Vec<String>) {
    let (mut parts, mut services) = (BTreeSet::new(), BTreeSet::new());
    for (n, field) in chart.fields.iter().enumerate() {
        let Some(key) = entry_key(field) else { continue };
        let codes = if key == "part" { &mut parts } else { &mut services };
        for lines in data.get(&field.name).into_iter().chain(fields.get(n)) {
            let lines = lines.as_list().iter();
            codes.extend(lines.filter_map(|line| line.get("code")?.as_text()).map(str::to_owned));
        }
    }
    (parts.into_iter().collect(), services.into_iter().collect())
}

/// Puts the register's entries into the lines.
pub fn put(chart: &Statechart, data: &mut Map, fields: &mut [Value], set: &FactSet) {
    for (n, field) in chart.fields.iter().enumerate() {
        let Some(key) = entry_key(field) else { continue };
        let entries = if key == "part" { &set.parts } else { &set.services };
        for lines in data.get_mut(&field.name).into_iter().chain(fields.get_mut(n)) {
            put_in(lines, key, entries);
            // The entries are texts when they come from a stored step.
            *lines = field.kind.decode(std::mem::take(lines));
        }
    }
}

fn put_in(lines: &mut Value, key: &str, entries: &Map) {
    let Value::List(lines) = lines else { return };
    for line in lines {
        let Value::Map(line) = line else { continue };
        let code = line.get("code").and_then(Value::as_text).unwrap_or_default();
        let entry = entries.get(code).cloned().unwrap_or_default();
        line.insert(key.into(), entry);
    }
}

/// Takes the register's entries out of a field's value again.
pub fn strip(chart: &Statechart, name: &str, value: &mut Value) {
    let field = chart.fields.iter().find(|field| &*field.name == name);
    let (Some(key), Value::List(lines)) = (field.and_then(entry_key), value) else { return };
    for line in lines {
        if let Value::Map(line) = line {
            line.remove(key);
        }
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (Arc::from(name), value)).collect())
}

/// A balance as quantity and moving average.
fn stock(balance: Option<&entity::stock_balance::Model>, names: &Names<'_>) -> (Value, Value) {
    let (quantity, value) = balance.map_or((0, 0), |balance| (balance.quantity, balance.value));
    let quantity = Decimal::new(quantity, 3);
    let average = if quantity.is_zero() {
        Decimal::ZERO
    } else {
        let digits = u32::from(names.currency.minor_digits);
        (Decimal::new(value, digits) / quantity).max(Decimal::ZERO).round_dp(8)
    };
    (quantity.into(), average.into())
}

/// A part with its price, moving average and stock, in our warehouse, at the agency and in the technician's van.
pub fn part(
    stocked: StockedPart,
    (consigned, in_van): (&[StockedPart], &[StockedPart]),
    names: &Names<'_>,
) -> (Arc<str>, Value) {
    let row = stocked.part;
    let value = stocked.balance.as_ref().map_or(0, |balance| balance.value);
    let (quantity, average) = stock(stocked.balance.as_ref(), names);
    let elsewhere = |held: &[StockedPart]| {
        let there = held.iter().find(|other| other.part.code == row.code);
        stock(there.and_then(|part| part.balance.as_ref()), names)
    };
    let (consigned_quantity, consigned_average) = elsewhere(consigned);
    let (van_quantity, van_average) = elsewhere(in_van);
    let fact = map([
        ("code", Value::text(row.code.as_str())),
        ("name", names.best(&row.name)),
        ("oem", row.oem.into()),
        ("price", names.money(row.price)),
        ("agency_price", row.agency_price.map(|price| names.money(price)).unwrap_or_default()),
        ("cost", average),
        ("stock", quantity),
        ("stock_value", names.money(value)),
        ("van_cost", van_average),
        ("van_stock", van_quantity),
        ("consigned_cost", consigned_average),
        ("consigned_stock", consigned_quantity),
    ]);
    (row.code.into(), fact)
}

/// A service plan as the company sells it, with the groups of goods that it is for.
pub fn plan(row: &entity::service_plan::Model, groups: Option<Vec<String>>, names: &Names<'_>) -> Value {
    let groups =
        groups.map(|codes| Value::List(codes.iter().map(|code| Value::text(code.as_str())).collect()));
    map([
        ("categories", groups.unwrap_or_default()),
        ("code", Value::text(row.code.as_str())),
        ("name", names.best(&row.name)),
        ("category", row.category.as_deref().into()),
        ("product", row.product.as_deref().into()),
        ("service_months", row.service_months.into()),
        ("service_usage", row.service_usage.into()),
        ("contract_months", row.contract_months.into()),
        ("price", names.money(row.price)),
        ("active", row.active.into()),
    ])
}

/// A service with its tariff.
pub fn service(row: entity::service::Model, names: &Names<'_>) -> (Arc<str>, Value) {
    let fact = map([
        ("code", Value::text(row.code.as_str())),
        ("name", names.best(&row.name)),
        ("kind", Value::text(row.kind.as_str())),
        ("hours", Decimal::from_str_exact(&row.hours).map(Value::Decimal).unwrap_or_default()),
        ("price", names.money(row.price)),
    ]);
    (row.code.into(), fact)
}
