//! One charge line, completed.

use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::error;
use crate::facts::shape::{CHARGE_LINE, Kind};
use crate::facts::value::LARGEST;
use crate::facts::{Map, Value};
use crate::rules::RuleError;
use crate::rules::functions::money::split;

/// Words that a key of a line can have.
const WORDS: &[(&str, &[&str])] = &[
    ("kind", &["part", "service", "travel", "fee"]),
    ("decision", &["pending", "accepted", "declined"]),
    ("payment_class", &["none", "optional", "mandatory"]),
    ("status", &["planned", "quoted", "approved", "done", "invoiced"]),
    ("provider", &["own", "technician", "agency", "partner"]),
    ("source", &["warehouse", "van", "consigned", "bought", "surplus", "missing", "agreed"]),
];

/// The words that a key of a line can have; none: anything.
pub fn words_of(key: &str) -> Option<&'static [&'static str]> {
    WORDS.iter().find(|(known, _)| *known == key).map(|(_, words)| *words)
}

/// Makes a whole line of what a rule or a change gave: amounts rounded half up to the minor unit, VAT on the
/// line's net, shares by largest remainder. A complete line stays as it is.
///
/// # Errors
/// When what was given cannot be a charge line, in the words of the rule's author.
pub fn complete_line(mut line: Map, minor_digits: u32) -> Result<Map, RuleError> {
    for entry in CHARGE_LINE {
        let value = line.remove(entry.name).unwrap_or_default();
        line.insert(entry.name.into(), entry.kind.decode(value));
    }
    if line.get("kind").is_none_or(Value::is_null) {
        return Err(error("a charge line needs a `kind`".to_owned()));
    }
    check_words(&line)?;
    let mut line = Line { map: line, digits: minor_digits };
    line.amounts()?;
    line.cover()?;
    line.payment();
    Ok(line.map)
}

fn check_words(line: &Map) -> Result<(), RuleError> {
    for (key, words) in WORDS {
        match line.get(*key) {
            None | Some(Value::Null) => {}
            Some(Value::Text(word)) if words.contains(&&**word) => {}
            Some(other) => {
                let words = words.join("`, `");
                return Err(error(format!("`{key}` of a charge line is `{words}`, not `{other}`")));
            }
        }
    }
    let misfit = CHARGE_LINE.iter().find(|entry| match (entry.kind, line.get(entry.name)) {
        (_, None | Some(Value::Null)) => false,
        (Kind::Bool, Some(value)) => value.as_bool().is_none(),
        (Kind::Int, Some(value)) => value.as_int().is_none(),
        (Kind::Decimal | Kind::Money, Some(value)) => value.as_decimal().is_none(),
        (Kind::Text, Some(value)) => value.as_text().is_none(),
        _ => false,
    });
    misfit.map_or(Ok(()), |entry| {
        let kind = line.get(entry.name).map_or("nothing", Value::kind);
        Err(error(format!("`{}` of a charge line cannot be {kind}", entry.name)))
    })
}

struct Line {
    map: Map,
    digits: u32,
}

impl Line {
    /// A number that is not below zero, nor so large that sums could leave what a decimal holds.
    fn number(&self, key: &str, default: Decimal) -> Result<Decimal, RuleError> {
        let number = self.map.get(key).and_then(Value::as_decimal).unwrap_or(default);
        if number.is_sign_negative() && !number.is_zero() {
            return Err(error(format!("`{key}` of a charge line cannot be below zero")));
        }
        if number > LARGEST {
            return Err(error(format!("`{key}` of a charge line cannot be above {LARGEST}")));
        }
        Ok(number)
    }

    fn text(&self, key: &str) -> &str {
        self.map.get(key).and_then(Value::as_text).unwrap_or("")
    }

    fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.map.insert(Arc::from(key), value.into());
    }

    fn default(&mut self, key: &str, value: impl Into<Value>) {
        if self.map.get(key).is_none_or(Value::is_null) {
            self.put(key, value);
        }
    }

    fn rounded(&self, amount: Decimal) -> Decimal {
        amount.round_dp_with_strategy(self.digits, RoundingStrategy::MidpointAwayFromZero)
    }

    fn product(&self, a: Decimal, b: Decimal) -> Result<Decimal, RuleError> {
        let product = a.checked_mul(b).filter(|product| *product <= LARGEST);
        let product = product.ok_or_else(|| error("the amount is too large".to_owned()))?;
        Ok(self.rounded(product))
    }

    /// An amount in two: the cover's share and the rest.
    fn shares(&self, amount: Decimal, percent: Decimal) -> Result<(Decimal, Decimal), RuleError> {
        let parts = split(amount, &[percent, Decimal::ONE_HUNDRED - percent], self.digits);
        match parts.as_deref() {
            Some([covered, rest]) => Ok((*covered, *rest)),
            _ => Err(error("`covered_percent` of a charge line is 0 to 100".to_owned())),
        }
    }

    fn amounts(&mut self) -> Result<(), RuleError> {
        let quantity = self.number("quantity", Decimal::ONE)?;
        let price = self.number("unit_price", Decimal::ZERO)?;
        let percent = self.number("covered_percent", Decimal::ZERO)?;
        let list = self.product(quantity, price)?;
        let (covered, charged) = self.shares(list, percent)?;
        let discount = self.rounded(self.number("discount", Decimal::ZERO)?).min(charged);
        let net = charged - discount;
        if net > Decimal::ZERO && self.map.get("vat_rate").is_none_or(Value::is_null) {
            return Err(error(
                "a charge line that costs something has no `vat_rate`: none is in force on the day"
                    .to_owned(),
            ));
        }
        let rate = self.number("vat_rate", Decimal::ZERO)?;
        let vat = self.product(net, rate * Decimal::new(1, 2))?;
        let cost = self.rounded(self.number("cost", Decimal::ZERO)?);
        let (covered_cost, charged_cost) = self.shares(cost, percent)?;
        for (key, amount) in [
            ("quantity", quantity),
            ("unit_price", price),
            ("list", list),
            ("covered", covered),
            ("discount", discount),
            ("net", net),
            ("vat_rate", rate),
            ("vat", vat),
            ("gross", net + vat),
            ("cost", cost),
            ("covered_cost", covered_cost),
            ("charged_cost", charged_cost),
        ] {
            self.put(key, amount);
        }
        let input_vat = self.rounded(self.number("input_vat", Decimal::ZERO)?);
        self.put("input_vat", input_vat);
        Ok(())
    }

    fn cover(&mut self) -> Result<(), RuleError> {
        let percent = self.number("covered_percent", Decimal::ZERO)?;
        let goodwill = self.text("covered_by") == "goodwill";
        let coverage = match percent {
            none if none.is_zero() => "charged",
            _ if goodwill => "goodwill",
            whole if whole == Decimal::ONE_HUNDRED => "covered",
            _ => "partly",
        };
        if percent.is_zero() {
            self.put("covered_by", Value::Null);
        } else if self.text("covered_by").is_empty() {
            return Err(error("a covered charge line tells by what: `covered_by`".to_owned()));
        }
        let whole = Value::Decimal(percent).as_int();
        let whole = whole.ok_or_else(|| error("`covered_percent` is a whole number".to_owned()))?;
        self.put("covered_percent", whole);
        self.put("coverage", coverage);
        Ok(())
    }

    /// Nothing to pay asks for no decision; what has to be paid does.
    fn payment(&mut self) {
        let free = self.map.get("gross").and_then(Value::as_decimal).is_some_and(|gross| gross.is_zero());
        let was_free = matches!(self.text("payment_class"), "none" | "");
        if free {
            self.put("payment_class", "none");
            if self.text("decision") != "declined" {
                self.put("decision", "accepted");
            }
        } else if was_free {
            self.put("payment_class", "mandatory");
            if self.text("decision") != "declined" {
                self.put("decision", "pending");
            }
        }
        self.default("decision", "pending");
        self.default("status", "planned");
        self.default("provider", "own");
        self.default("oem", true);
        self.default("approved", false);
    }
}
