//! What can be known before a ticket exists is checked before a ticket exists. One file for each check.
//!
//! Names that lead nowhere are found by [`compile`](crate::compile); here is what follows from the whole. A
//! check never changes anything and never stops the others.

mod ambiguous;
mod dead_end;
mod falling_progress;
mod idle_role;
mod livelock;
mod message_renders;
mod payment;
mod reason_text;
mod tickets;
mod translation;
mod unreachable;
mod unsent_event;
mod unused_field;
mod unused_message;
mod unused_voucher;
mod voucher_balance;
mod waiting;

use crate::bundle::{Bundle, LoadedProcess};
use crate::diagnostic::{Diagnostic, Place};
use crate::statechart::Statechart;

/// Looks at a whole bundle.
type Check = fn(&Bundle) -> Vec<Diagnostic>;

/// All checks.
const CHECKS: &[Check] = &[
    ambiguous::check,
    dead_end::check,
    falling_progress::check,
    idle_role::check,
    livelock::check,
    message_renders::check,
    payment::check,
    reason_text::check,
    translation::check,
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

/// Where a process's name stands.
fn start_of(process: &LoadedProcess) -> Place {
    let named = process.definition.process.as_ref().map(|name| name.place);
    named.unwrap_or(Place { source: process.source, line: 1, column: 1, start: 0, len: 1 })
}

#[cfg(test)]
mod tests;
