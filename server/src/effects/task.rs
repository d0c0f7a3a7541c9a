//! `task`: something on somebody's list.

use aftercare_engine::effect::{Recipient, Task};
use aftercare_engine::facts::Value;

use super::{Context, json};
use crate::entity::task;
use crate::store::StoreError;
use crate::store::step::StepWrite;

pub fn carry_out(
    context: &Context<'_>,
    effect: &Task,
    source: String,
    step: &mut StepWrite,
) -> Result<(), StoreError> {
    let ticket = &step.ticket;
    let (to_kind, to_name) = match &effect.to {
        Recipient::Customer => ("customer", ticket.customer.clone()),
        Recipient::Agency => ("agency", ticket.agency.clone()),
        Recipient::Partner => ("partner", ticket.partner.clone()),
        Recipient::Technician => ("user", ticket.technician.clone()),
        Recipient::Role(role) => ("role", Some(role.clone())),
        Recipient::User(name) => ("user", Some(name.clone())),
        Recipient::AgencyOf(code) => ("agency", Some(code.clone())),
    };
    step.tasks.push(task::Model {
        id: 0,
        source: Some(source),
        ticket: ticket.code.clone(),
        kind: "task".into(),
        title: json("task", &Value::Map(effect.title.clone()))?,
        to_kind: to_kind.into(),
        to_name: to_name.unwrap_or_default(),
        branch: context.branch.code.clone(),
        due_at: effect.due,
        remind_at: None,
        status: "open".into(),
        created_by: None,
        created_at: step.event.at,
        done_at: None,
        done_by: None,
        result: None,
    });
    Ok(())
}
