//! `document`: a numbered document. Its number is given when the step is stored.

use aftercare_engine::effect::Document;

use super::{Context, json};
use crate::entity::document;
use crate::store::StoreError;
use crate::store::step::StepWrite;

pub fn carry_out(
    context: &Context<'_>,
    effect: &Document,
    source: String,
    step: &mut StepWrite,
) -> Result<(), StoreError> {
    let row = document::Model {
        source,
        ticket: step.ticket.code.clone(),
        seq: step.event.seq,
        series: effect.series.clone(),
        counter: String::new(),
        serial: 0,
        number: String::new(),
        lines: json("document", &effect.lines)?,
        net: context.minor("document", effect.net)?,
        vat: context.minor("document", effect.vat)?,
        gross: context.minor("document", effect.gross)?,
        rounding: context.minor("document", effect.rounding)?,
        fields: json("document", &effect.fields)?,
        due_at: effect.due,
        actor: step.event.actor.clone(),
        at: step.event.at,
    };
    step.documents.push((context.numbering(&effect.series), row));
    Ok(())
}
