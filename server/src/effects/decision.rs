//! `decision`: what a rule decided, kept with its reasons and known to the ticket from now on.

use aftercare_engine::effect::Ruling;
use aftercare_engine::facts::Map;

use super::json;
use crate::entity::decision;
use crate::store::StoreError;
use crate::store::step::StepWrite;

pub fn carry_out(ruling: &Ruling, source: String, step: &mut StepWrite) -> Result<(), StoreError> {
    step.decisions.push(decision::Model {
        source,
        ticket: step.ticket.code.clone(),
        seq: step.event.seq,
        rule: ruling.rule.clone(),
        fact: ruling.into.clone(),
        value: json("decision", &ruling.value)?,
        conditions: json("decision", &ruling.conditions)?,
        bundle: step.ticket.bundle.clone(),
        at: step.event.at,
    });
    // A charge line's decision is in the line.
    if !ruling.into.contains('.') {
        let mut decided: Map = serde_json::from_str(&step.ticket.decided)
            .map_err(|error| StoreError::corrupt("decisions", error))?;
        decided.insert(ruling.into.as_str().into(), ruling.value.clone());
        step.ticket.decided = json("decision", &decided)?;
    }
    Ok(())
}
