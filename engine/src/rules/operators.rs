//! Operators on exact values.
//!
//! What has no answer is an error, never false: order and arithmetic know no `()` and no unlike types. Equality
//! does: `x == ()` asks whether a fact is there. `7 / 2` is exactly 3.5, so that no division loses money.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::facts::Value;

/// `<`, `<=`, `>`, `>=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// `+`, `-`, `*`, `/`, `%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// Whether two values are the same; numbers by amount, whatever their form.
pub fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(left), Value::Decimal(right)) | (Value::Decimal(right), Value::Int(left)) => {
            Decimal::from(*left) == *right
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Map(left), Value::Map(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|((k, left), (l, right))| k == l && equal(left, right))
        }
        _ => left == right,
    }
}

/// Compares two values of one type.
///
/// # Errors
/// When they cannot be ordered, with the reason for an author.
pub fn order(order: Order, left: &Value, right: &Value) -> Result<bool, String> {
    let ordering = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Decimal(left), Value::Decimal(right)) => left.cmp(right),
        (Value::Int(left), Value::Decimal(right)) => Decimal::from(*left).cmp(right),
        (Value::Decimal(left), Value::Int(right)) => left.cmp(&Decimal::from(*right)),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Time(left), Value::Time(right)) => left.cmp(right),
        _ => return Err(format!("{} and {} cannot be compared by order", left.kind(), right.kind())),
    };
    Ok(order.holds(ordering))
}

/// Calculates exactly; whole numbers stay whole where the result is.
///
/// # Errors
/// When the types do not allow it, on division by zero and when the result is too large.
pub fn calculate(operator: Arithmetic, left: &Value, right: &Value) -> Result<Value, String> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => whole(operator, *left, *right),
        (Value::Text(left), Value::Text(right)) if operator == Arithmetic::Add => {
            Ok(Value::text(format!("{left}{right}")))
        }
        (Value::List(left), Value::List(right)) if operator == Arithmetic::Add => {
            Ok(Value::List(left.iter().chain(right).cloned().collect()))
        }
        _ => match (left.as_decimal(), right.as_decimal()) {
            (Some(left), Some(right)) => decimal(operator, left, right).map(Value::Decimal),
            _ => Err(format!("{} and {} cannot be calculated with", left.kind(), right.kind())),
        },
    }
}

fn whole(operator: Arithmetic, left: i64, right: i64) -> Result<Value, String> {
    let result = match operator {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide | Arithmetic::Remainder if right == 0 => {
            return Err("division by zero".to_owned());
        }
        Arithmetic::Divide => match left.checked_rem(right) {
            Some(0) => left.checked_div(right),
            _ => return decimal(operator, left.into(), right.into()).map(Value::Decimal),
        },
        Arithmetic::Remainder => left.checked_rem(right),
    };
    result.map(Value::Int).ok_or_else(|| "the number is too large".to_owned())
}

fn decimal(operator: Arithmetic, left: Decimal, right: Decimal) -> Result<Decimal, String> {
    let result = match operator {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide | Arithmetic::Remainder if right.is_zero() => {
            return Err("division by zero".to_owned());
        }
        Arithmetic::Divide => left.checked_div(right),
        Arithmetic::Remainder => left.checked_rem(right),
    };
    result.ok_or_else(|| "the number is too large".to_owned())
}

/// `-x`.
///
/// # Errors
/// When it is no number.
pub fn negate(value: &Value) -> Result<Value, String> {
    match value {
        Value::Int(number) => {
            number.checked_neg().map(Value::Int).ok_or_else(|| "the number is too large".to_owned())
        }
        Value::Decimal(number) => Ok(Value::Decimal(-*number)),
        _ => Err(format!("{} has no negative", value.kind())),
    }
}

/// `item in container`: an item of a list, a key of a map, a part of a text.
///
/// # Errors
/// When the container is none of them.
pub fn contains(container: &Value, item: &Value) -> Result<bool, String> {
    match (container, item) {
        (Value::List(items), _) => Ok(items.iter().any(|other| equal(other, item))),
        (Value::Map(map), Value::Text(key)) => Ok(map.contains_key(key)),
        (Value::Text(text), Value::Text(part)) => Ok(text.contains(&**part)),
        _ => Err(format!("{} cannot be looked for in {}", item.kind(), container.kind())),
    }
}
