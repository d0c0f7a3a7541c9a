//! The snapshot that guards and rules may see, the present moment included.
//!
//! Facts are a tree of exact values under the names of [`shape`]. Whoever calls the engine (server, scenario,
//! `simulate`) fills them; the engine never looks anything up.

pub mod charges;
pub mod sample;
pub mod shape;
pub mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use value::{Map, Value};

/// Who sends an event.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Actor {
    /// Sign-in name, customer code, or `system`.
    pub name: String,
    /// Roles held; `customer`, `agency`, `partner` and `system` are roles too.
    pub roles: Vec<String>,
}

impl Actor {
    /// Timers and the engine's own events: may do everything.
    pub fn system() -> Self {
        Self { name: "system".into(), roles: vec!["system".into()] }
    }

    /// An actor with one role, named like it.
    pub fn role(role: &str) -> Self {
        Self { name: role.into(), roles: vec![role.into()] }
    }

    /// Whether this is the system itself.
    pub fn is_system(&self) -> bool {
        self.roles.iter().any(|role| role == "system")
    }
}

/// What is known when an event arrives.
#[derive(Clone, Debug)]
pub struct Facts {
    pub now: DateTime<Utc>,
    pub by: Actor,
    /// The event's form data.
    pub data: Map,
    /// The ticket's own fields, in the order of the chart's fields.
    pub fields: Vec<Value>,
    /// Everything else by the names of [`shape`]: `ticket`, `device`, `card`, `policy`, `customer`,
    /// `agency`, `charges`, `verdict` … Shared, because most steps change none of it.
    pub world: BTreeMap<Arc<str>, Arc<Value>>,
    /// Working hours and holidays, for lengths of time that count working time.
    pub calendar: Arc<crate::deadline::Calendar>,
}
