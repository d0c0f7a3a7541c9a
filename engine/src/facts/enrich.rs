//! Adds register entries to what a form brings: a part line gets its part, a service line its service.
//!
//! The entries come from whoever calls (the store, a scenario's catalogue); nothing is looked up here.

use super::shape::{self, Kind};
use super::{Map, Value};
use crate::definition::field::FieldType;
use crate::statechart::{ChartField, Statechart};

/// Where register entries come from.
pub trait Catalog {
    fn part(&self, code: &str) -> Option<Value>;
    fn service(&self, code: &str) -> Option<Value>;
}

/// Code of the service plan that a form names, else of the one that the ticket's fields name.
pub fn plan_named<'v>(chart: &Statechart, data: &'v Map, fields: &'v [Value]) -> Option<&'v str> {
    let is_plan = |field: &ChartField| {
        field.field.as_ref().is_some_and(|field| field.r#type.value == FieldType::ServicePlan)
    };
    let asked = || chart.fields.iter().enumerate().filter(|(_, field)| is_plan(field));
    let in_form = asked().find_map(|(_, field)| data.get(&field.name)?.as_text());
    in_form.or_else(|| asked().find_map(|(n, _)| fields.get(n)?.as_text()))
}

/// Codes of the agencies and partners that the lists of records of a form name.
pub fn agencies_named(chart: &Statechart, data: &Map) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for field in &chart.fields {
        let Some(records) = data.get(&field.name).filter(|_| !field.columns.is_empty()) else { continue };
        let is_agency = |column: &&ChartField| {
            let kind = column.field.as_ref().map(|field| field.r#type.value);
            matches!(kind, Some(FieldType::Agency | FieldType::Partner))
        };
        for column in field.columns.iter().filter(is_agency) {
            let named = records.as_list().iter().filter_map(|record| record.get(&column.name)?.as_text());
            for code in named {
                if !codes.iter().any(|known| known == code) {
                    codes.push(code.to_owned());
                }
            }
        }
    }
    codes
}

/// The form's data with every line's register entry, read by its type. A code that is not in the register
/// stays without an entry: the rules then refuse it with the line's own reason.
pub fn data(chart: &Statechart, data: Map, catalog: &dyn Catalog) -> Map {
    data.into_iter()
        .map(|(name, value)| {
            let kind = chart.fields.iter().find(|field| field.name == name).map(|field| field.kind);
            let value = match kind {
                Some(Kind::Rows(entries)) if entries == shape::PART_LINE => {
                    lines(value, "part", Kind::Map(shape::PART), |code| catalog.part(code))
                }
                Some(Kind::Rows(entries)) if entries == shape::SERVICE_LINE => {
                    lines(value, "service", Kind::Map(shape::SERVICE), |code| catalog.service(code))
                }
                _ => value,
            };
            (name, value)
        })
        .collect()
}

fn lines(value: Value, key: &str, kind: Kind, find: impl Fn(&str) -> Option<Value>) -> Value {
    let Value::List(items) = value else { return value };
    let enriched = items.into_iter().map(|item| {
        let Value::Map(mut line) = item else { return item };
        let entry = line.get("code").and_then(Value::as_text).and_then(&find);
        line.insert(key.into(), entry.map_or(Value::Null, |entry| kind.decode(entry)));
        Value::Map(line)
    });
    Value::List(enriched.collect())
}
