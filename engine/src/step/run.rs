//! One step while it runs: the working copy of everything that it may change.
//!
//! Nothing leaves before the step has succeeded as a whole: a refusal drops the copy.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::effect::{Effect, output};
use crate::facts::{Facts, Map, Value};
use crate::rules::RuleError;
use crate::statechart::{Configuration, StateId, StateSet, Statechart};

use super::each::At;
use super::eyes::{Bound, Eyes};
use super::trace::{Microstep, Trace};
use super::{
    Decision, Event, MAX_MICROSTEPS, Origin, Outcome, Reason, clock, each, invoke, microstep, select,
};

static NOTHING: Value = Value::Null;

/// Why a step cannot be taken.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Vec<Reason>);

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self(vec![reason])
    }
}

impl From<RuleError> for Refusal {
    fn from(error: RuleError) -> Self {
        let mut reason = Reason::new("rule_failed").with("message", error.message.as_str());
        reason.source = Some(error.source_line);
        reason.into()
    }
}

/// An event waiting in a queue.
pub(crate) struct Queued {
    pub(crate) name: Arc<str>,
    pub(crate) data: Option<Map>,
    /// The instances it is for.
    pub(crate) key: Option<Arc<str>>,
}

/// An event that the chart has raised, and the instance that raised it.
pub(crate) type Raised = (Arc<str>, Option<Arc<str>>);

/// What a step has yet to do. Queues are short: first come, first heard.
#[derive(Default)]
pub(crate) struct Waiting {
    pub(crate) internal: Vec<Raised>,
    pub(crate) external: Vec<Queued>,
    /// Tickets that states entered in this macrostep wait for, each with the instance that it is for.
    pub(crate) invokes: Vec<(u16, Option<Arc<str>>)>,
}

/// The working copy.
pub(crate) struct Run<'a> {
    pub(crate) chart: &'a Statechart,
    pub(crate) facts: &'a Facts,
    pub(crate) configuration: Configuration,
    /// The fields, copied when the first one changes.
    fields: Option<Vec<Value>>,
    changed: SmallVec<[u16; 8]>,
    /// What of the world has changed.
    world: Vec<(Arc<str>, Value)>,
    /// `now` and `today`, made when an expression asks for them; `by` likewise.
    now: OnceCell<Box<[Value; 2]>>,
    pub(super) by: OnceCell<Box<Value>>,
    /// What the form brought: as the facts have it, until it is read by the fields' types.
    data: OnceCell<Value>,
    /// What the step has yet to do; none: nothing.
    waiting: Option<Box<Waiting>>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) trace: Trace,
    /// All states entered in this step; only kept when the chart has clocks, which ask.
    pub(crate) entered: StateSet,
    /// The instance that is looked at.
    pub(crate) at: Option<At>,
    /// What happens now is the instance's own doing, not that of the states around it.
    pub(crate) inside: bool,
    microsteps: u32,
}

impl<'a> Run<'a> {
    // Inlined, like `decide`: the copy is made where it stays.
    #[inline(always)]
    pub(crate) fn new(chart: &'a Statechart, facts: &'a Facts, configuration: Configuration) -> Self {
        Self {
            chart,
            facts,
            fields: None,
            changed: SmallVec::new(),
            world: Vec::new(),
            now: OnceCell::new(),
            by: OnceCell::new(),
            data: OnceCell::new(),
            waiting: None,
            effects: Vec::new(),
            trace: Trace { microsteps: Vec::with_capacity(2) },
            entered: chart.no_states(),
            at: None,
            inside: false,
            microsteps: 0,
            configuration,
        }
    }

    /// Answers an external event, and then what it sent to itself.
    pub(crate) fn take(&mut self, event: &Event) -> Result<bool, Refusal> {
        let (name, key) = each::address(self.chart, &event.name);
        if !self.chart.invokes.is_empty() && !invoke::accept(self, &name, key.as_deref()) {
            return Ok(false);
        }
        let mut reasons = Vec::new();
        if !self.answer(&name, key.as_deref(), event.origin, &mut reasons)? {
            // Whoever means a certain one learns that it is not there any more.
            let gone = key.filter(|_| event.origin == Origin::External && reasons.is_empty());
            reasons.extend(gone.map(|key| Reason::new("instance_gone").with("key", &*key)));
            return if reasons.is_empty() { Ok(false) } else { Err(Refusal(reasons)) };
        }
        self.settle()?;
        Ok(true)
    }

    /// Takes what an event enables; false: nothing.
    fn answer(
        &mut self,
        name: &Arc<str>,
        key: Option<&str>,
        origin: Origin,
        reasons: &mut Vec<Reason>,
    ) -> Result<bool, Refusal> {
        let (name, candidates) = self.chart.events.look_up(name);
        if !self.configuration.memory.each.is_empty() {
            return each::answer(self, Some(name), &candidates, key, Some(origin), reasons);
        }
        let chosen = select::select(self, &candidates, Some(origin), reasons)?;
        if chosen.is_empty() {
            return Ok(false);
        }
        microstep::microstep(self, Some(name), chosen)?;
        Ok(true)
    }

