//! What a form brings: read by the fields' types, refused with the field to blame, stored when the step is
//! taken.

mod records;

use rust_decimal::Decimal;

use crate::definition::field::{Field, FieldType};
use crate::facts::value::LARGEST;
use crate::facts::{Map, Value};
use crate::statechart::{ChartField, FormEntry, TransitionId};

use super::run::{Refusal, Run};
use super::{Reason, select};

/// Reads the event's data by a form. Fields that were not given are there as `()`.
pub(crate) fn read(run: &Run<'_>, form: &[FormEntry]) -> Result<Result<Value, Vec<Reason>>, Refusal> {
    let mut reasons = Vec::new();
    let mut read = Map::new();
    let empty = Map::new();
    let given = match run.data() {
        Value::Map(map) => map,
        _ => &empty,
    };
    for entry in form {
        if let Some(field) = run.chart.asked(entry) {
            let value = field.decode(given.get(&field.name).cloned().unwrap_or_default());
            let value = match &entry.from {
                Some(from) if records::has_fixed(field) => {
                    let rows = field.decode(run.value_of(from)?);
                    records::laid_over(field, &rows, value).unwrap_or_else(|reason| {
                        reasons.push(reason);
                        Value::Null
                    })
                }
                _ => value,
            };
            read.insert(field.name.clone(), value);
        }
    }
    if !reasons.is_empty() {
        return Ok(Err(reasons));
    }
    for name in given.keys().filter(|name| !read.contains_key(*name)) {
        reasons.push(Reason::new("field_unknown").field(name));
    }
    let data = Value::Map(read);
    for entry in form {
        let Some(field) = run.chart.asked(entry) else { continue };
        let asked = match &entry.when {
            Some(when) => when.holds(&run.eyes(&entry.states, &[]).with_data(&data))?,
            None => true,
        };
        match data.get(&field.name) {
            None | Some(Value::Null) if entry.required && asked => {
                reasons.push(Reason::new("field_required").field(&field.name));
            }
            None | Some(Value::Null) => {}
            Some(value) => reasons.extend(misfits(run, entry, field, value)),
        }
    }
    if reasons.is_empty() {
        let entries = form.iter().filter_map(|entry| run.chart.asked(entry));
        for field in entries.filter(|field| !field.checks.is_empty()) {
            let records = data.get(&field.name).cloned().unwrap_or_default();
            reasons.extend(records::unmet(run, field, &records, &data)?);
        }
    }
    Ok(if reasons.is_empty() { Ok(data) } else { Err(reasons) })
}

/// The chosen transitions' forms become the ticket's fields.
pub(crate) fn accept(run: &mut Run<'_>, chosen: &[TransitionId], data: Value) {
    let chart = run.chart;
    for transition in chosen.iter().filter_map(|id| chart.transition(*id)) {
        store(run, &transition.form, &data);
    }
    run.set_data(data);
}

fn store(run: &mut Run<'_>, form: &[FormEntry], data: &Value) {
    for entry in form {
        let Some(field) = run.chart.asked(entry) else { continue };
        // What was left empty does not wipe out what is known.
        if let Some(value) = data.get(&field.name).filter(|value| !value.is_null()) {
            match entry.column {
                None => run.set_field(entry.field, value.clone()),
                Some(_) => run.set_column(&field.name, value.clone()),
            }
        }
    }
}

/// The form asked when a ticket is opened.
pub(crate) fn opening(run: &mut Run<'_>) -> Result<(), Refusal> {
    let chart = run.chart;
    let by = &run.facts.by;
    if !by.is_system() && !chart.lenient && !chart.opened_by.iter().any(|role| by.roles.contains(role)) {
        let roles = chart.opened_by.iter().map(|role| Value::text(role.as_str())).collect();
        return Err(Reason::new("not_allowed").with("roles", Value::List(roles)).into());
    }
    // A simulation starts with what it was given as facts.
    if chart.lenient {
        return Ok(());
    }
    match read(run, &chart.form)? {
        Ok(data) => {
            let reasons = if by.is_system() { Vec::new() } else { not_met(run, &data)? };
            if !reasons.is_empty() {
                return Err(Refusal(reasons));
            }
            store(run, &chart.form, &data);
            run.set_data(data);
            Ok(())
        }
        Err(reasons) => Err(Refusal(reasons)),
    }
}

/// What does not hold that must for a ticket to be opened. A ticket that another one opens is that one's business.
fn not_met(run: &Run<'_>, data: &Value) -> Result<Vec<Reason>, Refusal> {
    let mut reasons = Vec::new();
    for guard in &run.chart.guards {
        reasons.extend(select::refused_by(run, guard, &run.chart.form, Some(data))?);
    }
    Ok(reasons)
}

/// What is wrong with a value for its field; nothing if it fits.
fn misfits(run: &Run<'_>, entry: &FormEntry, field: &ChartField, value: &Value) -> Vec<Reason> {
    let Some(definition) = &field.field else { return Vec::new() };
    if let Some(expected) = expected(definition, value) {
        let quantities = wrong_quantities(definition, value);
        if !quantities.is_empty() {
            let about = |code: &str| Reason::new("quantity_invalid").field(&field.name).with("code", code);
            return quantities.into_iter().map(about).collect();
        }
        return vec![Reason::new("field_invalid").field(&field.name).with("expected", expected)];
    }
    if field.columns.is_empty() {
        return Vec::new();
    }
    let rules = run.chart.eaches.iter().filter(|rule| rule.field == entry.field && entry.column.is_none());
    let keys: Vec<&str> = rules.map(|rule| &*rule.key).collect();
    records::misfits(entry, field, value, &keys)
}

