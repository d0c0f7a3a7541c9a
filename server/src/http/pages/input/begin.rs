//! What a form begins with, as if somebody had typed it. What its author gives is given to people as they write it
//! themselves; it is never sent without having been shown.

use serde_json::Value;

use super::{is_given, name};
use crate::http::api::tickets::steps::FormField;
use crate::http::pages::form::PageForm;
use crate::http::pages::format::Writing;
use crate::http::pages::preferences::Calendar;

/// The inputs as they are filled in at first.
pub fn begun(fields: &[FormField], writing: &Writing) -> PageForm {
    let mut form = PageForm::default();
    for field in fields {
        put(&mut form, field, &field.value, writing);
    }
    form
}

fn put(form: &mut PageForm, field: &FormField, value: &Value, writing: &Writing) {
    let mut add = |part: &str, text: String| form.0.push((name(&field.field, part), text));
    match (field.r#type.as_str(), value) {
        (_, Value::Null) => {}
        ("flag", Value::Bool(on)) => add("", if *on { "on".to_owned() } else { String::new() }),
        ("date", Value::String(text)) => add("date", date(text, writing)),
        ("datetime", Value::String(text)) => {
            if let Ok(at) = text.parse() {
                add("date", date(&writing.day_of(at).to_string(), writing));
                add("time", at.with_timezone(&writing.zone).format("%H:%M").to_string());
            }
        }
        ("checklist", Value::Object(ticks)) => {
            for (item, _) in ticks.iter().filter(|(_, on)| **on == Value::Bool(true)) {
                add(item, "on".to_owned());
            }
        }
        ("parts" | "services", Value::Array(rows)) => {
            for (at, row) in rows.iter().enumerate() {
                for column in super::line_columns(field) {
                    add(&format!("{at}:{column}"), plain(&row[column]));
                }
            }
        }
        ("list", Value::Array(texts)) => add("", texts.iter().map(plain).collect::<Vec<_>>().join("\n")),
        ("records", Value::Array(rows)) => {
            for (at, row) in rows.iter().enumerate() {
                for part in field.of.iter().filter(|part| !is_given(part)) {
                    put(form, &super::in_row(field, part, at), &row[&part.field], writing);
                }
            }
        }
        (_, other) => add("", plain(other)),
    }
}

/// A day in the calendar in which its reader would type it.
fn date(text: &str, writing: &Writing) -> String {
    match (text.parse(), writing.calendar) {
        (Ok(day), Calendar::Jalali) => writing.date(day),
        _ => text.to_owned(),
    }
}

/// A text without its quotation marks; nothing for what is not there.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
