//! What a caller is told.

use aftercare_engine::step::Reason;

use crate::entity;
use crate::store::step::Key;

/// The answer to an opening or a step.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It is done and durable. The body is what the same key gets again, byte for byte.
    Done { status: u16, body: String, code: String, repeated: bool },
    /// It may not be done; nothing has changed.
    Refused { reasons: Vec<Reason>, ticket: Option<Box<entity::ticket::Model>> },
    /// The ticket has no such step where it stands; nothing has changed.
    Ignored(Box<entity::ticket::Model>),
    /// The ticket has moved on since the caller saw it: this is where it stands.
    Stale(Box<entity::ticket::Model>),
    /// The key was used for another request.
    KeyMisused,
    /// There is no such ticket.
    NotFound,
    /// Others keep changing what the decision is made on; the same request may succeed later.
    Busy,
}

impl Answer {
    /// The stored answer, if the request is the same.
    pub(super) fn repeated(key: &Key, row: entity::idempotency::Model) -> Self {
        if row.body_hash != key.body_hash {
            return Self::KeyMisused;
        }
        let code = serde_json::from_str::<serde_json::Value>(&row.answer)
            .ok()
            .and_then(|answer| answer.get("code")?.as_str().map(str::to_owned));
        Self::Done {
            status: u16::try_from(row.status).unwrap_or(200),
            body: row.answer,
            code: code.unwrap_or_default(),
            repeated: true,
        }
    }
}
