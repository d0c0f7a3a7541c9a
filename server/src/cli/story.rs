//! A ticket's story as text: every step, and under it what rules decided in it, by which conditions, on which
//! values, at which line. It tells what is kept; it decides nothing.

use aftercare_engine::effect::Ruling;
use aftercare_engine::explain::Explainer;
use aftercare_engine::facts::Value;
use aftercare_engine::language::Language;

use crate::app::App;
use crate::entity::{decision, ticket, ticket_event};
use crate::store::StoreError;

/// The story; none when there is no such ticket.
pub async fn of(app: &App, code: &str, language: Language) -> Result<Option<String>, StoreError> {
    let Some(ticket) = app.store.ticket(code).await? else { return Ok(None) };
    let version = app.catalog.version(&ticket.bundle).await?;
    let chart = version.chart(&ticket.process).ok_or_else(|| {
        StoreError::corrupt("bundle", format!("{} has no `{}`", ticket.bundle, ticket.process))
    })?;
    let explainer = Explainer::new(chart, language);
    let decisions = app.store.decisions_of(code).await?;
    let opened = app.store.opened_by(code).await?;
    let mut text = head(&explainer, &ticket);
    for event in app.store.history(code).await? {
        text += &step(&explainer, &event);
        for decision in decisions.iter().filter(|decision| decision.seq == event.seq) {
            text += &ruling(&explainer, decision);
        }
        let of_step = format!("{code}/{}/", event.seq);
        for one in opened.iter().filter(|one| one.source.starts_with(&of_step)) {
            text += &format!("     + {}  {}  {}\n", one.ticket, one.process, one.name());
        }
    }
    Ok(Some(text))
}

fn head(explainer: &Explainer<'_>, ticket: &ticket::Model) -> String {
    let titles = |path: &str| explainer.state(path).unwrap_or_else(|| path.to_owned());
    let states: Vec<String> = ticket.states.split_whitespace().map(titles).collect();
    format!("{}  {}  {}\n", ticket.code, ticket.process, states.join(" · "))
}

fn step(explainer: &Explainer<'_>, event: &ticket_event::Model) -> String {
    let trace = serde_json::from_str::<Vec<_>>(&event.trace).unwrap_or_default();
    let at = explainer.value(&Value::Time(event.at));
    let mut text = format!("\n{:>3}  {at}  {}  {}\n", event.seq, event.actor, event.event);
    for moved in explainer.moves(&trace) {
        text += &format!("     {moved}\n");
    }
    text
}

fn ruling(explainer: &Explainer<'_>, decision: &decision::Model) -> String {
    let ruling = Ruling {
        rule: decision.rule.clone(),
        into: decision.fact.clone(),
        value: serde_json::from_str(&decision.value).map_or(Value::Null, |value| Value::from_json(&value)),
        conditions: serde_json::from_str(&decision.conditions).unwrap_or_default(),
    };
    let told = explainer.ruling(&ruling);
    let mut text = match told.sentence {
        Some(sentence) => format!("     {} = {}: {sentence}\n", decision.fact, told.rule),
        None => format!("     {} = {}\n", decision.fact, told.rule),
    };
    for condition in told.conditions {
        let mark = if condition.holds { '✓' } else { '✗' };
        let values: Vec<String> =
            condition.values.iter().map(|(fact, value)| format!("{fact} = {}", short(value))).collect();
        text += &format!("       {mark} {}  [{}]\n", condition.text, condition.source);
        if !values.is_empty() {
            text += &format!("           {}\n", values.join(", "));
        }
    }
    text
}

/// Whole registers' entries are not for a line; the API shows them.
fn short(value: &str) -> &str {
    if value.contains('{') { "…" } else { value }
}
