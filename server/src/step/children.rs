//! Tickets that a step opens: decided by the same path as every ticket, written in the same transaction.
//!
//! One that is awaited and cannot be opened is an answer to whoever waits; one that nobody waits for refuses the
//! step, so that nothing is lost in silence.

use std::sync::Arc;

use aftercare_engine::effect::child::Opening as Asked;
use aftercare_engine::effect::{Child, Effect};
use aftercare_engine::facts::{Actor, Map};
use aftercare_engine::step::{self as engine, Decision, Outcome, Reason};
use futures_util::future::BoxFuture;

use super::{Look, Opener, Opening, check, look, prepare};
use crate::app::App;
use crate::effects::json;
use crate::entity::{ticket_link, timer};
use crate::store::StoreError;
use crate::store::step::{ANSWER, PARENT, StepWrite, UNNAMED};

/// How deep tickets may open tickets in one step.
const DEPTH: usize = 4;
/// Most tickets that one ticket opens in a step.
const MOST: usize = 50;

/// What a decision asks for, kept until the step's rows are there.
pub(super) struct Wanted {
    /// With the effect's index.
    openings: Vec<(usize, Asked)>,
    /// What of the registers the step itself changes.
    changed: Map,
}

impl Wanted {
    pub(super) fn of(decision: &Decision) -> Self {
        let effects = decision.effects.iter().enumerate();
        let openings = effects.filter_map(|(n, effect)| match effect {
            Effect::Child(Child::Open(opening)) => Some((n, opening.clone())),
            _ => None,
        });
        let registers = ["device", "card"].into_iter();
        let changed = registers.filter_map(|name| Some((name.into(), decision.world.get(name)?.clone())));
        Self { openings: openings.collect(), changed: changed.collect() }
    }
}

/// Adds the tickets to the step's rows; or says why the step cannot be taken.
pub(super) fn open<'a>(
    app: &'a App,
    opener: &'a Look,
    wanted: &'a Wanted,
    write: &'a mut StepWrite,
    depth: usize,
) -> BoxFuture<'a, Result<Result<(), Vec<Reason>>, StoreError>> {
    Box::pin(async move {
        if wanted.openings.is_empty() {
            return Ok(Ok(()));
        }
        if depth >= DEPTH || wanted.openings.len() > MOST {
            let limit = i64::try_from(if depth >= DEPTH { DEPTH } else { MOST }).unwrap_or(0);
            return Ok(Err(vec![Reason::new("endless").with("limit", limit)]));
        }
        for (n, asked) in &wanted.openings {
            let row = row(write, *n, asked);
            match begin(app, opener, asked, &wanted.changed, depth).await? {
                Ok(mut child) => {
                    child.family.link = Some(row);
                    write.ticket.children += 1;
                    write.family.children.push(child);
                }
                Err(reasons) if asked.invoke.is_none() => return Ok(Err(reasons)),
                Err(reasons) => refuse(write, asked, row, &reasons)?,
            }
        }
        Ok(Ok(()))
    })
}

async fn begin(
    app: &App,
    opener: &Look,
    asked: &Asked,
    changed: &Map,
    depth: usize,
) -> Result<Result<StepWrite, Vec<Reason>>, StoreError> {
    let ticket = &opener.ticket;
    let parent = if ticket.code == UNNAMED { PARENT } else { &ticket.code };
    let opening = Opening {
        process: asked.process.clone(),
        branch: ticket.branch.clone(),
        channel: ticket.channel.clone(),
        customer: asked.customer.clone(),
        device: asked.device.clone(),
        agency: None,
        data: asked.input.clone(),
        parent: Some(Opener { ticket: parent.to_owned(), name: asked.name().to_owned() }),
    };
    let mut look = match look::opening(app, &Actor::system(), &opening).await? {
        Ok(look) => look,
        Err(reason) => return Ok(Err(vec![reason])),
    };
    if asked.device.is_some() && look.ticket.device == ticket.device {
        // The registers still have what stood there before the step.
        let assembled = &mut look.assembled;
        for (name, value) in changed {
            let value = Arc::new(value.clone());
            assembled.set.world.insert(name.clone(), Arc::clone(&value));
            assembled.facts.world.insert(name.clone(), value);
        }
    }
    let decision = engine::start(&look.chart, &look.assembled.facts);
    if let Outcome::Refused(reasons) = decision.outcome {
        return Ok(Err(check::refused(&look, reasons).await?));
    }
    let wrong = check::references(&look).await?;
    if !wrong.is_empty() {
        return Ok(Err(wrong));
    }
    let wanted = Wanted::of(&decision);
    let mut write = prepare::prepare(&look, "open", decision).await?;
    write.opening = Some(look.tracking_code());
    let opened = open(app, &look, &wanted, &mut write, depth + 1).await?;
    Ok(opened.map(|()| *write))
}

fn row(write: &StepWrite, effect: usize, asked: &Asked) -> ticket_link::Model {
    let code = &write.ticket.code;
    // The row of a ticket that is still to be named is written with its child.
    let parent = if code == UNNAMED { PARENT } else { code };
    let state = if asked.invoke.is_some() { "awaited" } else { "linked" };
    ticket_link::Model {
        source: format!("{parent}/{}/{effect}", write.event.seq),
        parent: parent.to_owned(),
        child: Some(UNNAMED.to_owned()),
        invoke: asked.invoke.clone(),
        link: asked.link.clone(),
        process: asked.process.clone(),
        state: state.into(),
        why: "[]".into(),
        at: write.event.at,
    }
}

/// An awaited ticket cannot be opened: whoever waits gets that as an answer.
fn refuse(
    write: &mut StepWrite,
    asked: &Asked,
    row: ticket_link::Model,
    reasons: &[Reason],
) -> Result<(), StoreError> {
    let code = write.ticket.code.clone();
    let source = row.source.replace(PARENT, UNNAMED);
    let codes: Vec<&str> = reasons.iter().map(|reason| reason.code.as_str()).collect();
    let data = serde_json::json!({"process": asked.process, "reasons": codes}).to_string();
    write.family.refused.push(ticket_link::Model {
        source: source.clone(),
        parent: code.clone(),
        child: None,
        state: "refused".into(),
        why: json("reasons", reasons)?,
        ..row
    });
    write.timers.push(timer::Model {
        ticket: code,
        name: format!("{ANSWER}{}", asked.name()),
        event: format!("error.invoke.{}", asked.name()),
        data,
        due_at: Some(write.event.at),
        within: String::new(),
        state: "armed".into(),
        left_ms: None,
        set_by: source,
        fired_at: None,
        tries: 0,
        claim: None,
        lease_until: None,
    });
    Ok(())
}
