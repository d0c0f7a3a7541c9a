//! The hash chain of each ticket: every row, in order, none missing, the last one the ticket's own.

use super::Report;
use crate::entity::{ticket, ticket_event};
use crate::store::chain;

pub fn check(report: &mut Report, ticket: &ticket::Model, history: &[ticket_event::Model]) {
    let mut before = chain::START.to_owned();
    for (event, expected) in history.iter().zip(1..) {
        let subject = format!("{}/{}", ticket.code, event.seq);
        if event.seq != expected {
            report.add("chain", subject, format!("step {expected} is missing"));
            return;
        }
        if event.prev_hash != before {
            report.add("chain", subject, "the row does not follow the one before");
            return;
        }
        if chain::link(event) != event.hash {
            report.add("chain", subject, "the row is not what it was when it was written");
            return;
        }
        before.clone_from(&event.hash);
    }
    if ticket.head != before {
        report.add("chain", ticket.code.as_str(), "the history does not end where the ticket stands");
    }
    if usize::try_from(ticket.revision) != Ok(history.len()) {
        let message = format!("the ticket is at step {}, its history has {}", ticket.revision, history.len());
        report.add("chain", ticket.code.as_str(), message);
    }
}
