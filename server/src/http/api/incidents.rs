//! What went wrong and waits for a person, and what was to leave the house.

pub mod resolve;

use aftercare_engine::definition::messages::Permission;
use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::Value;

use super::registry::list::{Asked, Page};
use super::tickets::messages::{Message, kept_secret};
use crate::app::App;
use crate::auth::Scope;
use crate::entity::incident;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::hidden::Veil;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::outbox::redrive;
use crate::store::step::Key;
use crate::store::timer;

/// The routes.
pub struct Incidents(pub App);

/// Something that a person must look at
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Incident {
    id: i64,
    /// `delivery`, `timer`, `rule`, `voucher`, …
    kind: String,
    ticket: Option<String>,
    /// What failed: the id of a message, the name of a timer
    subject: String,
    message: String,
    detail: Value,
    /// `open` or `resolved`
    status: String,
    opened_at: DateTime<Utc>,
    resolved_at: Option<DateTime<Utc>>,
    resolved_by: Option<String>,
    /// What a person did about it
    resolution: Option<String>,
}

impl From<incident::Model> for Incident {
    fn from(row: incident::Model) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            ticket: row.ticket,
            subject: row.subject,
            message: row.message,
            detail: serde_json::from_str(&row.detail).unwrap_or_default(),
            status: row.status,
            opened_at: row.opened_at,
            resolved_at: row.resolved_at,
            resolved_by: row.resolved_by,
            resolution: row.resolution,
        }
    }
}

/// The incident, if it is about something within the scope.
async fn find(app: &App, scope: &Scope, id: i64) -> Result<incident::Model, Problem> {
    let rows = app.store.incidents(None, scope, Some(id.saturating_add(1)), 1).await?;
    let found = rows.into_iter().find(|row| row.id == id);
    found.ok_or_else(|| Problem::not_found("incident", id.to_string()))
}

/// Which messages to deliver again
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// Ids of messages that are dead or uncertain. What never became a message is left out: its text could not be
    /// made, or nobody could be reached
    pub ids: Vec<i64>,
}

/// How many will be tried again
#[derive(Debug, Object)]
pub struct Redriven {
    count: u64,
}

#[OpenApi(tag = "Tag::Operation")]
impl Incidents {
    /// Incidents, newest first
    #[oai(path = "/incidents", method = "get")]
    pub async fn list(
        &self,
        who: SignedIn,
        /// `open` or `resolved`
        status: Query<Option<String>>,
        /// The `next` of the piece before
        after: Query<Option<i64>>,
        /// 1 to 200, 50 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<Incident>>, Problem> {
        let scope = who.may(&self.0, Permission::IncidentsRedrive)?;
        let limit = Asked { search: None, after: None, limit: limit.0 }.limit()?;
        let mut rows = self.0.store.incidents(status.0.as_deref(), &scope, after.0, limit + 1).await?;
        let is_more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = rows.last().filter(|_| is_more).map(|row| row.id.to_string());
        let items = rows.into_iter().map(Incident::from);
        Ok(Json(Page { items: items.collect(), next }))
    }

    /// Messages and calls to outside systems, newest first
    #[oai(path = "/outbox", method = "get")]
    pub async fn outbox(
        &self,
        who: SignedIn,
        /// `pending`, `claimed`, `sent`, `uncertain`, `dead`
        status: Query<Option<String>>,
        /// The `next` of the piece before
        after: Query<Option<i64>>,
        /// 1 to 200, 50 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<Message>>, Problem> {
        let scope = who.may(&self.0, Permission::IncidentsRedrive)?;
        let limit = Asked { search: None, after: None, limit: limit.0 }.limit()?;
        let mut rows = self.0.store.outbox(status.0.as_deref(), &scope, after.0, limit + 1).await?;
        let is_more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = rows.last().filter(|_| is_more).map(|row| row.id.to_string());
        let version = self.0.catalog.current();
        // Messages of several branches stand in one list: what is hidden in one of them is hidden in it.
        let veil = Veil { facts: who.hidden_somewhere(&self.0), ..Veil::default() };
        let items =
            rows.into_iter().map(|row| Message::told(kept_secret(&self.0, row), &who, &version, &veil));
        Ok(Json(Page { items: items.collect(), next }))
    }

    /// Delivers messages again
    #[oai(path = "/outbox/redrive", method = "post")]
    pub async fn redrive(
        &self,
        who: SignedIn,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Again>,
    ) -> Result<Answer<Redriven>, Problem> {
        let scope = who.may(&self.0, Permission::IncidentsRedrive)?;
        let request = once_key.request(&who.caller, &body.hash);
        self.again(&who, scope, request, body.value.ids).await
    }

    /// Has what an incident is about done again
    ///
    /// A message is delivered, a timer fires. 422: nothing can be done again; `resolve` it when it is seen to.
    #[oai(path = "/incidents/:id/redrive", method = "post")]
    pub async fn redrive_one(
        &self,
        who: SignedIn,
        id: Path<i64>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
    ) -> Result<Answer<Redriven>, Problem> {
        let scope = who.may(&self.0, Permission::IncidentsRedrive)?;
        let found = find(&self.0, &scope, id.0).await?;
        let request = once_key.request(&who.caller, "");
        match (found.kind.as_str(), found.subject.parse()) {
            ("timer", _) => self.fire_again(&who, request, found).await,
            ("delivery", Ok(id)) => self.again(&who, scope, request, vec![id]).await,
            // What only a person can do is told as that, and closed by `resolve`.
            _ => Err(Problem::new(Kind::Unprocessable, "detail-no-redrive", vec![("kind", found.kind)])),
        }
    }
}

impl Incidents {
    /// Arms a timer again that could not fire: it is due at once.
    async fn fire_again(
        &self,
        who: &SignedIn,
        request: Option<Key>,
        about: incident::Model,
    ) -> Result<Answer<Redriven>, Problem> {
        let (by, now) = (who.caller.name.clone(), self.0.clock.now());
        once(&self.0, request, move |tx| {
            Box::pin(async move {
                let count = timer::again(tx, &about, &by, now).await?;
                Ok::<_, Stop>(Answer::new(&Redriven { count }))
            })
        })
        .await
    }

    /// Delivers again what the caller may see; the rest is left as it is.
    async fn again(
        &self,
        who: &SignedIn,
        scope: Scope,
        request: Option<Key>,
        ids: Vec<i64>,
    ) -> Result<Answer<Redriven>, Problem> {
        let (by, now) = (who.caller.name.clone(), self.0.clock.now());
        once(&self.0, request, move |tx| {
            Box::pin(async move {
                let count = redrive(tx, ids, &scope, &by, now).await?;
                Ok::<_, Stop>(Answer::new(&Redriven { count }))
            })
        })
        .await
    }
}
