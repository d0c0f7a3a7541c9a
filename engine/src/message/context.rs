//! Facts as templates see them.

use tera::{Context, Value as TeraValue};

use crate::facts::Value;
use crate::language::Language;

/// The key under which filters find the reader's language.
pub(super) const LANGUAGE: &str = "lang";

pub(super) fn of<'f>(facts: impl Iterator<Item = (&'f str, &'f Value)>, language: Language) -> Context {
    let mut context = Context::new();
    for (name, value) in facts {
        context.insert_value(name.to_owned(), tera(value));
    }
    context.insert(LANGUAGE, language.code());
    context
}

/// Exact numbers stay exact: whole ones become integers, so that texts can compare them; others stay digits.
fn tera(value: &Value) -> TeraValue {
    match value {
        Value::Decimal(number) if number.is_integer() => {
            i64::try_from(*number).map_or_else(|_| TeraValue::from(number.to_string()), TeraValue::from)
        }
        Value::List(items) => TeraValue::from(items.iter().map(tera).collect::<Vec<_>>()),
        Value::Map(map) => {
            let entries = map.iter().map(|(key, value)| (key.to_string().into(), tera(value)));
            TeraValue::from(entries.collect::<tera::Map>())
        }
        other => TeraValue::from_serializable(other),
    }
}
