//! POST /api/tasks/{id}/hand_over: a task goes to somebody else.

use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::{Task, find, taker};
use crate::app::App;
use crate::entity::task;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::task::hand_over;

pub struct HandOver(pub App);

/// Whom a task goes to
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct To {
    /// Sign-in name
    pub user: String,
}

#[OpenApi(tag = "Tag::Tickets")]
impl HandOver {
    /// Hands a task to somebody else, or takes it upon oneself
    ///
    /// 409: it is done already. 422: there is no such user.
    #[oai(path = "/tasks/:id/hand_over", method = "post")]
    pub async fn hand_over(
        &self,
        who: SignedIn,
        id: Path<i64>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<To>,
    ) -> Result<Answer<Task>, Problem> {
        let row = find(&self.0, &who, id.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let to = body.value.user;
        if let Some(wrong) = taker(&self.0, &who, &to).await? {
            return Err(Problem::fields(vec![wrong]));
        }
        let language = who.language;
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                if !hand_over(tx, row.id, &to).await? {
                    return Err(Problem::new(Kind::Conflict, "detail-task-done", vec![]).into());
                }
                let row = task::Model { to_kind: "user".into(), to_name: to, ..row };
                Ok::<_, Stop>(Answer::new(&Task::told(row, language)))
            })
        })
        .await
    }
}
