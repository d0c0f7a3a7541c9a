//! THE ONE WRITE PATH to a ticket: load, decide, write.
//!
//! Every step of every caller (page, API, timer, import) goes through here. The engine decides outside any
//! transaction; the transaction checks that nothing it relied on has changed. What is refused changed nothing.

mod answer;
mod check;
mod look;
mod place;
mod prepare;

use aftercare_engine::facts::{Actor, Map};
use aftercare_engine::step::{self as engine, Event, Outcome, Reason};

pub use answer::Answer;
pub use look::Look;

use crate::app::App;
use crate::store::StoreError;
use crate::store::step::{Key, Stored, Written};

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
}

/// A step to be taken.
#[derive(Clone, Debug)]
pub struct Take {
    pub code: String,
    pub event: String,
    /// The revision that the caller saw; none: whatever it is now.
    pub revision: Option<i64>,
    pub data: Map,
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
        if let Some(answer) = self.answered(key.as_ref()).await? {
            return Ok(answer);
        }
        for _ in 0..ATTEMPTS {
            let look = match look::opening(self, &actor, &opening).await? {
                Ok(look) => look,
                Err(reason) => return Ok(Answer::Refused { reasons: vec![reason], ticket: None }),
            };
            let decision = engine::start(&look.chart, &look.assembled.facts);
            if let Outcome::Refused(reasons) = decision.outcome {
                return Ok(Answer::Refused { reasons, ticket: None });
            }
            let wrong = check::references(self, &look).await?;
            if !wrong.is_empty() {
                return Ok(Answer::Refused { reasons: wrong, ticket: None });
            }
            let mut write = prepare::prepare(self, &look, "open", decision).await?;
            write.opening = Some(look.tracking_code());
            write.key.clone_from(&key);
            if let Some(answer) = self.settle(write, None, key.as_ref()).await? {
                return Ok(answer);
            }
        }
        Ok(Answer::Busy)
    }

    /// Takes a step.
    pub async fn take_step(&self, actor: Actor, take: Take, key: Option<Key>) -> Result<Answer, StoreError> {
        if let Some(answer) = self.answered(key.as_ref()).await? {
            return Ok(answer);
        }
        for _ in 0..ATTEMPTS {
            let Some(look) = self.look(actor.clone(), &take.code, take.data.clone()).await? else {
                return Ok(Answer::NotFound);
            };
            if take.revision.is_some_and(|seen| seen != look.ticket.revision) {
                return Ok(Answer::Stale(Box::new(look.ticket)));
            }
            let event = Event::external(&take.event);
            let decision = engine::step(&look.chart, &look.configuration, &event, &look.assembled.facts);
            let ticket = Some(Box::new(look.ticket.clone()));
            match decision.outcome {
                Outcome::Ignored => return Ok(Answer::Ignored(Box::new(look.ticket))),
                Outcome::Refused(reasons) => return Ok(Answer::Refused { reasons, ticket }),
                Outcome::Moved | Outcome::Finished => {}
            }
            let wrong = check::references(self, &look).await?;
            if !wrong.is_empty() {
                return Ok(Answer::Refused { reasons: wrong, ticket });
            }
            let mut write = prepare::prepare(self, &look, &take.event, decision).await?;
            write.key.clone_from(&key);
            if let Some(answer) = self.settle(write, take.revision, key.as_ref()).await? {
                return Ok(answer);
            }
        }
        Ok(Answer::Busy)
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
                    self.store
                        .finish_timer(&due.ticket, &due.timer, &due.claim, look.assembled.facts.now)
                        .await?;
                    return Ok(Answer::Ignored(Box::new(look.ticket)));
                }
                Outcome::Refused(reasons) => {
                    return Ok(Answer::Refused { reasons, ticket: Some(Box::new(look.ticket)) });
                }
                Outcome::Moved | Outcome::Finished => {}
            }
            let mut write = prepare::prepare(self, &look, &due.event, decision).await?;
            write.fired = Some((due.timer.clone(), due.claim.clone()));
            if let Some(answer) = self.settle(write, None, None).await? {
                return Ok(answer);
            }
            if !self.store.holds_timer(&due.ticket, &due.timer, &due.claim).await? {
                return Ok(Answer::Busy);
            }
        }
        Ok(Answer::Busy)
    }

    /// Writes a step; nothing comes back when it must be decided again.
    async fn settle(
        &self,
        write: crate::store::step::StepWrite,
        revision: Option<i64>,
        key: Option<&Key>,
    ) -> Result<Option<Answer>, StoreError> {
        let code = write.ticket.code.clone();
        let opening = write.opening.is_some();
        let written = match self.store.commit_step(write).await {
            // Somebody else has taken a number or key in the same moment.
            Err(error) if error.is_duplicate() => return Ok(None),
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
            Written::Repeated(row) => key.map(|key| Answer::repeated(key, row)),
            Written::Short { part, warehouse } => {
                let reason = Reason::new("stock_too_low")
                    .with("part", part.as_str())
                    .with("warehouse", warehouse.as_str());
                Some(Answer::Refused { reasons: vec![reason], ticket: None })
            }
        })
    }

    /// The answer that was given under this key before.
    async fn answered(&self, key: Option<&Key>) -> Result<Option<Answer>, StoreError> {
        let Some(key) = key else { return Ok(None) };
        Ok(self.store.find_key(key).await?.map(|row| Answer::repeated(key, row)))
    }
}
