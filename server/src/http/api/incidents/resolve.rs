//! POST /api/incidents/{id}/resolve: a person has done what was to be done, and says what.

use aftercare_engine::definition::messages::Permission;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::{Incident, find};
use crate::app::App;
use crate::entity::incident;
use crate::http::api::Tag;
use crate::http::api::tickets::note;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::incident::resolve;

pub struct Resolve(pub App);

/// Longest reason, in characters.
const LONGEST: usize = 500;

/// What was done about it
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolving {
    /// It stays with the incident
    pub reason: String,
}

#[OpenApi(tag = "Tag::Operation")]
impl Resolve {
    /// Closes an incident that a person has seen to
    ///
    /// 409: it is resolved already. 422: no reason.
    #[oai(path = "/incidents/:id/resolve", method = "post")]
    pub async fn resolve(
        &self,
        who: SignedIn,
        id: Path<i64>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Resolving>,
    ) -> Result<Answer<Incident>, Problem> {
        let scope = who.may(&self.0, Permission::IncidentsRedrive)?;
        let row = find(&self.0, &scope, id.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let reason = body.value.reason.trim().to_owned();
        if let Some(wrong) = note::text("reason", &reason, LONGEST) {
            return Err(Problem::fields(vec![wrong]));
        }
        let (by, now) = (who.caller.name.clone(), self.0.clock.now());
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                if !resolve(tx, row.id, &by, &reason, now).await? {
                    return Err(Problem::new(Kind::Conflict, "detail-incident-resolved", vec![]).into());
                }
                let (resolved_at, resolved_by, resolution) = (Some(now), Some(by), Some(reason));
                let status = "resolved".to_owned();
                let row = incident::Model { status, resolved_at, resolved_by, resolution, ..row };
                Ok::<_, Stop>(Answer::new(&Incident::from(row)))
            })
        })
        .await
    }
}
