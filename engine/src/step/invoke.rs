//! Tickets that states wait for: opened when a macrostep ends with the state still active, given up when the
//! state is left, as SCXML has it.

use std::mem;

use crate::effect::Effect;
use crate::effect::child::{Child, Opening, Request};
use crate::statechart::StateId;

use super::each;
use super::run::{Refusal, Run};

/// A ticket that a state of the chart waits for.
#[derive(Debug)]
pub struct InvokeRule {
    pub id: String,
    pub(crate) request: Request,
    /// The rule of the instances that it is for.
    pub(crate) within: Option<u16>,
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
    let key = run.key();
    let invokes = &run.chart.state(id).invokes;
    run.waiting().invokes.extend(invokes.iter().map(|n| (*n, key.clone())));
}

/// A state is left: what it waits for is given up.
pub(crate) fn left(run: &mut Run<'_>, id: StateId) {
    let chart = run.chart;
    let key = run.key();
    for n in &chart.state(id).invokes {
        if let Some(waiting) = run.already_waiting() {
            waiting.invokes.retain(|(waiting, of)| waiting != n || *of != key);
        }
        let Some(held) = run.configuration.memory.held() else { continue };
        let invoked = &mut held.invoked;
        let Some(at) = invoked.iter().position(|open| open == n) else { continue };
        invoked.remove(at);
        if let Some(rule) = chart.invokes.get(usize::from(*n)) {
            let invoke = run.addressed(&rule.id);
            run.effects.push(Effect::Child(Child::Cancel { invoke }));
        }
    }
}

/// After a macrostep, in document order.
pub(crate) fn begin(run: &mut Run<'_>) -> Result<(), Refusal> {
    let chart = run.chart;
    let Some(waiting) = run.already_waiting() else { return Ok(()) };
    let mut waiting = mem::take(&mut waiting.invokes);
    waiting.sort_by_key(|(n, _)| *n);
    for (n, key) in waiting {
        let Some(rule) = chart.invokes.get(usize::from(n)) else { continue };
        match rule.within.zip(key) {
            Some((within, key)) => {
                each::within(run, within, &key, |run| open(run, n, rule)).transpose()?;
            }
            None => open(run, n, rule)?,
        }
    }
    Ok(())
}

fn open(run: &mut Run<'_>, n: u16, rule: &InvokeRule) -> Result<(), Refusal> {
    let invoke = Some(run.addressed(&rule.id));
    let opening = Opening { invoke, ..rule.request.opening(run)? };
    run.effects.push(Effect::Child(Child::Open(opening)));
    run.configuration.memory.make().invoked.push(n);
    Ok(())
}

/// Takes note of an answer. False: it is one that nobody waits for any more.
pub(crate) fn accept(run: &mut Run<'_>, event: &str, key: Option<&str>) -> bool {
    let Some(id) = answered(event) else { return true };
    let Some((n, rule)) = (0u16..).zip(&run.chart.invokes).find(|(_, rule)| rule.id == id) else {
        return true;
    };
    let Some(held) = run.configuration.memory.held() else { return false };
    let invoked = match (rule.within, key) {
        (None, None) => Some(&mut held.invoked),
        // One ticket for all cannot answer one of them, nor one for each all of them.
        (None, Some(_)) | (Some(_), None) => None,
        (Some(within), Some(key)) => {
            let group = held.each.iter_mut().find(|group| group.rule == within);
            let instance = group.and_then(|group| group.instances.iter_mut().find(|one| *one.key == *key));
            instance.map(|instance| &mut instance.invoked)
        }
    };
    let Some(invoked) = invoked else { return false };
    let open = invoked.iter().position(|open| *open == n);
    open.is_some_and(|at| {
        invoked.remove(at);
        true
    })
}

#[cfg(test)]
mod tests;
