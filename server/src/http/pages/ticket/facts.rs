//! A ticket's fields in the words and order of its definition, and what is known about its device.

use aftercare_engine::definition::field::FieldType;
use aftercare_engine::language::Language;
use aftercare_engine::statechart::{ChartField, Statechart};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use crate::facts::in_language;
use crate::http::api::tickets::explanations::Told;
use crate::http::api::tickets::steps::said;
use crate::http::pages::choices::person;
use crate::http::pages::people::agency;
use crate::http::pages::view::View;
use crate::http::problem::Problem;

/// The fields that have a value and that people read, in the order of the definition.
pub async fn fields(view: &View, chart: &Statechart, values: &Value) -> Result<Vec<Value>, Problem> {
    let language = view.writing.language;
    let mut shown = Vec::new();
    for field in &chart.fields {
        let Some(written) = &field.field else { continue };
        let value = values.get(&*field.name).cloned().unwrap_or_default();
        let kind = written.r#type.value;
        // Parts and services stand in the charge lines, where a line was pointed at; records are for rules.
        if is_empty(&value)
            || is_nothing(kind, &value)
            || is_unsaid(chart, field, &value)
            || matches!(kind, FieldType::Parts | FieldType::Services | FieldType::Line | FieldType::Record)
        {
            continue;
        }
        let title_of = |key: &str| {
            let mut options = written.options.iter().chain(written.items.iter());
            options.find(|(option, _)| option.value == key).map(|(_, text)| said(Some(text), language, key))
        };
        let text = match (kind, &value) {
            (FieldType::Choice, Value::String(key)) => title_of(key),
            (FieldType::User, Value::String(name)) => person(view, Some(name)).await?,
            (FieldType::Agency | FieldType::Partner, Value::String(code)) => Some(agency(view, code).await?),
            (FieldType::Customer, Value::String(code)) => {
                view.app.store.customer(code).await?.map(|found| format!("{} ({code})", found.customer.name))
            }
            (FieldType::ServicePlan, Value::String(code)) => plan(view, code).await?,
            (FieldType::Checklist, Value::Object(items)) => {
                let ticked = items.iter().filter(|(_, on)| **on == Value::Bool(true));
                let titles: Vec<String> = ticked.filter_map(|(key, _)| title_of(key)).collect();
                Some(titles.join(" · "))
            }
            (FieldType::Records, Value::Array(records)) => Some(in_rows(field, records, language)),
            (FieldType::List, Value::Array(items)) => {
                let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                Some(texts.join(" · "))
            }
            _ => None,
        };
        shown.push(json!({
            "name": &*field.name,
            "title": said(written.title.as_ref(), language, &field.name),
            "kind": written.r#type.value,
            "value": value,
            "text": text,
        }));
    }
    Ok(shown)
}

/// What a service plan is called.
async fn plan(view: &View, code: &str) -> Result<Option<String>, Problem> {
    let found = view.app.store.service_plan(code).await?;
    Ok(found.map(|plan| in_language(&plan.name, view.writing.language)))
}

/// Records in words, one a line: the parts that have a value.
fn in_rows(field: &ChartField, records: &[Value], language: Language) -> String {
    let part = |record: &Value, column: &ChartField| {
        let written = column.field.as_ref()?;
        let value = record.get(&*column.name).filter(|value| !is_empty(value))?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let option = written.options.get(&text).map(|option| said(Some(option), language, &text));
        let title = said(written.title.as_ref(), language, &column.name);
        Some(format!("{title}: {}", option.unwrap_or(text)))
    };
    let row = |record: &Value| {
        let parts = field.columns.iter().filter_map(|column| part(record, column));
        parts.collect::<Vec<_>>().join(", ")
    };
    records.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// What every ticket begins with, and nobody was asked when this one was opened, tells nothing of this one.
fn is_unsaid(chart: &Statechart, field: &ChartField, value: &Value) -> bool {
    let begins = field.default.as_ref().and_then(|begins| serde_json::from_str::<Value>(begins.text()).ok());
    let was_asked = || {
        let mut asked = chart.form.iter().filter_map(|entry| chart.asked(entry));
        asked.any(|asked| asked.name == field.name)
    };
    begins.as_ref() == Some(value) && !was_asked()
}

/// A count or an amount of nothing says nothing.
fn is_nothing(kind: FieldType, value: &Value) -> bool {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    matches!(kind, FieldType::Integer | FieldType::Decimal | FieldType::Money)
        && text.parse::<rust_decimal::Decimal>().is_ok_and(|number| number.is_zero())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        // A flag that is not set says nothing.
        Value::Bool(flag) => !flag,
        Value::Number(_) => false,
    }
}

/// The last decision that has a sentence: the verdict in force.
pub fn latest(told: &[Told]) -> Option<Value> {
    told.iter().rev().find(|told| told.sentence.is_some()).and_then(ToJSON::to_json)
}
