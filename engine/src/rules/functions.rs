//! The functions that guards and rules may call: pure, small, and each with a word for its author.
//!
//! One file per family. A function never sees more than its arguments and never loops over more than they hold.

pub(crate) mod calendar;
mod lists;
pub mod money;
mod text;

use rust_decimal::Decimal;

use crate::facts::Value;
use crate::facts::shape::Kind;

/// A function by its name and number of parameters.
#[derive(Debug)]
pub struct Function {
    pub name: &'static str,
    pub parameters: &'static [(&'static str, Kind)],
    pub result: Kind,
    pub about: &'static str,
    pub run: fn(&[&Value]) -> Result<Value, String>,
}

/// The families, in the order in which they are explained.
pub const FAMILIES: &[(&str, &[Function])] = &[
    ("Money and numbers", money::FUNCTIONS),
    ("Days and moments", calendar::FUNCTIONS),
    ("Lists and maps", lists::FUNCTIONS),
    ("Texts", text::FUNCTIONS),
];

/// All functions of a name.
pub fn named(name: &str) -> impl Iterator<Item = &'static Function> {
    all().filter(move |function| function.name == name)
}

/// All functions.
pub fn all() -> impl Iterator<Item = &'static Function> {
    FAMILIES.iter().flat_map(|(_, functions)| functions.iter())
}

fn number(value: &Value) -> Result<Decimal, String> {
    value.as_decimal().ok_or_else(|| format!("a number is expected, not {}", value.kind()))
}

fn whole(value: &Value) -> Result<i64, String> {
    value.as_int().ok_or_else(|| format!("a whole number is expected, not {}", value.kind()))
}

fn words(value: &Value) -> Result<&str, String> {
    value.as_text().ok_or_else(|| format!("a text is expected, not {}", value.kind()))
}

fn items(value: &Value) -> Result<&[Value], String> {
    match value {
        Value::List(items) => Ok(items),
        _ => Err(format!("a list is expected, not {}", value.kind())),
    }
}

fn args<'a, const N: usize>(values: &[&'a Value]) -> Result<[&'a Value; N], String> {
    values.try_into().map_err(|_| format!("{N} arguments are expected, not {}", values.len()))
}
