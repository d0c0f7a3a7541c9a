//! Tickets that open others: each that was asked for is there or was refused, each that is there was asked for,
//! and whoever waits was told when it ended.

use std::collections::BTreeSet;

use aftercare_engine::effect::{Child, Effect};
use aftercare_engine::statechart::configuration::Stored;

use super::Report;
use crate::app::App;
use crate::entity::{ticket, ticket_event};
use crate::store::StoreError;

pub async fn check(
    app: &App,
    report: &mut Report,
    ticket: &ticket::Model,
    history: &[ticket_event::Model],
) -> Result<(), StoreError> {
    let asked: BTreeSet<String> = history.iter().flat_map(openings).collect();
    if asked.is_empty() && ticket.children == 0 {
        return Ok(());
    }
    let links = app.store.links_from(&ticket.code).await?;
    let there: BTreeSet<String> = links.iter().map(|link| link.source.clone()).collect();
    for source in asked.difference(&there) {
        report.add("link", source.as_str(), "a step asked for a ticket that is not there");
    }
    for source in there.difference(&asked) {
        report.add("link", source.as_str(), "no step asked for the ticket that is there");
    }
    let opened = links.iter().filter(|link| link.child.is_some()).count();
    if i64::try_from(opened) != Ok(ticket.children) {
        let message = format!("it has opened {opened} tickets and says {}", ticket.children);
        report.add("link", ticket.code.as_str(), message);
    }
    let stored: Stored = serde_json::from_str(&ticket.configuration)
        .map_err(|error| StoreError::corrupt("configuration", error))?;
    let awaited = |id: &String| {
        let answers = |state: &str| matches!(state, "awaited" | "told" | "refused");
        links.iter().any(|link| link.invoke.as_ref() == Some(id) && answers(&link.state))
    };
    for id in stored.invoked.iter().filter(|id| !awaited(id)) {
        report.add("link", ticket.code.as_str(), format!("it waits for `{id}`, which nobody has opened"));
    }
    Ok(())
}

/// Sources of the tickets that a step opens.
fn openings(event: &ticket_event::Model) -> Vec<String> {
    if !event.effects.contains("\"child\"") {
        return Vec::new();
    }
    let effects: Vec<Effect> = serde_json::from_str(&event.effects).unwrap_or_default();
    let opens = |effect: &Effect| matches!(effect, Effect::Child(Child::Open(_)));
    let openings = effects.iter().enumerate().filter(|(_, effect)| opens(effect));
    openings.map(|(n, _)| format!("{}/{}/{n}", event.ticket, event.seq)).collect()
}

/// What only shows when both ends are looked at.
pub async fn check_links(app: &App, report: &mut Report) -> Result<(), StoreError> {
    for (subject, message) in app.store.loose_links().await? {
        report.add("link", subject, message);
    }
    Ok(())
}
