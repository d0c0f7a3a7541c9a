//! THE ONE WRITE PATH to a ticket: load, decide, write.
//!
//! Every step of every caller (page, API, timer, import) goes through here. The engine decides outside any
//! transaction; the transaction checks that nothing it relied on has changed. What is refused changed nothing.

mod answer;
mod check;
mod children;
pub mod look;
mod place;
mod prepare;

use aftercare_engine::facts::{Actor, Map};
use aftercare_engine::step::{self as engine, Event, Outcome, Reason};

pub use answer::Answer;
pub use look::Look;

use crate::app::App;
use crate::entity;
use crate::store::StoreError;
use crate::store::closing::closed_up_to;
use crate::store::step::{Key, StepWrite, Stored, Written};
use crate::store::table::Row;

/// Decides again so often when others have changed what a decision was made on.
const ATTEMPTS: usize = 6;

/// A ticket to be opened.
#[derive(Clone, Debug)]
pub struct Opening {
    pub process: String,
    pub branch: String,
    pub channel: String,
    pub customer: Option<String>,
    pub device: Option<String>,
    pub agency: Option<String>,
    pub data: Map,
    /// The ticket that opens it.
    pub parent: Option<Opener>,
}

/// A ticket that opens another one.
#[derive(Clone, Debug)]
pub struct Opener {
    /// Tracking code.
    pub ticket: String,
    /// What it calls the one that it opens.
    pub name: String,
}

/// A step to be taken.
#[derive(Clone, Debug)]
pub struct Take {
    pub code: String,
    pub event: String,
    /// The revision that the caller saw; none: whatever it is now.
    pub revision: Option<i64>,
    pub data: Map,
    /// The ticket, if the caller has just read it.
    pub ticket: Option<Box<entity::ticket::Model>>,
}

/// A timer that came due, claimed by a worker.
#[derive(Clone, Debug)]
pub struct Due {
    pub ticket: String,
    pub timer: String,
    pub event: String,
    pub data: Map,
    pub claim: String,
}

impl App {
    /// Opens a ticket.
    pub async fn open_ticket(
        &self,
        actor: Actor,
        opening: Opening,
        key: Option<Key>,
    ) -> Result<Answer, StoreError> {
        let mut app = self.clone();
        for _ in 0..ATTEMPTS {
            if let Some(answer) = Box::pin(app.try_opening(&actor, &opening, key.as_ref())).await? {
                return self.or_as_before(answer, key.as_ref()).await;
            }
            app.store = self.store.afresh();
        }
        Ok(Answer::Busy)
    }

    /// Takes a step.
    pub async fn take_step(
        &self,
        actor: Actor,
        mut take: Take,
        key: Option<Key>,
    ) -> Result<Answer, StoreError> {
        let mut app = self.clone();
        for _ in 0..ATTEMPTS {
            let ticket = match take.ticket.take() {
                Some(ticket) => Some(*ticket),
                None => app.store.ticket(&take.code).await?,
            };
            let answer = match ticket {
                Some(ticket) => Box::pin(app.try_step(&actor, &take, ticket, key.as_ref())).await?,
                None => Some(Answer::NotFound),
            };
            if let Some(answer) = answer {
                return self.or_as_before(answer, key.as_ref()).await;
            }
            app.store = self.store.afresh();
        }
        Ok(Answer::Busy)
    }

    async fn try_opening(
        &self,
        actor: &Actor,
        opening: &Opening,
        key: Option<&Key>,
    ) -> Result<Option<Answer>, StoreError> {
        let refused = |reasons| Ok(Some(Answer::Refused { reasons, ticket: None }));
        let look = match look::opening(self, actor, opening).await? {
            Ok(look) => look,
            Err(reason) => return refused(vec![reason]),
        };
        let decision = engine::start(&look.chart, &look.assembled.facts);
        if let Outcome::Refused(reasons) = decision.outcome {
            return refused(check::refused(&look, reasons).await?);
        }
        let wrong = check::references(&look).await?;
        if !wrong.is_empty() {
            return refused(wrong);
        }
        let wanted = children::Wanted::of(&decision);
        let mut write = prepare::prepare(&look, "open", decision).await?;
        write.opening = Some(look.tracking_code());
        if let Err(reasons) = children::open(self, &look, &wanted, &mut write, 0).await? {
            return refused(reasons);
        }
        write.key = key.cloned();
        self.settle(write, None, None, key).await
    }

    /// Nothing comes back when it must be decided again.
    async fn try_step(
        &self,
        actor: &Actor,
        take: &Take,
        ticket: entity::ticket::Model,
        key: Option<&Key>,
    ) -> Result<Option<Answer>, StoreError> {
        if take.revision.is_some_and(|seen| seen != ticket.revision) {
            return Ok(Some(Answer::Stale(Box::new(ticket))));
        }
        let look = self.look_at(actor.clone(), ticket, take.data.clone()).await?;
        let event = Event::external(&take.event);
        let decision = engine::step(&look.chart, &look.configuration, &event, &look.assembled.facts);
        let refused = |reasons, ticket| Ok(Some(Answer::Refused { reasons, ticket: Some(Box::new(ticket)) }));
        match decision.outcome {
            Outcome::Ignored => return Ok(Some(Answer::Ignored(Box::new(look.ticket)))),
            Outcome::Refused(reasons) => {
                return refused(check::refused(&look, reasons).await?, look.ticket);
            }
            Outcome::Moved | Outcome::Finished => {}
        }
        let wrong = check::references(&look).await?;
        if !wrong.is_empty() {
            return refused(wrong, look.ticket);
        }
        let wanted = children::Wanted::of(&decision);
        let mut write = prepare::prepare(&look, &take.event, decision).await?;
        if let Err(reasons) = children::open(self, &look, &wanted, &mut write, 0).await? {
            return refused(reasons, look.ticket);
        }
        write.key = key.cloned();
        self.settle(write, Some(&look.ticket), take.revision, key).await
    }

