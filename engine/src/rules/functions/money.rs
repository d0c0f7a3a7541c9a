//! Exact amounts: rounding half up, percentages, shares that add up.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Function, args, items, number, whole};
use crate::facts::Value;
use crate::facts::shape::Kind;
use crate::rules::operators::{Order, order};

pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "round_half_up",
        parameters: &[("amount", Kind::Decimal), ("digits", Kind::Int)],
        result: Kind::Decimal,
        about: "the amount with so many digits after the point; a half goes away from zero",
        run: |values| round(values, RoundingStrategy::MidpointAwayFromZero),
    },
    Function {
        name: "round_down",
        parameters: &[("amount", Kind::Decimal), ("digits", Kind::Int)],
        result: Kind::Decimal,
        about: "the amount with so many digits after the point; what is beyond them is cut off",
        run: |values| round(values, RoundingStrategy::ToZero),
    },
    Function {
        name: "percent",
        parameters: &[("amount", Kind::Decimal), ("rate", Kind::Decimal)],
        result: Kind::Decimal,
        about: "so many hundredths of the amount, exact and not rounded",
        run: |values| {
            let [amount, rate] = args(values)?;
            let product = number(amount)?.checked_mul(number(rate)?);
            let share = product.and_then(|product| product.checked_div(Decimal::ONE_HUNDRED));
            share.map(Value::Decimal).ok_or_else(|| "the number is too large".to_owned())
        },
    },
    Function {
        name: "min",
        parameters: &[("a", Kind::Decimal), ("b", Kind::Decimal)],
        result: Kind::Decimal,
        about: "the smaller of two numbers",
        run: |values| {
            let [a, b] = args(values)?;
            number(a)?;
            number(b)?;
            Ok(if order(Order::Less, b, a)? { b.clone() } else { a.clone() })
        },
    },
    Function {
        name: "max",
        parameters: &[("a", Kind::Decimal), ("b", Kind::Decimal)],
        result: Kind::Decimal,
        about: "the larger of two numbers",
        run: |values| {
            let [a, b] = args(values)?;
            number(a)?;
            number(b)?;
            Ok(if order(Order::Greater, b, a)? { b.clone() } else { a.clone() })
        },
    },
    Function {
        name: "abs",
        parameters: &[("number", Kind::Decimal)],
        result: Kind::Decimal,
        about: "the number without its sign",
        run: |values| {
            let [value] = args(values)?;
            Ok(Value::Decimal(number(value)?.abs()))
        },
    },
    Function {
        name: "shares",
        parameters: &[("amount", Kind::Decimal), ("weights", Kind::Any), ("digits", Kind::Int)],
        result: Kind::Any,
        about: "the amount split by the list of weights; rounded so that the sum stays exact (largest remainder)",
        run: |values| {
            let [amount, weights, digits] = args(values)?;
            let weights = items(weights)?.iter().map(number).collect::<Result<Vec<_>, _>>()?;
            let shares = split(number(amount)?, &weights, places(digits)?)
                .ok_or_else(|| "the weights must be positive and not all zero".to_owned())?;
            Ok(Value::List(shares.into_iter().map(Value::Decimal).collect()))
        },
    },
];

fn places(digits: &Value) -> Result<u32, String> {
    u32::try_from(whole(digits)?)
        .ok()
        .filter(|digits| *digits <= 12)
        .ok_or_else(|| "digits can be 0 to 12".to_owned())
}

fn round(values: &[&Value], strategy: RoundingStrategy) -> Result<Value, String> {
    let [amount, digits] = args(values)?;
    Ok(Value::Decimal(number(amount)?.round_dp_with_strategy(places(digits)?, strategy)))
}

/// Splits an amount by weights so that the parts, rounded to `digits`, add up to it exactly: what rounding
/// down leaves over goes, unit by unit, to the largest remainders, the first of equals first.
///
/// Nothing when there is no weight, one is negative, or a number grows too large.
pub fn split(amount: Decimal, weights: &[Decimal], digits: u32) -> Option<Vec<Decimal>> {
    let total = weights.iter().try_fold(Decimal::ZERO, |sum, weight| sum.checked_add(*weight))?;
    if total <= Decimal::ZERO || weights.iter().any(Decimal::is_sign_negative) {
        return None;
    }
    let unit = Decimal::new(1, digits);
    let mut parts = Vec::with_capacity(weights.len());
    let mut given = Decimal::ZERO;
    for (n, weight) in weights.iter().enumerate() {
        // Where the product is more than a decimal holds, the weight's part of the whole is taken first.
        let of_whole = || amount.checked_mul(weight.checked_div(total)?);
        let exact = amount.checked_mul(*weight).and_then(|product| product.checked_div(total));
        let exact = exact.or_else(of_whole)?;
        let part = exact.round_dp_with_strategy(digits, RoundingStrategy::ToZero);
        given = given.checked_add(part)?;
        parts.push((n, part, (exact - part).abs()));
    }
    let mut left = amount - given;
    let step = if left.is_sign_negative() { -unit } else { unit };
    let mut by_remainder: Vec<usize> = (0..parts.len()).collect();
    by_remainder.sort_by_key(|n| std::cmp::Reverse(parts.get(*n).map(|(_, _, remainder)| *remainder)));
    for n in by_remainder {
        if left.abs() < unit {
            break;
        }
        if let Some((_, part, _)) = parts.get_mut(n) {
            *part += step;
            left -= step;
        }
    }
    // An amount finer than a unit keeps its crumb with the largest share.
    if let (false, Some((_, part, _))) =
        (left.is_zero(), parts.iter_mut().max_by_key(|(_, part, _)| part.abs()))
    {
        *part += left;
    }
    Some(parts.into_iter().map(|(_, part, _)| part).collect())
}
