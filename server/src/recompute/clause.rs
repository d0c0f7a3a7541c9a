//! One expression of a template with the values that were kept: shown, and worked out again.

use std::sync::Arc;

use aftercare_engine::diagnostic::{Place, Sp};
use aftercare_engine::facts::{Map, Value, shape};
use aftercare_engine::rules::{Expression, Name, Scope, View};
use rust_decimal::Decimal;

/// The values kept with a line, by the first part of their paths.
struct Kept(Map);

impl View for Kept {
    fn value(&self, name: &Name) -> Option<&Value> {
        self.0.get(&name.text)
    }

    fn is_in(&self, _: usize) -> bool {
        false
    }
}

/// What the expression gives with these values, or why it gives none.
pub fn again(expression: &str, values: &[(String, Value)]) -> Result<Decimal, String> {
    let scope = Scope { fields: &[], locals: &[], records: &[], lenient: true };
    let compiled = Expression::compile(&Sp::new(expression.to_owned(), Place::default()), &scope);
    let compiled = compiled.map_err(|wrong| wrong.message.clone())?;
    let mut kept = Map::new();
    for (path, value) in values {
        put(&mut kept, path, value.clone());
    }
    let kept = kept.into_iter().map(|(name, value)| (name.clone(), typed(&name, value)));
    let value = compiled.eval(&Kept(kept.collect())).map_err(|error| error.message)?;
    value.as_decimal().ok_or_else(|| format!("it gives {}", value.kind()))
}

/// A value as it was before it became JSON, in which decimals are texts.
fn typed(name: &str, value: Value) -> Value {
    let known = shape::WORLD.iter().find(|entry| entry.name == name).map(|entry| entry.kind);
    match known {
        None if name == "line" => shape::Kind::Map(shape::CHARGE_LINE).decode(value),
        // What has no type of its own: digits are a number.
        None | Some(shape::Kind::Any) => digits(value),
        Some(kind) => kind.decode(value),
    }
}

fn digits(value: Value) -> Value {
    match value {
        Value::Text(text) => Decimal::from_str_exact(&text).map_or(Value::Text(text), Value::Decimal),
        Value::Map(map) => Value::Map(map.into_iter().map(|(key, value)| (key, digits(value))).collect()),
        other => other,
    }
}

/// Puts a value where its dotted path leads.
fn put(map: &mut Map, path: &str, value: Value) {
    match path.split_once('.') {
        None => _ = map.insert(path.into(), value),
        Some((first, rest)) => {
            let inner = map.entry(Arc::from(first)).or_insert_with(|| Value::Map(Map::new()));
            if let Value::Map(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// The expression with its values in the place of their names, and what it comes to.
pub fn arithmetic(expression: &str, values: &[(String, Value)], amount: Decimal) -> String {
    // Longer paths first: `charges.net` is not a part of `charges.net_of_cover`.
    let mut values: Vec<&(String, Value)> = values.iter().collect();
    values.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
    let mut shown = expression.split_whitespace().collect::<Vec<_>>().join(" ");
    for (path, value) in values {
        let written = match value {
            Value::Null => "()".to_owned(),
            // Kept as JSON, in which decimals are texts.
            Value::Text(text) if Decimal::from_str_exact(text).is_ok() => text.to_string(),
            Value::Text(text) => format!("\"{text}\""),
            Value::List(_) | Value::Map(_) => continue,
            other => other.to_string(),
        };
        shown = replaced(&shown, path, &written);
    }
    let amount = amount.normalize();
    if shown == amount.to_string() { shown } else { format!("{shown} = {amount}") }
}

/// A name in a text replaced where it stands as a whole, with or without `?` between its parts.
fn replaced(text: &str, name: &str, by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let whole = !before.ends_with(is_part)
            && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '(');
        out.push_str(before);
        out.push_str(if whole { by } else { name });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Vec<(String, Value)> {
        [("charges.net", 970), ("charges.net_of_cover", 5), ("charges.vat", 97)]
            .into_iter()
            .map(|(path, number)| (path.to_owned(), Value::Decimal(Decimal::from(number))))
            .chain([("charges.rounding".to_owned(), Value::Null)])
            .collect()
    }

    #[test]
    fn a_clause_comes_to_the_same_from_the_values_kept_with_it() {
        let clause = "charges.net + charges.vat + (charges.rounding ?? 0)";
        assert_eq!(again(clause, &values()), Ok(Decimal::from(1067)));
        let shown = arithmetic(clause, &values(), Decimal::from(1067));
        assert_eq!(shown, "970 + 97 + (() ?? 0) = 1067");
        assert_eq!(arithmetic("charges.net_of_cover", &values(), Decimal::from(5)), "5");
    }

    #[test]
    fn a_clause_that_gives_no_amount_says_why() {
        assert!(again("charges.net >", &values()).is_err());
        assert_eq!(again("charges.rounding", &values()), Err("it gives nothing".to_owned()));
    }
}