    /// Enters the initial states of the process.
    pub(crate) fn begin(&mut self) -> Result<(), Refusal> {
        self.default_fields()?;
        microstep::enter_initial(self)
    }

    fn default_fields(&mut self) -> Result<(), Refusal> {
        for (n, field) in (0u16..).zip(&self.chart.fields) {
            if let Some(default) = &field.default
                && self.field(n).is_null()
            {
                let value = default.eval(&self.eyes(&[], &[]))?;
                self.set_field(n, value);
            }
        }
        Ok(())
    }

    /// Runs to completion: eventless transitions, then raised events, until nothing is left; then the events
    /// that the ticket has sent to itself, each a macrostep of its own.
    pub(crate) fn settle(&mut self) -> Result<(), Refusal> {
        loop {
            self.macrostep()?;
            if self.waiting.as_ref().is_some_and(|waiting| !waiting.invokes.is_empty())
                && !self.configuration.finished
            {
                invoke::begin(self)?;
            }
            let Some(queued) = self.next_of(|waiting| &mut waiting.external) else { break };
            if self.configuration.finished {
                break;
            }
            if let Some(data) = queued.data {
                self.set_data(Value::Map(data));
            }
            self.spend()?;
            self.answer(&queued.name, queued.key.as_deref(), Origin::System, &mut Vec::new())?;
        }
        if !self.chart.clocks.is_empty() || !self.configuration.memory.each.is_empty() {
            clock::update(self);
        }
        if self.configuration.finished {
            microstep::leave_all(self)?;
            output::give(self)?;
        }
        Ok(())
    }

    fn macrostep(&mut self) -> Result<(), Refusal> {
        while !self.configuration.finished {
            let eventless = &self.chart.events.eventless;
            if !self.configuration.memory.each.is_empty() {
                // Instances follow their records before anything that was raised is heard.
                let moved = each::answer(self, None, eventless, None, None, &mut Vec::new())?;
                if moved || each::settle(self)? {
                    self.spend()?;
                    continue;
                }
            } else if eventless.states.intersects(&self.configuration.active) {
                let chosen = select::select(self, eventless, None, &mut Vec::new())?;
                if !chosen.is_empty() {
                    self.spend()?;
                    microstep::microstep(self, None, chosen)?;
                    continue;
                }
            }
            let Some((name, key)) = self.next_of(|waiting| &mut waiting.internal) else { break };
            self.spend()?;
            // That nothing is enabled is no refusal.
            self.answer(&name, key.as_deref(), Origin::System, &mut Vec::new())?;
        }
        Ok(())
    }

    /// What the step has yet to do, to put something to it.
    pub(crate) fn waiting(&mut self) -> &mut Waiting {
        self.waiting.get_or_insert_default()
    }

    /// The same if there is anything already.
    pub(crate) fn already_waiting(&mut self) -> Option<&mut Waiting> {
        self.waiting.as_deref_mut()
    }

    fn next_of<T>(&mut self, queue: impl Fn(&mut Waiting) -> &mut Vec<T>) -> Option<T> {
        let queue = queue(self.already_waiting()?);
        (!queue.is_empty()).then(|| queue.remove(0))
    }

    fn spend(&mut self) -> Result<(), Refusal> {
        self.microsteps += 1;
        if self.microsteps > MAX_MICROSTEPS {
            return Err(Reason::new("endless").with("limit", i64::from(MAX_MICROSTEPS)).into());
        }
        Ok(())
    }

    /// The decision: the copy becomes the answer, or is left behind.
    #[inline(always)]
    pub(crate) fn decide(self, result: Result<bool, Refusal>, before: &Configuration) -> Decision {
        let unmoved = |outcome| Decision {
            outcome,
            configuration: before.clone(),
            fields: Default::default(),
            world: Default::default(),
            effects: Vec::new(),
            trace: Trace::default(),
        };
        match result {
            Err(Refusal(reasons)) => unmoved(Outcome::Refused(reasons)),
            Ok(false) => unmoved(Outcome::Ignored),
            Ok(true) => {
                let changed = self.changed.iter().filter_map(|n| {
                    let field = self.chart.fields.get(usize::from(*n))?;
                    Some((field.name.clone(), self.field(*n).clone()))
                });
                let fields = if self.changed.is_empty() { BTreeMap::new() } else { changed.collect() };
                let Self { configuration, world, effects, trace, .. } = self;
                let outcome = if configuration.finished { Outcome::Finished } else { Outcome::Moved };
                let world = if world.is_empty() { BTreeMap::new() } else { world.into_iter().collect() };
                Decision { outcome, configuration, fields, world, effects, trace }
            }
        }
    }

