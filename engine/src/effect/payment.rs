//! `payment`: money received or paid back; what the customer owes changes at once.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::definition::action as written;
use crate::definition::action::PaymentDirection;
use crate::effect::{Effect, charge};
use crate::facts::Value;
use crate::facts::shape::Kind;
use crate::facts::value::LARGEST;
use crate::rules::RuleError;
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

/// Money received or paid back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    pub direction: PaymentDirection,
    #[serde(with = "rust_decimal::serde::str")]
    pub amount: Decimal,
    pub method: String,
    pub reference: Option<String>,
}

#[derive(Debug)]
pub struct Action {
    direction: PaymentDirection,
    amount: Bound,
    method: Bound,
    reference: Option<Bound>,
}

/// The fields of a form that say what is paid: whoever pays by a program fills these in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentForm {
    pub amount: String,
    pub method: String,
    pub reference: Option<String>,
}

impl Action {
    /// The fields that it reads, when money comes in and each of them is a plain name.
    pub(crate) fn form(&self) -> Option<PaymentForm> {
        let field = |bound: &Bound| {
            let text = bound.expression.text();
            let name = text.strip_prefix("data.").unwrap_or(text);
            name.chars().all(|c| c.is_alphanumeric() || c == '_').then(|| name.to_owned())
        };
        (self.direction == PaymentDirection::In).then_some(())?;
        Some(PaymentForm {
            amount: field(&self.amount)?,
            method: field(&self.method)?,
            reference: self.reference.as_ref().and_then(field),
        })
    }

    pub(crate) fn takes_in(&self) -> bool {
        self.direction == PaymentDirection::In
    }

    pub(super) fn bind(payment: &written::Payment, binder: &mut Binder<'_>) -> Option<Self> {
        Some(Self {
            direction: payment.direction.as_ref().map_or(PaymentDirection::In, |direction| direction.value),
            amount: binder.value(&payment.amount, Kind::Money)?,
            method: binder.value(&payment.method, Kind::Text)?,
            reference: binder.optional(payment.reference.as_ref(), Kind::Text)?,
        })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        let value = run.value_of(&self.amount)?;
        let amount = value
            .as_decimal()
            .filter(|amount| (Decimal::ZERO..=LARGEST).contains(amount))
            .ok_or_else(|| RuleError {
                message: format!(
                    "`{}` gives {value}, but an amount from zero to {LARGEST} is needed",
                    self.amount.expression.text()
                ),
                source_line: self.amount.source(),
            })?;
        // Nothing to pay is no payment.
        if amount.is_zero() {
            return Ok(());
        }
        let method = run.value_of(&self.method)?.to_string();
        let reference = match &self.reference {
            Some(reference) => run.value_of(reference)?.as_text().map(str::to_owned),
            None => None,
        };
        let paid = run.world("charges").get("paid").and_then(Value::as_decimal).unwrap_or_default();
        let paid = match self.direction {
            PaymentDirection::In => paid.checked_add(amount),
            PaymentDirection::Out => paid.checked_sub(amount),
        };
        let paid = paid.ok_or_else(|| RuleError {
            message: "what has been paid on this ticket is too large".to_owned(),
            source_line: self.amount.source(),
        })?;
        charge::set_lines(run, None, Some(paid))?;
        run.set_world("payment", self.fact(amount, &method, reference.as_deref()));
        run.effects.push(Effect::Payment(Payment { direction: self.direction, amount, method, reference }));
        Ok(())
    }

    /// What the vouchers of this step read as `payment`.
    fn fact(&self, amount: Decimal, method: &str, reference: Option<&str>) -> Value {
        let direction = match self.direction {
            PaymentDirection::In => "in",
            PaymentDirection::Out => "out",
        };
        let entries: [(&str, Value); 4] = [
            ("amount", amount.into()),
            ("direction", direction.into()),
            ("method", method.into()),
            ("reference", reference.into()),
        ];
        Value::Map(entries.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}
