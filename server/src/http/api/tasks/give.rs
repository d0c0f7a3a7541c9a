//! POST /api/tickets/{code}/tasks: something is put on somebody's list, a call to make for instance.

use aftercare_engine::definition::messages::Permission;
use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::{Task, taker};
use crate::app::App;
use crate::entity::{task, ticket};
use crate::http::api::Tag;
use crate::http::api::tickets::{find, is_outside, note};
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Made, Stop, once};
use crate::http::problem::{FieldError, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::store::task::give;

pub struct Give(pub App);

/// Longest title, in characters.
const LONGEST: usize = 500;

/// A task to give
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Giving {
    /// What is to be done
    pub title: String,
    /// `task`, or `call` for a call to make; `task` if left out
    #[oai(default)]
    #[serde(default)]
    pub kind: Option<String>,
    /// Sign-in name; left out, with no `role`: yourself
    #[oai(default)]
    #[serde(default)]
    pub user: Option<String>,
    /// Everybody with this role, in the ticket's branch
    #[oai(default)]
    #[serde(default)]
    pub role: Option<String>,
    #[oai(default)]
    #[serde(default)]
    pub due_at: Option<DateTime<Utc>>,
    /// From when it presses
    #[oai(default)]
    #[serde(default)]
    pub remind_at: Option<DateTime<Utc>>,
}

#[OpenApi(tag = "Tag::Tickets")]
impl Give {
    /// Gives a task on a ticket
    ///
    /// 422: no title, both a user and a role, or one that does not exist.
    #[oai(path = "/tickets/:code/tasks", method = "post")]
    pub async fn give(
        &self,
        who: SignedIn,
        code: Path<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Giving>,
    ) -> Result<Made<Task>, Problem> {
        who.may(&self.0, Permission::TicketsRead)?;
        let ticket = find(&self.0, &who, &code.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let row = self.row(&who, &ticket, body.value).await?;
        let language = who.language;
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let id = give(tx, row.clone()).await?;
                Ok::<_, Stop>(Made::new(&Task::told(task::Model { id, ..row }, language)))
            })
        })
        .await
    }
}

impl Give {
    async fn row(
        &self,
        who: &SignedIn,
        ticket: &ticket::Model,
        given: Giving,
    ) -> Result<task::Model, Problem> {
        let mut wrong: Vec<_> = note::text("title", &given.title, LONGEST).into_iter().collect();
        let invalid = |field: &str, key| FieldError::invalid(field, Text::why(key, vec![]));
        let kind = given.kind.unwrap_or_else(|| "task".to_owned());
        if !matches!(kind.as_str(), "task" | "call") {
            let words = vec![("words", "task, call".to_owned())];
            wrong.push(FieldError::invalid("kind", Text::why("why-one-of", words)));
        }
        let (to_kind, to_name) = match (given.user, given.role) {
            (Some(_), Some(_)) => {
                wrong.push(invalid("role", "why-user-or-role"));
                ("user", String::new())
            }
            (None, Some(role)) => {
                if self.0.catalog.current().library().roles.get(&role).is_none() {
                    wrong.push(FieldError::new("role", "field-not-found", vec![("what", "role".to_owned())]));
                }
                if is_outside(&who.scope(&self.0)) {
                    wrong.push(invalid("role", "why-own-people"));
                }
                ("role", role)
            }
            (Some(name), None) => {
                wrong.extend(taker(&self.0, who, &name).await?);
                ("user", name)
            }
            (None, None) => ("user", who.caller.name.clone()),
        };
        if !wrong.is_empty() {
            return Err(Problem::fields(wrong));
        }
        // In the language of its author: the others read it as it was written.
        let title = serde_json::json!({ who.language.code(): given.title.trim() });
        Ok(task::Model {
            id: 0,
            source: None,
            ticket: ticket.code.clone(),
            kind,
            title: title.to_string(),
            to_kind: to_kind.to_owned(),
            to_name,
            branch: ticket.branch.clone(),
            due_at: given.due_at,
            remind_at: given.remind_at,
            status: "open".into(),
            created_by: Some(who.caller.name.clone()),
            created_at: self.0.clock.now(),
            done_at: None,
            done_by: None,
            result: None,
        })
    }
}
