//! A process that waits for the customer's money without a step that takes it.

use super::start_of;
use crate::bundle::Bundle;
use crate::definition::{Action, walk};
use crate::diagnostic::Diagnostic;

/// The facts that only a payment changes for the better.
const DUE: &[&str] = &["charges.customer_owes", "charges.mandatory_owes", "charges.paid"];

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for process in bundle.processes.values() {
        let actions = walk::actions(&process.definition);
        if actions.iter().any(|action| matches!(action, Action::Payment(_))) {
            continue;
        }
        let transitions = walk::transitions(&process.definition);
        let mut guards = transitions.iter().flat_map(|at| at.body.guard.iter());
        let waits = guards.find(|guard| DUE.iter().any(|fact| guard.when.value.contains(fact)));
        if let Some(guard) = waits {
            let mut one = Diagnostic::error(
                "AC0632",
                guard.when.place,
                "a payment is due here, but there is no way to pay",
            )
            .label("asks for money");
            one = one.help("give a step the action `payment: {amount: …, method: …}`");
            found.push(Diagnostic { place: one.place.or(Some(start_of(process))), ..one });
        }
    }
    found
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
            "p.yaml:6:35: error[AC0632]: a payment is due here, but there is no way to pay; give a step the action \
             `payment: {amount: …, method: …}`\n",
        );
        let paid = ", actions: {payment: {amount: \"charges.customer_owes\", method: '\"cash\"'}}";
        super::super::tests::check(super::check, &process.replace("PAYMENT", paid), "");
    }
}