    /// Brings a timer's event to its ticket. The firing and its step commit together.
    pub async fn fire_timer(&self, due: Due) -> Result<Answer, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(mut look) = self.look(Actor::system(), &due.ticket, due.data.clone()).await? else {
                return Ok(Answer::NotFound);
            };
            look.fired = Some(due.timer.clone());
            let event = Event::system(&due.event);
            let decision = engine::step(&look.chart, &look.configuration, &event, &look.assembled.facts);
            match decision.outcome {
                Outcome::Ignored => {
                    prepare::without_timer(&mut look.ticket, &due.timer)?;
                    let now = look.assembled.facts.now;
                    if self.store.finish_timer(&look.ticket, &due.timer, &due.claim, now).await? {
                        return Ok(Answer::Ignored(Box::new(look.ticket)));
                    }
                    continue;
                }
                Outcome::Refused(reasons) => {
                    return Ok(Answer::Refused { reasons, ticket: Some(Box::new(look.ticket)) });
                }
                Outcome::Moved | Outcome::Finished => {}
            }
            let wanted = children::Wanted::of(&decision);
            let mut write = prepare::prepare(&look, &due.event, decision).await?;
            if let Err(reasons) = children::open(self, &look, &wanted, &mut write, 0).await? {
                return Ok(Answer::Refused { reasons, ticket: Some(Box::new(look.ticket)) });
            }
            write.fired = Some((due.timer.clone(), due.claim.clone()));
            if let Some(answer) = self.settle(write, Some(&look.ticket), None, None).await? {
                return Ok(answer);
            }
            if !self.store.holds_timer(&due.ticket, &due.timer, &due.claim).await? {
                return Ok(Answer::Busy);
            }
        }
        Ok(Answer::Busy)
    }

    /// Writes a step of a ticket as it was before; nothing comes back when it must be decided again.
    async fn settle(
        &self,
        mut write: Box<StepWrite>,
        before: Option<&entity::ticket::Model>,
        revision: Option<i64>,
        key: Option<&Key>,
    ) -> Result<Option<Answer>, StoreError> {
        if let Some(before) = before {
            write.changes = write.ticket.changes(before);
        }
        let code = write.ticket.code.clone();
        let opening = write.opening.is_some();
        let posts_on = write.vouchers.iter().map(|voucher| voucher.voucher.date).min();
        let written = match self.store.commit_step(write).await {
            // The key was used before, or somebody else has taken a number in the same moment.
            Err(error) if error.is_duplicate() => return self.answered(key).await,
            Err(error) if error.is_closed_period() => {
                let up_to = closed_up_to(self.store.reader()).await?;
                let mut reason = Reason::new("period_closed");
                for (name, day) in [("date", posts_on), ("up_to", up_to)] {
                    reason = day.map_or(reason.clone(), |day| reason.clone().with(name, day));
                }
                return Ok(Some(Answer::Refused { reasons: vec![reason], ticket: None }));
            }
            other => other?,
        };
        Ok(match written {
            Written::Done(stored) => {
                let Stored { answer, ticket } = *stored;
                let status = if opening { 201 } else { 200 };
                Some(Answer::Done { status, body: answer, code: ticket.code, repeated: false })
            }
            Written::Stale if revision.is_some() => {
                let now = self.store.ticket(&code).await?;
                Some(now.map_or(Answer::NotFound, |ticket| Answer::Stale(Box::new(ticket))))
            }
            Written::Stale | Written::Again => None,
            Written::Short { part, warehouse } => {
                let reason = Reason::new("stock_too_low")
                    .with("part", part.as_str())
                    .with("warehouse", warehouse.as_str());
                Some(Answer::Refused { reasons: vec![reason], ticket: None })
            }
        })
    }

    /// What the same request was answered before counts, whatever it would be answered now. Only asked when it
    /// was not done: the key of what is done is checked with the write.
    async fn or_as_before(&self, answer: Answer, key: Option<&Key>) -> Result<Answer, StoreError> {
        if matches!(answer, Answer::Done { .. } | Answer::KeyMisused) {
            return Ok(answer);
        }
        Ok(self.answered(key).await?.unwrap_or(answer))
    }

    /// The answer that was given under this key before.
    async fn answered(&self, key: Option<&Key>) -> Result<Option<Answer>, StoreError> {
        let Some(key) = key else { return Ok(None) };
        Ok(self.store.find_key(key).await?.map(|row| Answer::repeated(key, row)))
    }
}
