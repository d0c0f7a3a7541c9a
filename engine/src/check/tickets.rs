//! Made-up tickets with charge lines of all kinds, the same ones every time: for trying voucher templates.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::facts::charges::{self, Rounding};
use crate::facts::{Map, Value, sample};

/// How many tickets are tried.
pub(super) const COUNT: u64 = 240;

/// A small generator of numbers that look random: Knuth's linear congruence. Equal seeds give equal numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }

    fn one_of<T: Copy>(&mut self, choices: &[T], default: T) -> T {
        let at = usize::try_from(self.below(choices.len() as u64)).unwrap_or(0);
        choices.get(at).copied().unwrap_or(default)
    }

    /// An amount with the currency's digits, round or not.
    fn amount(&mut self, digits: u32) -> Decimal {
        let scale = 10u64.pow(self.below(7).try_into().unwrap_or(0));
        Decimal::new(i64::try_from(1 + self.below(9999) * scale).unwrap_or(1), digits)
    }
}

/// The worlds of all tickets.
pub(super) fn worlds(rounding: Rounding) -> Vec<Map> {
    (0..COUNT).filter_map(|n| world(n, rounding)).collect()
}

/// What a form brought, when a template asks for it by these names: amounts.
pub(super) fn data(n: u64, minor_digits: u32, names: &[&str]) -> Value {
    let mut numbers = Numbers(n.wrapping_add(7));
    Value::Map(names.iter().map(|name| (Arc::from(*name), numbers.amount(minor_digits).into())).collect())
}

/// The world of the n-th ticket; none if its lines cannot be.
fn world(n: u64, rounding: Rounding) -> Option<Map> {
    let minor_digits = rounding.minor_digits;
    let mut numbers = Numbers(n.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1));
    // Whoever rounds the customer's total one day finds the vouchers ready for it.
    let rounding = Rounding { to: numbers.one_of(&[rounding.to, 1000], 1), ..rounding };
    let mut world = sample::world();
    let count = 1 + numbers.below(5);
    let mut lines = Vec::new();
    for id in 1..=count {
        let line = line(&mut numbers, id, minor_digits);
        lines.push(Value::Map(charges::complete_line(line, minor_digits).ok()?));
    }
    let totals = charges::totals(lines, Decimal::ZERO, rounding).ok()?;
    let gross = totals.get("gross").and_then(Value::as_decimal).unwrap_or_default();
    // Nothing paid, some of it, all of it, too much.
    let paid = match numbers.below(4) {
        0 => Decimal::ZERO,
        1 => numbers.amount(minor_digits).min(gross),
        2 => gross,
        _ => gross + numbers.amount(minor_digits),
    };
    let lines = totals.get("lines").map(Value::as_list).unwrap_or_default().to_vec();
    world.insert("charges".into(), Value::Map(charges::totals(lines, paid, rounding).ok()?));
    let direction = numbers.one_of(&["in", "out"], "in");
    let method = numbers.one_of(&["cash", "card", "transfer", "cheque", "online"], "cash");
    let amount = numbers.amount(minor_digits);
    put(
        &mut world,
        "payment",
        &[("direction", direction.into()), ("method", method.into()), ("amount", amount.into())],
    );
    let costs = numbers.one_of(&["provision", "expense"], "provision");
    let absorbs = numbers.below(2) == 0;
    let taxed = numbers.below(2) == 0;
    let rates = [
        ("warranty_costs", costs.into()),
        ("labour_absorption", absorbs.into()),
        ("goodwill_vat", taxed.into()),
    ];
    put(&mut world, "rates", &rates);
    let left = numbers.amount(minor_digits);
    let left = if numbers.below(3) == 0 { -left } else { left };
    put(&mut world, "product", &[("provision", left.into())]);
    let (price, cost) = (numbers.amount(minor_digits), numbers.amount(minor_digits));
    put(&mut world, "contract", &[("net", price.into()), ("cost", cost.into())]);
    Some(world)
}

fn line(numbers: &mut Numbers, id: u64, minor_digits: u32) -> Map {
    let covers =
        ["guarantee", "warranty", "part_term", "extension", "installation", "rework", "partner", "goodwill"];
    let percent = numbers.one_of(&[0i64, 0, 30, 50, 67, 100, 100], 0);
    let covered_by = if percent == 0 { "" } else { numbers.one_of(&covers, "guarantee") };
    let halves = Decimal::new(i64::try_from(1 + numbers.below(6)).unwrap_or(1) * 5, 1);
    let entries: [(&str, Value); 17] = [
        ("id", Value::Int(i64::try_from(id).unwrap_or(1))),
        ("kind", numbers.one_of(&["part", "part", "service", "travel", "fee"], "part").into()),
        ("code", "C-1".into()),
        ("description", "sample".into()),
        ("quantity", halves.into()),
        ("unit_price", numbers.amount(minor_digits).into()),
        ("cost", numbers.amount(minor_digits).into()),
        ("covered_percent", Value::Int(percent)),
        ("covered_by", covered_by.into()),
        ("vat_rate", Decimal::new(numbers.one_of(&[0, 5, 9, 10, 23], 10), 0).into()),
        ("decision", numbers.one_of(&["accepted", "accepted", "declined"], "accepted").into()),
        ("status", "done".into()),
        (
            "source",
            numbers.one_of(&["warehouse", "consigned", "bought", "surplus", "missing"], "warehouse").into(),
        ),
        ("provider", numbers.one_of(&["own", "technician", "agency", "partner"], "own").into()),
        ("provided_by", "P-1".into()),
        ("warehouse", "W-1".into()),
        ("oem", (numbers.below(2) == 0).into()),
    ];
    entries.into_iter().map(|(key, value)| (Arc::from(key), value)).collect()
}

fn put(world: &mut Map, name: &str, entries: &[(&str, Value)]) {
    if let Some(Value::Map(map)) = world.get_mut(name) {
        map.extend(entries.iter().map(|(key, value)| (Arc::from(*key), value.clone())));
    }
}
