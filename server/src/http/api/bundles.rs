//! Bundles of definitions: which one is in service, and putting another into service.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::diagnostic::json;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::Value;

use crate::app::App;
use crate::catalog::{DeployError, Version};
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::bundle;

/// The routes.
pub struct Bundles(pub App);

/// The bundle in service
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct InService {
    /// Its content's hash
    hash: String,
    processes: Vec<ProcessName>,
    /// What an author should look at, after a deployment
    warnings: Option<Value>,
}

/// A process
#[derive(Debug, Object)]
struct ProcessName {
    process: String,
    title: String,
    /// Roles that may open a ticket
    opened_by: Vec<String>,
}

/// Files to put into service
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct Files {
    /// Text by path, such as `workflows/processes/repair.yaml`
    files: BTreeMap<String, String>,
}

#[OpenApi(tag = "Tag::Definitions")]
impl Bundles {
    /// The bundle that new tickets start with
    #[oai(path = "/bundles/current", method = "get")]
    async fn current(&self, who: SignedIn) -> Result<Json<InService>, Problem> {
        Ok(Json(told(&self.0.catalog.current(), &who, None)))
    }

    /// Puts a bundle into service, if nothing in it is wrong
    ///
    /// All files of the bundle are sent. An error in any of them is answered with 422 and all `diagnostics`, and
    /// the old bundle stays in service. Tickets stay on the bundle that they started with.
    #[oai(path = "/bundles", method = "post")]
    async fn deploy(
        &self,
        who: SignedIn,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Files>,
    ) -> Result<Answer<InService>, Problem> {
        who.may(&self.0, Permission::BundleDeploy)?;
        // Nothing at all has no mistakes either, and would leave nobody with a right.
        if body.value.files.is_empty() {
            return Err(Problem::fields(vec![FieldError::new("files", "field-required", vec![])]));
        }
        let request = once_key.request(&who.caller, &body.hash);
        let files: Vec<(String, String)> = body.value.files.into_iter().collect();
        let (version, found) = match self.0.catalog.compile(files.clone()).await {
            Ok(compiled) => compiled,
            Err(DeployError::Wrong(bundle, found)) => {
                let problem = Problem::new(Kind::Unprocessable, "detail-bundle", vec![]);
                return Err(problem.with("diagnostics", json::array(&found, &bundle.sources)));
            }
            Err(DeployError::Store(error)) => return Err(error.into()),
        };
        let warnings = json::array(&found, &version.bundle().sources);
        let answer = Answer::new(&told(&version, &who, Some(warnings)));
        let (hash, by, now) = (version.hash().to_owned(), who.caller.name.clone(), self.0.clock.now());
        // An answer that is given again puts nothing into service: another bundle may have followed since.
        let is_done = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&is_done);
        let answer = once(&self.0, request, move |tx| {
            Box::pin(async move {
                bundle::put(tx, &hash, files, &by, now).await?;
                done.store(true, Ordering::Release);
                Ok::<_, Stop>(answer)
            })
        })
        .await?;
        if is_done.load(Ordering::Acquire) {
            tracing::info!(
                user.name = %who.caller.name, bundle.hash = %version.hash(),
                "User `{}` put bundle {} into service", who.caller.name, version.hash(),
            );
            self.0.catalog.take_up(version);
        }
        Ok(answer)
    }
}

/// A bundle as its reader sees it.
fn told(version: &Version, who: &SignedIn, warnings: Option<Value>) -> InService {
    let processes = version.processes().filter_map(|name| version.chart(name)).map(|chart| ProcessName {
        process: chart.name.clone(),
        title: chart.definition.title.as_ref().map_or("", |title| title.best(who.language)).to_owned(),
        opened_by: chart.opened_by.clone(),
    });
    InService { hash: version.hash().to_owned(), processes: processes.collect(), warnings }
}
