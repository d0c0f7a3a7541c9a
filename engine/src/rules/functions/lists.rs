//! Lists of maps such as charge lines, asked without loops.

use rust_decimal::Decimal;

use super::{Function, args, items, number, words};
use crate::facts::Value;
use crate::facts::shape::Kind;
use crate::rules::operators::equal;

pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "len",
        parameters: &[("list", Kind::Any)],
        result: Kind::Int,
        about: "number of items of a list, keys of a map or characters of a text",
        run: |values| {
            let [value] = args(values)?;
            let len = match value {
                Value::List(items) => items.len(),
                Value::Map(map) => map.len(),
                Value::Text(text) => text.chars().count(),
                _ => return Err(format!("{} has no length", value.kind())),
            };
            Ok(Value::Int(i64::try_from(len).unwrap_or(i64::MAX)))
        },
    },
    Function {
        name: "sum",
        parameters: &[("list", Kind::Any)],
        result: Kind::Decimal,
        about: "sum of a list of numbers; 0 for an empty one",
        run: |values| {
            let [list] = args(values)?;
            total(items(list)?.iter())
        },
    },
    Function {
        name: "sum",
        parameters: &[("list", Kind::Any), ("key", Kind::Text)],
        result: Kind::Decimal,
        about: "sum of the numbers under a key of each item: `sum(charges.lines, \"net\")`",
        run: |values| total(under(values)?.into_iter()),
    },
    Function {
        name: "count",
        parameters: &[("list", Kind::Any), ("key", Kind::Text)],
        result: Kind::Int,
        about: "number of items with `true` under a key",
        run: |values| {
            let count = under(values)?.into_iter().map(flag).filter(|flag| *flag != Ok(false));
            let count = count.collect::<Result<Vec<_>, _>>()?.len();
            Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
        },
    },
    Function {
        name: "any",
        parameters: &[("list", Kind::Any), ("key", Kind::Text)],
        result: Kind::Bool,
        about: "whether an item has `true` under a key",
        run: |values| {
            let flags = under(values)?.into_iter().map(flag).collect::<Result<Vec<_>, _>>()?;
            Ok(Value::Bool(flags.contains(&true)))
        },
    },
    Function {
        name: "all",
        parameters: &[("list", Kind::Any), ("key", Kind::Text)],
        result: Kind::Bool,
        about: "whether every item has `true` under a key; an empty list has",
        run: |values| {
            let flags = under(values)?.into_iter().map(flag).collect::<Result<Vec<_>, _>>()?;
            Ok(Value::Bool(!flags.contains(&false)))
        },
    },
    Function {
        name: "pluck",
        parameters: &[("list", Kind::Any), ("key", Kind::Text)],
        result: Kind::Any,
        about: "list of the values under a key: `\"broken\" in pluck(lines, \"code\")`",
        run: |values| Ok(Value::List(under(values)?.into_iter().cloned().collect())),
    },
    Function {
        name: "having",
        parameters: &[("list", Kind::Any), ("key", Kind::Text), ("value", Kind::Any)],
        result: Kind::Any,
        about: "list of the items with this value under a key: `having(charges.lines, \"status\", \"done\")`",
        run: |values| {
            let [list, key, wanted] = args(values)?;
            let key = words(key)?;
            let fits = |item: &&Value| equal(item.get(key).unwrap_or(&Value::Null), wanted);
            Ok(Value::List(items(list)?.iter().filter(fits).cloned().collect()))
        },
    },
    Function {
        name: "without",
        parameters: &[("list", Kind::Any), ("key", Kind::Text), ("value", Kind::Any)],
        result: Kind::Any,
        about: "list of the items with another value under a key: `without(charges.lines, \"status\", \"done\")`",
        run: |values| {
            let [list, key, unwanted] = args(values)?;
            let key = words(key)?;
            let fits = |item: &&Value| !equal(item.get(key).unwrap_or(&Value::Null), unwanted);
            Ok(Value::List(items(list)?.iter().filter(fits).cloned().collect()))
        },
    },
    Function {
        name: "short_of",
        parameters: &[("list", Kind::Any), ("stock", Kind::Text), ("planned", Kind::Any)],
        result: Kind::Texts,
        about: "the parts of which more is wanted, with what is planned, than a stock has, each as its code and how many there are: `short_of(data.parts, \"van_stock\", [])` may be `[\"FILTER: 2\"]`",
        run: |values| {
            let [list, stock, planned] = args(values)?;
            let (list, stock, planned) = (items(list)?, words(stock)?, items(planned)?);
            let mut short = Vec::new();
            for item in list {
                let code = item.get("code").unwrap_or(&Value::Null);
                let there = item.get("part").and_then(|part| part.get(stock));
                let there = there.ok_or_else(|| format!("a part of the list has no `{stock}`"))?;
                let mut same = list.iter().chain(planned).filter(|other| other.get("code") == Some(code));
                let wanted = same.try_fold(Decimal::ZERO, |sum, other| {
                    let quantity = other.get("quantity").filter(|given| !given.is_null());
                    let quantity = quantity.map_or(Ok(Decimal::ONE), number)?;
                    sum.checked_add(quantity).ok_or_else(|| "the number is too large".to_owned())
                })?;
                // A store that nobody has holds nothing.
                let there = if there.is_null() { Decimal::ZERO } else { number(there)? };
                let short_one = Value::text(format!("{code}: {}", there.normalize()));
                if wanted > there && !short.contains(&short_one) {
                    short.push(short_one);
                }
            }
            Ok(Value::List(short))
        },
    },
    Function {
        name: "first",
        parameters: &[("list", Kind::Any)],
        result: Kind::Any,
        about: "the first item, or `()`",
        run: |values| {
            let [list] = args(values)?;
            Ok(items(list)?.first().cloned().unwrap_or_default())
        },
    },
    Function {
        name: "last",
        parameters: &[("list", Kind::Any)],
        result: Kind::Any,
        about: "the last item, or `()`",
        run: |values| {
            let [list] = args(values)?;
            Ok(items(list)?.last().cloned().unwrap_or_default())
        },
    },
];

fn under<'a>(values: &[&'a Value]) -> Result<Vec<&'a Value>, String> {
    let [list, key] = args(values)?;
    let key = words(key)?;
    items(list)?
        .iter()
        .map(|item| item.get(key).ok_or_else(|| format!("an item of the list has no `{key}`")))
        .collect()
}

fn flag(value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("yes or no is expected, not {}", value.kind()))
}

fn total<'a>(mut values: impl Iterator<Item = &'a Value>) -> Result<Value, String> {
    values
        .try_fold(Decimal::ZERO, |sum, value| {
            sum.checked_add(number(value)?).ok_or_else(|| "the number is too large".to_owned())
        })
        .map(Value::Decimal)
}