    /// What the form brought.
    pub(crate) fn data(&self) -> &Value {
        self.data.get_or_init(|| Value::Map(self.facts.data.clone()))
    }

    pub(crate) fn set_data(&mut self, data: Value) {
        self.data = OnceCell::from(data);
    }

    /// A field's present value.
    pub(crate) fn field(&self, n: u16) -> &Value {
        self.fields.as_ref().unwrap_or(&self.facts.fields).get(usize::from(n)).unwrap_or(&NOTHING)
    }

    pub(crate) fn set_field(&mut self, n: u16, value: Value) {
        let size = self.chart.fields.len();
        let value = match self.chart.fields.get(usize::from(n)) {
            Some(field) => field.hold(value),
            None => value,
        };
        let fields = self.fields.get_or_insert_with(|| self.facts.fields.clone());
        if fields.len() < size {
            fields.resize(size, Value::Null);
        }
        if let Some(place) = fields.get_mut(usize::from(n)) {
            *place = value;
            if !self.changed.contains(&n) {
                self.changed.push(n);
            }
        }
    }

    /// A value of the world as it is now, this step's changes included.
    pub(crate) fn world(&self, name: &str) -> &Value {
        let changed = self.world.iter().find(|(key, _)| &**key == name).map(|(_, value)| value);
        changed.or_else(|| self.facts.world.get(name).map(AsRef::as_ref)).unwrap_or(&NOTHING)
    }

    pub(crate) fn set_world(&mut self, name: &str, value: Value) {
        match self.world.iter_mut().find(|(key, _)| &**key == name) {
            Some((_, place)) => *place = value,
            None => self.world.push((name.into(), value)),
        }
    }

    /// Changes one key of a map of the world.
    pub(crate) fn set_world_key(&mut self, name: &str, key: &str, value: Value) {
        let mut map = match self.world(name) {
            Value::Map(map) => map.clone(),
            _ => Map::new(),
        };
        map.insert(key.into(), value);
        self.set_world(name, Value::Map(map));
    }

    pub(crate) fn today(&self) -> chrono::NaiveDate {
        self.facts.now.with_timezone(&self.chart.offset).date_naive()
    }

    /// `now` and `today`.
    pub(super) fn moment(&self) -> (&Value, &Value) {
        let made = || Box::new([Value::Time(self.facts.now), Value::Date(self.today())]);
        let [now, today] = &**self.now.get_or_init(made);
        (now, today)
    }

    /// A day, or the day of a moment in the company's time zone.
    pub(crate) fn day_of(&self, value: &Value) -> Option<chrono::NaiveDate> {
        match value {
            Value::Time(moment) => Some(moment.with_timezone(&self.chart.offset).date_naive()),
            other => other.as_date(),
        }
    }

    /// What an expression sees now. `states` are those of its `in("…")`, `locals` names such as `line`.
    pub(crate) fn eyes<'r>(&'r self, states: &'r [StateId], locals: &'r [(&'r str, &'r Value)]) -> Eyes<'r> {
        Eyes::new(self, states, locals)
    }

    /// Evaluates an expression of an action.
    pub(crate) fn value_of(&self, expression: &Bound) -> Result<Value, Refusal> {
        expression.eval(&self.eyes(&expression.states, &[]))
    }

    /// Evaluates the condition of an action.
    pub(crate) fn holds(&self, condition: Option<&Bound>) -> Result<bool, Refusal> {
        match condition {
            None => Ok(true),
            Some(bound) => bound.holds(&self.eyes(&bound.states, &[])),
        }
    }

    /// Evaluates an expression with one local name, such as `line`.
    pub(crate) fn value_for(&self, bound: &Bound, name: &str, value: &Value) -> Result<Value, Refusal> {
        bound.eval(&self.eyes(&bound.states, &[(name, value)]))
    }

    /// Evaluates a condition with one local name.
    pub(crate) fn holds_for(
        &self,
        filter: Option<&Bound>,
        name: &str,
        value: &Value,
    ) -> Result<bool, Refusal> {
        match filter {
            None => Ok(true),
            Some(bound) => bound.holds(&self.eyes(&bound.states, &[(name, value)])),
        }
    }

    pub(crate) fn note_entered(&mut self, states: &StateSet) {
        if !self.chart.clocks.is_empty() {
            self.entered.union(states);
        }
    }

    // Inlined, so that it is made where it stays.
    #[inline(always)]
    pub(crate) fn note(&mut self, mut microstep: Microstep) {
        microstep.key = self.at.as_ref().map(|at| at.key.clone());
        self.trace.microsteps.push(microstep);
    }
}
