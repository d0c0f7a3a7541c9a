//! What templates can do with a value: `money`, `number`, `date`, `time`, `datetime`, `digits`, `reason`, each
//! as the reader's language writes it. A fact that is absent gives an empty text.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use rust_decimal::Decimal;
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::context::LANGUAGE;
use crate::definition::{Table, Translated};
use crate::language::{self, Language};

/// A Tera with our filters, without those that can make a text grow or bring floats.
pub(super) fn tera(zone: FixedOffset) -> Tera {
    let mut tera = Tera::new();
    tera.autoescape_on(vec![".html"]);
    tera.register_filter("money", |value: Value, args: Kwargs, state: &State<'_>| {
        money(&value, &args, state)
    });
    tera.register_filter("number", |value: Value, _: Kwargs, state: &State<'_>| {
        absent_or(&value, || Ok(language::number(decimal(&value)?, reader(state))))
    });
    tera.register_filter("digits", |value: Value, _: Kwargs, state: &State<'_>| {
        absent_or(&value, || Ok(language::digits(&value.to_string(), reader(state))))
    });
    tera.register_filter("date", move |value: Value, _: Kwargs, state: &State<'_>| {
        absent_or(&value, || Ok(language::date(day(&value, zone)?, reader(state))))
    });
    tera.register_filter("time", move |value: Value, _: Kwargs, state: &State<'_>| {
        absent_or(&value, || Ok(language::time(moment(&value)?, zone, reader(state))))
    });
    tera.register_filter("datetime", move |value: Value, _: Kwargs, state: &State<'_>| {
        absent_or(&value, || {
            let day = language::date(day(&value, zone)?, reader(state));
            Ok(format!("{day} {}", language::time(moment(&value)?, zone, reader(state))))
        })
    });
    tera.register_test("positive", |value: Value, _: Kwargs, _: &State<'_>| -> TeraResult<bool> {
        // A field that nobody has filled in yet is not there at all.
        Ok(!value.is_none() && !value.is_undefined() && decimal(&value)? > Decimal::ZERO)
    });
    for name in ["replace", "indent", "float", "round", "safe", "split", "group_by"] {
        tera.register_filter(name, move |_: Value, _: Kwargs, _: &State<'_>| -> TeraResult<Value> {
            Err(tera::Error::message(format!("the filter `{name}` is not available in messages")))
        });
    }
    for name in ["range", "throw"] {
        tera.register_function(name, move |_: Kwargs, _: &State<'_>| -> TeraResult<Value> {
            Err(tera::Error::message(format!("the function `{name}` is not available in messages")))
        });
    }
    tera
}

/// `{{ verdict.reason | reason }}`: the text of a reason's key. A key without a text stays readable.
pub(super) fn reason(tera: &mut Tera, texts: Table<Translated>) {
    tera.register_filter("reason", move |value: Value, _: Kwargs, state: &State<'_>| {
        absent_or(&value, || {
            let key = value.to_string();
            let text = texts.get(&key).map(|text| text.best(reader(state)).to_owned());
            Ok(text.unwrap_or_else(|| key.replace('_', " ")))
        })
    });
}

fn reader(state: &State<'_>) -> Language {
    state
        .get::<String>(LANGUAGE)
        .ok()
        .flatten()
        .and_then(|code| Language::of_code(&code))
        .unwrap_or(Language::En)
}

fn absent_or(value: &Value, then: impl FnOnce() -> TeraResult<String>) -> TeraResult<String> {
    if value.is_none() { Ok(String::new()) } else { then() }
}

/// The fact in which `money` finds the company's currency, whatever else a text asks for.
pub(super) const RATES: &str = "rates";

/// `{{ charges.gross | money }}`, in the company's currency unless `currency` says otherwise.
fn money(value: &Value, args: &Kwargs, state: &State<'_>) -> TeraResult<String> {
    let rates = state.get::<Value>(RATES)?;
    let rate = |key: &str| rates.as_ref().and_then(|rates| rates.get_from_path(key).cloned());
    let currency = match args.get::<String>("currency")? {
        Some(given) => given,
        None => rate("currency").and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default(),
    };
    let digits =
        rate("minor_digits").and_then(|digits| digits.as_i64()).and_then(|digits| u32::try_from(digits).ok());
    absent_or(value, || Ok(language::money(decimal(value)?, &currency, digits.unwrap_or(0), reader(state))))
}

fn decimal(value: &Value) -> TeraResult<Decimal> {
    let text = value.to_string();
    Decimal::from_str_exact(&text).map_err(|_| tera::Error::message(format!("`{text}` is no number")))
}

fn moment(value: &Value) -> TeraResult<DateTime<Utc>> {
    let text = value.to_string();
    let moment = DateTime::parse_from_rfc3339(&text);
    moment.map(|moment| moment.to_utc()).map_err(|_| tera::Error::message(format!("`{text}` is no moment")))
}

fn day(value: &Value, zone: FixedOffset) -> TeraResult<NaiveDate> {
    let text = value.to_string();
    match text.parse::<NaiveDate>() {
        Ok(day) => Ok(day),
        Err(_) => moment(value)
            .map(|moment| moment.with_timezone(&zone).date_naive())
            .map_err(|_| tera::Error::message(format!("`{text}` is no date"))),
    }
}
