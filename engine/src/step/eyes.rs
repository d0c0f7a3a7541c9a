//! What an expression sees while a step runs: the facts, the ticket's fields, the form, where the ticket is.

use std::borrow::Cow;
use std::sync::Arc;

use crate::facts::Value;
use crate::rules::functions::calendar;
use crate::rules::{Expression, Name, RuleError, View};
use crate::statechart::StateId;

use super::each;
use super::run::{Refusal, Run};

/// An expression with the states of its `in("…")`.
#[derive(Debug)]
pub struct Bound {
    pub expression: Expression,
    pub(crate) states: Vec<StateId>,
    pub(crate) source: Arc<str>,
}

impl Bound {
    pub(super) fn eval(&self, view: &dyn View) -> Result<Value, Refusal> {
        self.expression.eval(view).map_err(|error| self.located(error))
    }

    /// Its value where there is one: what only goes into a text must not be why something fails.
    pub(crate) fn seen(&self, eyes: Eyes<'_>) -> Option<Value> {
        self.expression.eval(&Eyes { states: &self.states, ..eyes }).ok()
    }

    pub(super) fn holds(&self, view: &dyn View) -> Result<bool, Refusal> {
        self.expression.holds(view).map_err(|error| self.located(error))
    }

    /// An expression does not know its file; here it is known.
    fn located(&self, error: RuleError) -> Refusal {
        RuleError { source_line: self.source(), ..error }.into()
    }

    /// File and line, for people.
    pub(crate) fn source(&self) -> String {
        self.source.to_string()
    }
}

/// The facts as one expression sees them.
#[derive(Clone, Copy)]
pub(crate) struct Eyes<'r> {
    run: &'r Run<'r>,
    states: &'r [StateId],
    locals: &'r [(&'r str, &'r Value)],
    /// Other form data than the run's.
    data: Option<&'r Value>,
}

impl<'r> Eyes<'r> {
    pub(super) fn new(run: &'r Run<'r>, states: &'r [StateId], locals: &'r [(&'r str, &'r Value)]) -> Self {
        Self { run, states, locals, data: None }
    }

    /// With other form data than the run's: the form of a transition not yet chosen.
    pub(crate) fn with_data(self, data: &'r Value) -> Self {
        Self { data: Some(data), ..self }
    }

    /// The value at a dotted path.
    pub(crate) fn at(&self, path: &str) -> Option<Cow<'_, Value>> {
        let mut keys = path.split('.');
        let head = keys.next()?;
        let name = Name { text: head.into(), field: self.run.chart.field(head) };
        calendar::follow(self.value(&name)?, keys)
    }
}

impl View for Eyes<'_> {
    fn value(&self, name: &Name) -> Option<&Value> {
        if let Some(field) = name.field {
            return Some(self.run.field(field));
        }
        let text = &*name.text;
        if let Some((_, value)) = self.locals.iter().find(|(local, _)| *local == text) {
            return Some(value);
        }
        if let Some(at) = self.run.at.as_ref().filter(|at| *at.alias == *text) {
            return Some(at.record(self.run));
        }
        match text {
            "data" => Some(self.data.unwrap_or_else(|| self.run.data())),
            "now" => Some(self.run.moment().0),
            "today" => Some(self.run.moment().1),
            "by" => Some(self.run.by.get_or_init(|| {
                let by = &self.run.facts.by;
                let roles = by.roles.iter().map(|role| Value::text(role.as_str())).collect();
                let entries = [
                    ("name", Value::text(by.name.as_str())),
                    ("roles", Value::List(roles)),
                    ("agency", by.agency.as_deref().into()),
                ];
                Box::new(Value::Map(entries.into_iter().map(|(k, v)| (k.into(), v)).collect()))
            })),
            // Everywhere but in `simulate`, a name was known when the chart was compiled: nothing there is `()`.
            _ => match self.run.world(text) {
                Value::Null if self.run.chart.lenient => self.run.facts.world.get(text).map(AsRef::as_ref),
                value => Some(value),
            },
        }
    }

    fn is_in(&self, n: usize) -> bool {
        let configuration = &self.run.configuration;
        self.states.get(n).is_some_and(|id| {
            configuration.active.contains(*id)
                || (!configuration.memory.each.is_empty() && each::is_in_any(self.run, *id))
        })
    }
}
