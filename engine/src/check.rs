//! What can be known before a ticket exists is checked before a ticket exists. One file for each check.
//!
//! Names that lead nowhere are found by [`compile`](crate::compile); here is what follows from the whole. A
//! check never changes anything and never stops the others.

mod ambiguous;
mod dead_end;
mod dispatch;
mod falling_progress;
mod hidden_fact;
mod idle_role;
mod invoked;
mod lame_right;
mod livelock;
mod message_renders;
mod never_done;
mod never_ends;
mod opens_itself;
mod own_payment;
mod paper;
mod payment;
mod reason_text;
mod tickets;
mod translation;
mod unheard_event;
mod unreachable;
mod unsent_event;
mod unused_field;
mod unused_message;
mod unused_voucher;
mod voucher_balance;
mod waiting;

use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::statechart::Statechart;

/// Looks at a whole bundle.
type Check = fn(&Bundle) -> Vec<Diagnostic>;

/// All checks.
const CHECKS: &[Check] = &[
    ambiguous::check,
    dead_end::check,
    dispatch::check,
    falling_progress::check,
    hidden_fact::check,
    idle_role::check,
    invoked::check,
    lame_right::check,
    livelock::check,
    message_renders::check,
    never_done::check,
    never_ends::check,
    opens_itself::check,
    own_payment::check,
    paper::check,
    payment::check,
    reason_text::check,
    translation::check,
    unheard_event::check,
    unreachable::check,
    unsent_event::check,
    unused_field::check,
    unused_message::check,
    unused_voucher::check,
    voucher_balance::check,
    waiting::check,
];

/// All that the checks find in a loaded bundle, by file and line.
pub fn all(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = CHECKS.iter().flat_map(|check| check(bundle)).collect();
    crate::bundle::in_order(&mut found);
    found
}

/// The charts that could be compiled.
fn charts(bundle: &Bundle) -> impl Iterator<Item = &Statechart> {
    bundle.processes.values().filter_map(|process| process.chart.as_deref())
}

#[cfg(test)]
mod tests;
