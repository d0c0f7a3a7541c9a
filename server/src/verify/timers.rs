//! Timers: those that wait belong to where the ticket is, and the ticket itself knows of each.

use std::collections::BTreeMap;

use aftercare_engine::interface::CANCEL;
use aftercare_engine::statechart::Configuration;
use chrono::{DateTime, SubsecRound, Utc};

use super::Report;
use crate::app::App;
use crate::catalog::Version;
use crate::effects::timer;
use crate::entity::ticket;
use crate::store::StoreError;
use crate::store::step::ANSWER;

/// A timer's moment; none while it stands.
type Due = Option<DateTime<Utc>>;

pub async fn check(
    app: &App,
    report: &mut Report,
    version: &Version,
    ticket: &ticket::Model,
) -> Result<(), StoreError> {
    let rows = app.store.waiting_timers(&ticket.code).await?;
    // What another ticket has said waits beside them until it is heard.
    let is_own = |name: &str| !name.starts_with(ANSWER) && name != CANCEL;
    let rows = rows.into_iter().filter(|row| is_own(&row.name));
    let waiting: BTreeMap<String, Due> =
        rows.into_iter().map(|row| (row.name, to_the_second(row.due_at))).collect();
    let known = timer::armed(&ticket.timers)?.into_iter().map(|(name, due)| (name, to_the_second(due)));
    let known: BTreeMap<String, Due> = known.collect();
    for (name, due) in &waiting {
        match known.get(name) {
            None => tell(report, ticket, name, "it waits, and the ticket does not know of it"),
            Some(other) if other != due => {
                tell(report, ticket, name, "it is due at another moment than the ticket says")
            }
            Some(_) => {}
        }
    }
    for name in known.keys().filter(|name| !waiting.contains_key(*name)) {
        tell(report, ticket, name, "the ticket says that it waits, and it does not");
    }
    if to_the_second(ticket.due_at) != known.values().flatten().min().copied() {
        report.add("timer", ticket.code.as_str(), "the ticket is due at another moment than its timers");
    }
    let Some(chart) = version.chart(&ticket.process) else { return Ok(()) };
    // What is stored and cannot be read is told where the history is taken again.
    let stored = serde_json::from_str(&ticket.configuration).ok();
    let Some(configuration) = stored.and_then(|stored| Configuration::restore(chart, &stored).ok()) else {
        return Ok(());
    };
    for name in waiting.keys().filter(|name| !configuration.may_wait(chart, name)) {
        tell(report, ticket, name, "it waits for a state that is not active");
    }
    Ok(())
}

fn tell(report: &mut Report, ticket: &ticket::Model, timer: &str, message: &str) {
    report.add("timer", format!("{}/{timer}", ticket.code), message);
}

/// Databases keep fewer digits of a second than the ticket.
fn to_the_second(due: Due) -> Due {
    due.map(|due| due.trunc_subsecs(0))
}
