//! Tickets that states wait for: opened when a macrostep ends with the state still active, given up when the
//! state is left, as SCXML has it.

use std::mem;

use crate::effect::Effect;
use crate::effect::child::{Child, Opening, Request};
use crate::statechart::StateId;

use super::run::{Refusal, Run};

/// A ticket that a state of the chart waits for.
#[derive(Debug)]
pub struct InvokeRule {
    pub id: String,
    pub(crate) request: Request,
}

/// What the names of their answers start with.
const ANSWERS: [&str; 2] = ["done.invoke.", "error.invoke."];

impl InvokeRule {
    /// The process that its ticket follows.
    pub fn process(&self) -> &str {
        &self.request.process
    }
}

/// Whether an event is a ticket's answer to whoever waits for it: nobody else can send it.
pub(crate) fn is_answer(event: &str) -> bool {
    ANSWERS.iter().any(|prefix| event.starts_with(prefix))
}

/// The id of the invoke that an answer is about.
pub fn answered(event: &str) -> Option<&str> {
    ANSWERS.iter().find_map(|prefix| event.strip_prefix(prefix))
}

/// A state was entered.
pub(crate) fn entered(run: &mut Run<'_>, id: StateId) {
    run.to_invoke.extend_from_slice(&run.chart.state(id).invokes);
}

/// A state is left: what it waits for is given up.
pub(crate) fn left(run: &mut Run<'_>, id: StateId) {
    let chart = run.chart;
    for n in &chart.state(id).invokes {
        run.to_invoke.retain(|waiting| waiting != n);
        let invoked = &mut run.configuration.invoked;
        let Some(at) = invoked.iter().position(|open| open == n) else { continue };
        invoked.remove(at);
        if let Some(rule) = chart.invokes.get(usize::from(*n)) {
            run.effects.push(Effect::Child(Child::Cancel { invoke: rule.id.clone() }));
        }
    }
}

/// After a macrostep, in document order.
pub(crate) fn begin(run: &mut Run<'_>) -> Result<(), Refusal> {
    let chart = run.chart;
    let mut waiting = mem::take(&mut run.to_invoke);
    waiting.sort_unstable();
    for n in waiting {
        let Some(rule) = chart.invokes.get(usize::from(n)) else { continue };
        let opening = Opening { invoke: Some(rule.id.clone()), ..rule.request.opening(run)? };
        run.effects.push(Effect::Child(Child::Open(opening)));
        run.configuration.invoked.push(n);
    }
    Ok(())
}

/// Takes note of an answer. False: it is one that nobody waits for any more.
pub(crate) fn accept(run: &mut Run<'_>, event: &str) -> bool {
    let Some(id) = answered(event) else { return true };
    let Some(rule) = run.chart.invokes.iter().position(|rule| rule.id == id) else { return true };
    let open = run.configuration.invoked.iter().position(|n| usize::from(*n) == rule);
    open.is_some_and(|at| {
        run.configuration.invoked.remove(at);
        true
    })
}

#[cfg(test)]
mod tests;
