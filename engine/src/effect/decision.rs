//! `decide`: a rule's decision with its reasons, kept with the ticket and visible as a fact from then on.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::definition::action::Decide;
use crate::effect::Effect;
use crate::effect::slot::Slot;
use crate::facts::{Value, shape};
use crate::rules::Condition;
use crate::step::run::{Refusal, Run};

/// A rule's decision with the conditions that led to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ruling {
    pub rule: String,
    /// Fact that holds it from now on.
    pub into: String,
    pub value: Value,
    pub conditions: Vec<Condition>,
}

#[derive(Debug)]
pub struct Action {
    rule: String,
    into: Into,
}

#[derive(Debug)]
enum Into {
    Field(Slot, Arc<str>),
    World(Arc<str>),
}

impl Action {
    pub(super) fn bind(decide: &Decide, binder: &mut Binder<'_>) -> Option<Self> {
        binder.rule(&decide.rule, &[])?;
        let into = decide.into.as_ref().unwrap_or(&decide.rule);
        let into = match binder.slot(&into.value) {
            Some(slot) => Into::Field(slot, into.value.as_str().into()),
            None => Into::World(binder.world_name(into)?),
        };
        Some(Self { rule: decide.rule.value.clone(), into })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        let (value, conditions) = call(run, &self.rule, &[])?;
        let into = match &self.into {
            Into::Field(slot, name) => {
                slot.put(run, value.clone());
                name
            }
            Into::World(name) => {
                run.set_world(name, shape::read(name, value.clone()));
                name
            }
        };
        let (rule, into) = (self.rule.clone(), into.to_string());
        run.effects.push(Effect::Decision(Ruling { rule, into, value, conditions }));
        Ok(())
    }
}

/// Calls a rule with the facts that its parameters name.
pub(super) fn call(
    run: &Run<'_>,
    rule: &str,
    locals: &[(&str, &Value)],
) -> Result<(Value, Vec<Condition>), Refusal> {
    let eyes = run.eyes(&[], locals);
    let fact = |name: &str| {
        // What the action hands over is meant before a field of the ticket.
        if let Some((_, value)) = locals.iter().find(|(local, _)| *local == name) {
            return Some(std::borrow::Cow::Borrowed(*value));
        }
        let name = crate::rules::Name { text: name.into(), field: run.chart.field(name) };
        crate::rules::View::value(&eyes, &name).map(std::borrow::Cow::Borrowed)
    };
    Ok(run.chart.library.rules.call(rule, &fact)?)
}
