//! `webhook`: a call to an endpoint that the administrator has named; authors never write addresses.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::definition::action as written;
use crate::effect::Effect;
use crate::facts::Map;
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

/// A call to a named endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    pub endpoint: String,
    pub body: Map,
}

#[derive(Debug)]
pub struct Action {
    endpoint: String,
    body: Vec<(Arc<str>, Bound)>,
}

impl Action {
    pub(super) fn bind(webhook: &written::Webhook, binder: &mut Binder<'_>) -> Self {
        Self { endpoint: webhook.endpoint.value.clone(), body: binder.table(&webhook.body) }
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        let mut body = Map::new();
        for (key, expression) in &self.body {
            body.insert(key.clone(), run.value_of(expression)?);
        }
        run.effects.push(Effect::Webhook(Webhook { endpoint: self.endpoint.clone(), body }));
        Ok(())
    }
}
