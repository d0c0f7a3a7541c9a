//! `webhook`: a call to an endpoint that the administrator has named.

use aftercare_engine::effect::Webhook;
use aftercare_engine::facts::Value;

use super::{json, notify};
use crate::entity::outbox;
use crate::store::StoreError;
use crate::store::step::StepWrite;

pub fn carry_out(effect: &Webhook, source: String, step: &mut StepWrite) -> Result<(), StoreError> {
    step.outbox.push(outbox::Model {
        channel: "webhook".into(),
        lane: format!("{}/webhook", step.ticket.code),
        recipient: effect.endpoint.clone(),
        recipient_name: effect.endpoint.clone(),
        to_kind: "endpoint".into(),
        to_code: effect.endpoint.clone(),
        message: effect.endpoint.clone(),
        body: json("webhook", &Value::Map(effect.body.clone()))?,
        ..notify::waiting(source, step)
    });
    Ok(())
}
