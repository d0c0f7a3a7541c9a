//! The snapshot that guards and rules may see, the present moment included.
//!
//! Facts are a tree of exact values under the names of [`shape`]. Whoever calls the engine (server, scenario,
//! `simulate`) fills them; the engine never looks anything up.

pub mod charges;
pub mod enrich;
pub mod sample;
pub mod shape;
pub mod value;
pub mod words;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};

use crate::statechart::Statechart;
use crate::step::Decision;

pub use value::{Map, Value};

/// Who sends an event.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Actor {
    /// Sign-in name, customer code, or `system`.
    pub name: String,
    /// Roles held; `customer`, `agency`, `partner` and `system` are roles too.
    pub roles: Vec<String>,
    /// Agency or partner whose staff this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
}

impl Actor {
    /// Timers and the engine's own events: may do everything.
    pub fn system() -> Self {
        Self { name: "system".into(), roles: vec!["system".into()], agency: None }
    }

    /// An actor with one role, named like it.
    pub fn role(role: &str) -> Self {
        Self { name: role.into(), roles: vec![role.into()], agency: None }
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

/// A ticket without a charge line owes nothing, and can be asked.
static NO_CHARGES: LazyLock<Arc<Value>> = LazyLock::new(|| {
    let totals = charges::totals(Vec::new(), rust_decimal::Decimal::ZERO, charges::Rounding::default());
    Arc::new(totals.map_or(Value::Null, Value::Map))
});

impl Facts {
    /// Facts with nothing in them but the moment and the actor.
    pub fn new(now: DateTime<Utc>, by: Actor) -> Self {
        let world = BTreeMap::from([(Arc::from("charges"), NO_CHARGES.clone())]);
        Self { now, by, data: Map::new(), fields: Vec::new(), world, calendar: Arc::default() }
    }

    /// Adds values by their names: the chart's fields and the names of the world, each read by its type.
    pub fn give(&mut self, chart: &Statechart, given: Map) {
        self.fields.resize(chart.fields.len(), Value::Null);
        for (name, value) in given {
            let field = chart.fields.iter().position(|field| field.name == name);
            match field.and_then(|n| Some((chart.fields.get(n)?, self.fields.get_mut(n)?))) {
                Some((field, place)) => *place = field.decode(value),
                None => {
                    let value = shape::read(&name, value);
                    self.world.insert(name, Arc::new(value));
                }
            }
        }
    }

    /// Takes over what a decision changed. Effects on the world outside are not looked at.
    pub fn apply(&mut self, chart: &Statechart, decision: &Decision) {
        self.fields.resize(chart.fields.len(), Value::Null);
        for (name, value) in &decision.fields {
            if let Some(place) = chart.field(name).and_then(|n| self.fields.get_mut(usize::from(n))) {
                *place = value.clone();
            }
        }
        for (name, value) in &decision.world {
            self.world.insert(name.clone(), Arc::new(value.clone()));
        }
    }
}
