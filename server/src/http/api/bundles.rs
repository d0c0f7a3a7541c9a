//! Bundles of definitions: which one is in service, and putting another into service.

use std::collections::BTreeMap;

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::diagnostic::json;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::Value;

use crate::app::App;
use crate::catalog::DeployError;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::signed_in::SignedIn;

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
        Ok(Json(self.told(&who, None)))
    }

    /// Puts a bundle into service, if nothing in it is wrong
    ///
    /// All files of the bundle are sent. An error in any of them is answered with 422 and all `diagnostics`, and
    /// the old bundle stays in service. Tickets stay on the bundle that they started with.
    #[oai(path = "/bundles", method = "post")]
    async fn deploy(&self, who: SignedIn, body: Body<Files>) -> Result<Json<InService>, Problem> {
        who.may(&self.0, Permission::BundleDeploy)?;
        // Nothing at all has no mistakes either, and would leave nobody with a right.
        if body.value.files.is_empty() {
            return Err(Problem::fields(vec![FieldError::new("files", "field-required", vec![])]));
        }
        let files = body.value.files.into_iter().collect();
        match self.0.catalog.deploy(files, &who.caller.name, self.0.clock.now()).await {
            Ok((version, found)) => {
                tracing::info!(
                    user.name = %who.caller.name, bundle.hash = %version.hash(),
                    "User `{}` put bundle {} into service", who.caller.name, version.hash(),
                );
                let warnings = json::array(&found, &version.bundle().sources);
                Ok(Json(self.told(&who, Some(warnings))))
            }
            Err(DeployError::Wrong(bundle, found)) => {
                let problem = Problem::new(Kind::Unprocessable, "detail-bundle", vec![]);
                Err(problem.with("diagnostics", json::array(&found, &bundle.sources)))
            }
            Err(DeployError::Store(error)) => Err(error.into()),
        }
    }
}

impl Bundles {
    fn told(&self, who: &SignedIn, warnings: Option<Value>) -> InService {
        let version = self.0.catalog.current();
        let processes = version.processes().filter_map(|name| version.chart(name)).map(|chart| ProcessName {
            process: chart.name.clone(),
            title: chart.definition.title.as_ref().map_or("", |title| title.best(who.language)).to_owned(),
            opened_by: chart.opened_by.clone(),
        });
        InService { hash: version.hash().to_owned(), processes: processes.collect(), warnings }
    }
}
