//! POST /api/tasks/{id}/done: a task is done, with what came of it.

use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::{Task, find};
use crate::app::App;
use crate::entity::{activity, task};
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::activity::note;
use crate::store::task::{Done, finish};

pub struct Finish(pub App);

/// What came of a task
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finishing {
    /// For a call, what was said: it is kept as a note
    #[oai(default)]
    #[serde(default)]
    pub result: Option<String>,
}

#[OpenApi(tag = "Tag::Tickets")]
impl Finish {
    /// Marks a task as done
    ///
    /// 409: it is done already.
    #[oai(path = "/tasks/:id/done", method = "post")]
    pub async fn done(
        &self,
        who: SignedIn,
        id: Path<i64>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Finishing>,
    ) -> Result<Answer<Task>, Problem> {
        let row = find(&self.0, &who, id.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let (by, at, language) = (who.caller.name.clone(), self.0.clock.now(), who.language);
        let result = body.value.result.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let call = result.clone().filter(|_| row.kind == "call").map(|text| activity::Model {
            id: 0,
            ticket: row.ticket.clone(),
            kind: "call_out".into(),
            text,
            seen_by: String::new(),
            mentions: String::new(),
            actor: by.clone(),
            at,
        });
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let done = Done { by: by.clone(), at, result: result.clone() };
                if !finish(tx, row.id, done).await? {
                    return Err(Problem::new(Kind::Conflict, "detail-task-done", vec![]).into());
                }
                if let Some(call) = call {
                    note(tx, call).await?;
                }
                let (done_at, done_by) = (Some(at), Some(by));
                let row = task::Model { status: "done".into(), done_at, done_by, result, ..row };
                Ok::<_, Stop>(Answer::new(&Task::told(row, language)))
            })
        })
        .await
    }
}