/// What the field would take instead of this value, as a key of a reason text.
fn expected(field: &Field, value: &Value) -> Option<&'static str> {
    let min = field.min.as_ref().map(|min| Decimal::from(min.value));
    let max = field.max.as_ref().map(|max| Decimal::from(max.value));
    let within = |number: Decimal| {
        number.abs() <= LARGEST && min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
    };
    let text = value.as_text();
    let fits = match field.r#type.value {
        FieldType::Text => {
            text.is_some_and(|text| max.is_none_or(|max| Decimal::from(text.chars().count()) <= max))
        }
        FieldType::User
        | FieldType::Agency
        | FieldType::Partner
        | FieldType::Customer
        | FieldType::Device
        | FieldType::ServicePlan => text.is_some_and(|text| !text.is_empty()),
        FieldType::Choice => text.is_some_and(|text| field.options.get(text).is_some()),
        FieldType::Integer => value.as_int().is_some_and(|number| within(number.into())),
        FieldType::Line | FieldType::Signature | FieldType::Photo => {
            value.as_int().is_some_and(|number| number > 0)
        }
        FieldType::Rating => {
            let top = max.unwrap_or(Decimal::from(5));
            value.as_int().is_some_and(|number| number >= 0 && Decimal::from(number) <= top)
        }
        FieldType::Decimal => value.as_decimal().is_some_and(within),
        FieldType::Money => value
            .as_decimal()
            .is_some_and(|number| within(number) && (min.is_some() || !number.is_sign_negative())),
        FieldType::Flag => value.as_bool().is_some(),
        FieldType::Date => matches!(value, Value::Date(_)),
        FieldType::Datetime => matches!(value, Value::Time(_)),
        FieldType::Parts | FieldType::Services => lines_fit(value, min),
        FieldType::Checklist => match value {
            Value::Map(ticks) => {
                ticks.iter().all(|(item, tick)| field.items.get(item).is_some() && tick.as_bool().is_some())
            }
            _ => false,
        },
        FieldType::List => match value {
            Value::List(texts) => texts.iter().all(|text| {
                let text = text.as_text().map(|text| text.trim().chars().count());
                text.is_some_and(|length| length > 0 && max.is_none_or(|max| Decimal::from(length) <= max))
            }),
            _ => false,
        },
        FieldType::Record => true,
        FieldType::Records => {
            matches!(value, Value::List(records) if records.iter().all(|one| matches!(one, Value::Map(_))))
        }
    };
    (!fits).then(|| word(field.r#type.value))
}

/// Each line has a code and a quantity that will do.
fn lines_fit(value: &Value, min: Option<Decimal>) -> bool {
    let fits = |line: &Value| code_of(line).is_some() && is_quantity(line, min);
    matches!(value, Value::List(lines) if lines.iter().all(fits))
}

fn code_of(line: &Value) -> Option<&str> {
    line.get("code").and_then(Value::as_text).filter(|code| !code.is_empty())
}

/// Above zero, or not below the least one.
fn is_quantity(line: &Value, min: Option<Decimal>) -> bool {
    let is_enough = |quantity: Decimal| {
        quantity <= LARGEST && min.map_or(quantity > Decimal::ZERO, |min| quantity >= min)
    };
    line.get("quantity").and_then(Value::as_decimal).is_some_and(is_enough)
}

/// Codes of the lines that have nothing wrong but their quantity.
fn wrong_quantities<'a>(field: &Field, value: &'a Value) -> Vec<&'a str> {
    let is_lines = matches!(field.r#type.value, FieldType::Parts | FieldType::Services);
    let Value::List(lines) = value else { return Vec::new() };
    if !is_lines || !lines.iter().all(|line| code_of(line).is_some()) {
        return Vec::new();
    }
    let min = field.min.as_ref().map(|min| Decimal::from(min.value));
    lines.iter().filter(|line| !is_quantity(line, min)).filter_map(code_of).collect()
}

/// Key of the text that says what a field takes.
fn word(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "expected_text",
        FieldType::Integer | FieldType::Line => "expected_integer",
        FieldType::Decimal => "expected_decimal",
        FieldType::Money => "expected_money",
        FieldType::Signature | FieldType::Photo => "expected_picture",
        FieldType::Flag => "expected_flag",
        FieldType::Date => "expected_date",
        FieldType::Datetime => "expected_datetime",
        FieldType::Choice => "expected_choice",
        FieldType::Rating => "expected_rating",
        FieldType::User => "expected_user",
        FieldType::Agency => "expected_agency",
        FieldType::Partner => "expected_partner",
        FieldType::Customer => "expected_customer",
        FieldType::Device => "expected_device",
        FieldType::ServicePlan => "expected_service_plan",
        FieldType::Parts => "expected_parts",
        FieldType::Services => "expected_services",
        FieldType::Checklist => "expected_checklist",
        FieldType::List => "expected_list",
        FieldType::Record => "expected_record",
        FieldType::Records => "expected_records",
    }
}
