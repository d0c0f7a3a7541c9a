//! `open` and `invoke`: other tickets that a ticket opens, and gives up again.
//!
//! The engine only asks; whoever calls it opens the ticket, in the same transaction as the step.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::definition::child as written;
use crate::effect::Effect;
use crate::facts::{Map, Value};
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

/// Another ticket begins, or is given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Child {
    Open(Opening),
    /// Nobody waits for it any more.
    Cancel {
        invoke: String,
    },
}

/// A ticket to be opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// Id of the `invoke` that waits for it; none: it is only linked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoke: Option<String>,
    /// Why it is opened, when nobody waits for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    pub process: String,
    /// Serial.
    pub device: Option<String>,
    /// Code.
    pub customer: Option<String>,
    /// What its opening form asks for.
    pub input: Map,
}

impl Opening {
    /// What the ticket is called from here: the invoke's id, or the link.
    pub fn name(&self) -> &str {
        self.invoke.as_deref().or(self.link.as_deref()).unwrap_or_default()
    }
}

/// What is asked of the ticket to be opened.
#[derive(Debug)]
pub struct Request {
    pub(crate) process: String,
    pub(crate) input: Vec<(Arc<str>, Bound)>,
    pub(crate) device: Option<Bound>,
    pub(crate) customer: Option<Bound>,
}

impl Request {
    /// The ticket as it is to be opened now.
    pub(crate) fn opening(&self, run: &Run<'_>) -> Result<Opening, Refusal> {
        let mut input = Map::new();
        for (name, expression) in &self.input {
            input.insert(name.clone(), run.value_of(expression)?);
        }
        Ok(Opening {
            invoke: None,
            link: None,
            process: self.process.clone(),
            device: code(run, self.device.as_ref(), "device", "serial")?,
            customer: code(run, self.customer.as_ref(), "customer", "code")?,
            input,
        })
    }
}

/// What an expression says, else what this ticket is about.
fn code(run: &Run<'_>, own: Option<&Bound>, fact: &str, key: &str) -> Result<Option<String>, Refusal> {
    let value = match own {
        Some(expression) => run.value_of(expression)?,
        None => run.world(fact).get(key).cloned().unwrap_or_default(),
    };
    Ok(match value {
        Value::Null => None,
        other => Some(other.to_string()),
    })
}

#[derive(Debug)]
pub struct Action {
    pub(crate) request: Request,
    link: String,
    when: Option<Bound>,
}

impl Action {
    pub(super) fn bind(open: &written::Open, binder: &mut Binder<'_>) -> Option<Self> {
        let when = binder.condition(open.when.as_ref())?;
        let (device, customer) = (open.device.as_ref(), open.customer.as_ref());
        let request = binder.request(&open.process, &open.input, device, customer)?;
        Some(Self { request, link: open.link.value.clone(), when })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        if run.holds(self.when.as_ref())? {
            let opening = Opening { link: Some(self.link.clone()), ..self.request.opening(run)? };
            run.effects.push(Effect::Child(Child::Open(opening)));
        }
        Ok(())
    }
}
