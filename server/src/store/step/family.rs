//! Tickets that a step opens, tells or gives up, in the transaction of the step.
//!
//! Answers and calls are timers that are due at once: the workers bring them, each once. Who is told what is only
//! known here, since both tickets may move in the same moment: the link's state decides.

use std::collections::BTreeMap;

use sea_orm::{DbErr, Value};

use super::StepWrite;
use crate::entity::{ticket_link, timer};
use crate::store::table::{insert_all, statement};
use crate::store::writes::Writes;

/// Stands for the tracking code of the ticket that opens this one, when that has none yet itself.
pub const PARENT: &str = "\u{F0000}parent\u{F0000}";
/// What the names of the timers start with that bring answers.
pub const ANSWER: &str = "$invoke.";

/// What a step does to other tickets.
#[derive(Clone, Debug, Default)]
pub struct Family {
    /// Tickets that it opens, in their order.
    pub children: Vec<StepWrite>,
    /// How the ticket that the step opens hangs on the one that opens it.
    pub link: Option<ticket_link::Model>,
    /// Tickets that could not be opened.
    pub refused: Vec<ticket_link::Model>,
    /// Invokes that are given up.
    pub called_off: Vec<String>,
    /// The ticket has ended: what it gives to the one that waits for it, as JSON.
    pub gives: Option<String>,
}

/// A step with those of the tickets that it opens after it, and the position of the step that opens each.
pub fn flat(step: StepWrite) -> (Vec<StepWrite>, Vec<Option<usize>>) {
    let (mut all, mut openers) = (Vec::with_capacity(1), Vec::with_capacity(1));
    add(step, None, &mut all, &mut openers);
    (all, openers)
}

fn add(
    mut step: StepWrite,
    opener: Option<usize>,
    all: &mut Vec<StepWrite>,
    openers: &mut Vec<Option<usize>>,
) {
    let children = std::mem::take(&mut step.family.children);
    let at = all.len();
    all.push(step);
    openers.push(opener);
    for child in children {
        add(child, Some(at), all, openers);
    }
}

/// Changes of one device or card, by one step or by those it causes, follow each other.
pub fn line_up(steps: &mut [StepWrite]) {
    let mut next: BTreeMap<String, i64> = BTreeMap::new();
    for step in steps.iter_mut() {
        for write in &mut step.devices {
            let version = next.entry(write.serial.clone()).or_insert(write.seen);
            write.seen = *version;
            *version += 1;
        }
        for write in step.cards.iter_mut().filter(|write| write.issue.is_none()) {
            let version = next.entry(format!("card {}", write.card.number)).or_insert(write.card.version);
            write.card.version = *version;
            *version += 1;
        }
    }
}

/// Tells new tickets and those that open them each other's codes.
pub fn introduce(steps: &mut [StepWrite], openers: &[Option<usize>]) {
    for (at, opener) in openers.iter().enumerate() {
        let Some(opener) = *opener else { continue };
        let (Some(parent), Some(child)) = (code(steps, opener), code(steps, at)) else { continue };
        if let Some(step) = steps.get_mut(at) {
            step.fill(PARENT, &parent);
        }
        if let Some(step) = steps.get_mut(opener) {
            let opened = step.answer.entry("opened").or_insert_with(|| serde_json::Value::Array(Vec::new()));
            opened.as_array_mut().into_iter().for_each(|codes| codes.push(child.as_str().into()));
        }
    }
}

fn code(steps: &[StepWrite], at: usize) -> Option<String> {
    steps.get(at).map(|step| step.ticket.code.clone())
}

/// What is said between tickets, once their rows are there.
#[derive(Clone, Debug)]
pub struct Word {
    ticket: String,
    parent: Option<String>,
    gives: Option<String>,
    called_off: Vec<String>,
    source: String,
    at: chrono::DateTime<chrono::Utc>,
}

/// What steps have to say; most say nothing.
pub fn words(steps: &[StepWrite]) -> Vec<Word> {
    let speaking =
        steps.iter().filter(|step| step.family.gives.is_some() || !step.family.called_off.is_empty());
    let words = speaking.map(|step| Word {
        ticket: step.ticket.code.clone(),
        parent: step.ticket.parent.clone(),
        gives: step.family.gives.clone(),
        called_off: step.family.called_off.clone(),
        source: format!("{}/{}", step.ticket.code, step.event.seq),
        at: step.event.at,
    });
    words.collect()
}

/// Leaves the words where workers find them.
pub async fn say(transaction: &impl Writes, words: &[Word]) -> Result<(), DbErr> {
    for word in words {
        for invoke in &word.called_off {
            call_off(transaction, word, invoke).await?;
        }
        if let (Some(data), Some(_)) = (&word.gives, &word.parent) {
            done(transaction, word, data).await?;
        }
    }
    Ok(())
}

/// Whoever waits is told; whoever has given the ticket up is not.
async fn done(transaction: &impl Writes, word: &Word, data: &str) -> Result<(), DbErr> {
    let told = "UPDATE ticket_link SET state = 'told' WHERE child = ? AND state = 'awaited'
        RETURNING parent, invoke";
    let told = texts(transaction, told, [word.ticket.clone().into()]).await?;
    let [parent, invoke] = told.as_slice() else { return Ok(()) };
    let event = format!("done.invoke.{invoke}");
    let answer = due(word, parent, &format!("{ANSWER}{invoke}"), &event, data);
    insert_all(transaction, vec![answer]).await
}

/// The ticket hears that nobody waits any more; when it has ended already, its answer is withdrawn.
async fn call_off(transaction: &impl Writes, word: &Word, invoke: &str) -> Result<(), DbErr> {
    let given_up = "UPDATE ticket_link SET state = 'cancelled' WHERE parent = ? AND invoke = ?
        AND state = 'awaited' RETURNING child";
    let key = [word.ticket.clone().into(), invoke.into()];
    if let [child] = texts(transaction, given_up, key).await?.as_slice() {
        let event = aftercare_engine::interface::CANCEL;
        return insert_all(transaction, vec![due(word, child, event, event, "{}")]).await;
    }
    let withdrawn = "UPDATE timer SET state = 'cancelled', claim = NULL, lease_until = NULL
        WHERE ticket = ? AND name = ? AND state = 'armed'";
    let key: [Value; 2] = [word.ticket.clone().into(), format!("{ANSWER}{invoke}").into()];
    transaction.change(statement(transaction.backend(), withdrawn, key)).await.map(drop)
}

async fn texts<const N: usize>(
    transaction: &impl Writes,
    sql: &str,
    values: [Value; N],
) -> Result<Vec<String>, DbErr> {
    transaction.texts(statement(transaction.backend(), sql, values)).await
}

fn due(word: &Word, ticket: &str, name: &str, event: &str, data: &str) -> timer::Model {
    timer::Model {
        ticket: ticket.to_owned(),
        name: name.to_owned(),
        event: event.to_owned(),
        data: data.to_owned(),
        due_at: Some(word.at),
        within: String::new(),
        state: "armed".into(),
        left_ms: None,
        set_by: word.source.clone(),
        fired_at: None,
        tries: 0,
        claim: None,
        lease_until: None,
    }
}
