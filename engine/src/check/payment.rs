//! A process that waits for the customer's money without a step that takes it.

use crate::bundle::{Bundle, LoadedProcess};
use crate::definition::action::{Action, Payment, PaymentDirection};
use crate::definition::walk::{self, TransitionAt, Trigger};
use crate::diagnostic::Diagnostic;
use crate::statechart::{StateId, StateKind, Statechart};

/// The facts that only a payment changes for the better.
const DUE: &[&str] = &["charges.customer_owes", "charges.mandatory_owes", "charges.paid"];

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    bundle.processes.values().filter_map(of).collect()
}

fn of(process: &LoadedProcess) -> Option<Diagnostic> {
    let transitions = walk::transitions(&process.definition);
    let taking: Vec<&TransitionAt<'_>> =
        transitions.iter().filter(|at| at.body.actions.iter().any(takes)).collect();
    let states = walk::states(&process.definition);
    // Where the money is awaited, somebody must be able to pay: there, around it, or in a region beside it.
    let paths = |at: &TransitionAt<'_>| at.source.and_then(|n| states.get(n)).map_or("", |state| &state.path);
    let payable = |path: &str| match &process.chart {
        Some(chart) => taking.iter().any(|at| together(chart, path, paths(at))),
        None => !taking.is_empty(),
    };
    let guard = transitions.iter().find_map(|at| {
        let guard =
            at.body.guard.iter().find(|guard| DUE.iter().any(|fact| guard.when.value.contains(fact)))?;
        let waits = at.trigger == Trigger::Always
            && process.chart.as_ref().is_some_and(|chart| rests(chart, paths(at)));
        let missing = if waits { !payable(paths(at)) } else { taking.is_empty() };
        missing.then_some(guard)
    })?;
    let found =
        Diagnostic::error("AC0632", guard.when.place, "a payment is due here, but there is no way to pay");
    Some(
        found
            .label("waits for money")
            .help("give a step that can be taken meanwhile the action `payment: {amount: …, method: …}`"),
    )
}

/// Whether the action takes money in.
fn takes(action: &Action) -> bool {
    let out = |payment: &Payment| {
        payment.direction.as_ref().is_some_and(|direction| direction.value == PaymentDirection::Out)
    };
    matches!(action, Action::Payment(payment) if !out(payment))
}

/// Whether a ticket can stay in the state: no eventless transition takes it on in any case.
fn rests(chart: &Statechart, path: &str) -> bool {
    let Some(id) = chart.state_at(path) else { return false };
    let mut own = chart.state(id).transitions().filter_map(|id| chart.transition(id));
    !own.any(|transition| transition.event.is_none() && transition.guards.is_empty())
}

/// Whether two states can be active together; the process itself always is.
fn together(chart: &Statechart, one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (chart.state_at(one), chart.state_at(other)) else { return true };
    let line = |id: StateId| std::iter::once(id).chain(chart.ancestors(id));
    if line(one).any(|id| id == other) || line(other).any(|id| id == one) {
        return true;
    }
    let common = line(one).find(|id| line(other).any(|up| up == *id));
    common.is_some_and(|id| matches!(chart.state(id).kind, StateKind::Parallel { .. }))
}

#[cfg(test)]
mod tests {
    #[test]
    fn money_that_nobody_can_take_is_told() {
        let process = "
process: p
initial: due
states:
  due:
    always: {target: done, guard: \"charges.customer_owes == 0\"}
    on: {pay: {by: [cashier]PAYMENT}}
  done: {type: final}
";
        super::super::tests::check(
            super::check,
            &process.replace("PAYMENT", ""),
            "p.yaml:6:35: error[AC0632]: a payment is due here, but there is no way to pay; give a step that can \
             be taken meanwhile the action `payment: {amount: …, method: …}`\n",
        );
        // Money that goes out, or that is taken in another state, does not help.
        let out = ", actions: {payment: {amount: \"charges.paid\", method: '\"cash\"', direction: out}}";
        let told = "p.yaml:6:35: error[AC0632]: a payment is due here, but there is no way to pay; give a step that can \
             be taken meanwhile the action `payment: {amount: …, method: …}`\n";
        super::super::tests::check(super::check, &process.replace("PAYMENT", out), told);
        let elsewhere = "}}
  before: {on: {pay: {actions: {payment: {amount: 1, method: '\"cash\"'}}}";
        super::super::tests::check(super::check, &process.replace("PAYMENT", elsewhere), told);
        let paid = ", actions: {payment: {amount: \"charges.customer_owes\", method: '\"cash\"'}}";
        super::super::tests::check(super::check, &process.replace("PAYMENT", paid), "");
    }
}
