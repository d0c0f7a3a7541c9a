//! `payment`: money received or paid back.

use aftercare_engine::definition::action::PaymentDirection;
use aftercare_engine::effect::Payment;

use super::Context;
use crate::entity::payment;
use crate::store::StoreError;
use crate::store::step::StepWrite;

pub fn carry_out(
    context: &Context<'_>,
    effect: &Payment,
    source: String,
    step: &mut StepWrite,
) -> Result<(), StoreError> {
    let amount = context.minor("payment", effect.amount)?;
    let (direction, change) = match effect.direction {
        PaymentDirection::In => ("in", amount),
        PaymentDirection::Out => ("out", -amount),
    };
    step.ticket.paid += change;
    step.payments.push(payment::Model {
        source,
        ticket: step.ticket.code.clone(),
        seq: step.event.seq,
        direction: direction.into(),
        amount,
        method: effect.method.clone(),
        reference: effect.reference.clone(),
        actor: step.event.actor.clone(),
        at: step.event.at,
    });
    Ok(())
}
