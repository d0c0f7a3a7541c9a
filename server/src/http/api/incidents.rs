//! What went wrong and waits for a person, and what was to leave the house.

use aftercare_engine::definition::messages::Permission;
use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::Value;

use super::registry::list::{Asked, Page};
use super::tickets::messages::Message;
use crate::app::App;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

/// The routes.
pub struct Incidents(pub App);

/// Something that a person must look at
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct Incident {
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
}

/// Which messages to deliver again
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    /// Ids of messages that are dead, uncertain or held
    ids: Vec<i64>,
}

/// How many will be tried again
#[derive(Debug, Object)]
struct Redriven {
    count: u64,
}

#[OpenApi(tag = "Tag::Operation")]
impl Incidents {
    /// Incidents, newest first
    #[oai(path = "/incidents", method = "get")]
    async fn list(
        &self,
        who: SignedIn,
        /// `open` or `resolved`
        status: Query<Option<String>>,
        /// The `next` of the piece before
        after: Query<Option<i64>>,
        /// 1 to 200, 50 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<Incident>>, Problem> {
        who.may(&self.0, Permission::IncidentsRedrive)?;
        let limit = Asked { search: None, after: None, limit: limit.0 }.limit()?;
        let scope = who.scope(&self.0);
        let mut rows = self.0.store.incidents(status.0.as_deref(), &scope, after.0, limit + 1).await?;
        let is_more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = rows.last().filter(|_| is_more).map(|row| row.id.to_string());
        let items = rows.into_iter().map(|row| Incident {
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
        });
        Ok(Json(Page { items: items.collect(), next }))
    }

    /// Messages and calls to outside systems, newest first
    #[oai(path = "/outbox", method = "get")]
    async fn outbox(
        &self,
        who: SignedIn,
        /// `pending`, `claimed`, `sent`, `uncertain`, `dead`, `held`, `skipped`
        status: Query<Option<String>>,
        /// The `next` of the piece before
        after: Query<Option<i64>>,
        /// 1 to 200, 50 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<Message>>, Problem> {
        who.may(&self.0, Permission::IncidentsRedrive)?;
        let limit = Asked { search: None, after: None, limit: limit.0 }.limit()?;
        let scope = who.scope(&self.0);
        let mut rows = self.0.store.outbox(status.0.as_deref(), &scope, after.0, limit + 1).await?;
        let is_more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = rows.last().filter(|_| is_more).map(|row| row.id.to_string());
        Ok(Json(Page { items: rows.into_iter().map(Message::from).collect(), next }))
    }

    /// Delivers messages again
    #[oai(path = "/outbox/redrive", method = "post")]
    async fn redrive(&self, who: SignedIn, body: Body<Again>) -> Result<Json<Redriven>, Problem> {
        who.may(&self.0, Permission::IncidentsRedrive)?;
        let (ids, now) = (body.value.ids, self.0.clock.now());
        let count = self.0.store.redrive_outbox(ids, &who.caller.name, now).await?;
        Ok(Json(Redriven { count }))
    }

    /// Has what an incident is about done again
    #[oai(path = "/incidents/:id/redrive", method = "post")]
    async fn redrive_one(&self, who: SignedIn, id: Path<i64>) -> Result<Json<Redriven>, Problem> {
        who.may(&self.0, Permission::IncidentsRedrive)?;
        let scope = who.scope(&self.0);
        let rows = self.0.store.incidents(None, &scope, Some(id.0.saturating_add(1)), 1).await?;
        let found = rows.into_iter().find(|row| row.id == id.0);
        let found = found.ok_or_else(|| Problem::not_found("incident", id.0.to_string()))?;
        let ids = found.subject.parse().into_iter().collect();
        let count = self.0.store.redrive_outbox(ids, &who.caller.name, self.0.clock.now()).await?;
        Ok(Json(Redriven { count }))
    }
}
