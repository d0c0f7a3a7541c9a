//! Instances: the states inside one state, run once for each record of a list, side by side as regions are.
//!
//! What is active inside an instance lives apart from the rest. To look at one, or to move it, its part is laid
//! into the configuration, where it is a chart like any other, and taken out again afterwards. A chart without
//! such states never comes here.

mod answer;
mod life;

use std::borrow::Cow;
use std::mem;
use std::sync::Arc;

use crate::facts::{Map, Value};
use crate::statechart::each::{addressed, key_of, split};
use crate::statechart::{Configuration, EachRule, StateId, Statechart};

use super::run::Run;

pub(crate) use answer::answer;
pub(crate) use life::{entered, left, running, settle};

/// The instance that is laid into the configuration.
#[derive(Debug)]
pub(crate) struct At {
    /// Position of its rule.
    pub(crate) rule: u16,
    pub(crate) key: Arc<str>,
    pub(crate) alias: Arc<str>,
    /// Position of the field with the records, and the key's name there.
    field: u16,
    name: Arc<str>,
    /// What is left of the record when it has been taken out of the list: its key.
    gone: Value,
}

impl At {
    fn new(rule: u16, of: &EachRule, key: &Arc<str>) -> Self {
        let gone = Value::Map(Map::from([(of.key.clone(), Value::Text(key.clone()))]));
        let (alias, name) = (of.alias.clone(), of.key.clone());
        Self { rule, key: key.clone(), alias, field: of.field, name, gone }
    }

    fn is(&self, record: &Value) -> bool {
        key_of(record, &self.name).is_some_and(|key| key == self.key)
    }

    /// The instance's record as it is now.
    pub(crate) fn record<'r>(&'r self, run: &'r Run<'_>) -> &'r Value {
        run.field(self.field).as_list().iter().find(|record| self.is(record)).unwrap_or(&self.gone)
    }
}

/// An event's own name, and the instances that it is for.
pub(super) fn address<'e>(chart: &Statechart, event: &'e Arc<str>) -> (Cow<'e, Arc<str>>, Option<Arc<str>>) {
    if chart.eaches.is_empty() {
        return (Cow::Borrowed(event), None);
    }
    match split(event) {
        (_, None) => (Cow::Borrowed(event), None),
        (name, Some(key)) => (Cow::Owned(name.into()), Some(key.into())),
    }
}

/// Whether any instance is in a state. Inside an instance its own states count alone.
pub(super) fn is_in_any(run: &Run<'_>, id: StateId) -> bool {
    let Some(rule) = run.chart.state(id).within else { return false };
    if run.at.as_ref().is_some_and(|at| at.rule == rule) {
        return false;
    }
    let groups = run.configuration.memory.each.iter().filter(|group| group.rule == rule);
    groups.flat_map(|group| &group.instances).any(|instance| instance.active.contains(id))
}

impl Run<'_> {
    /// The key of the instance whose doing this is.
    pub(crate) fn key(&self) -> Option<Arc<str>> {
        self.at.as_ref().filter(|_| self.inside).map(|at| at.key.clone())
    }

    /// What an instance calls its own carries its key: a timer, an event, another ticket.
    pub(crate) fn addressed(&self, name: &str) -> String {
        addressed(name, self.key().as_deref())
    }

    /// From here on a state speaks, be it the instance's or one around it.
    pub(crate) fn speak(&mut self, id: StateId) {
        if self.at.is_some() {
            self.inside = self.chart.state(id).within.is_some();
        }
    }

    /// Changes one part of the record at hand; one that is no longer in the list stays as it was.
    pub(crate) fn set_column(&mut self, name: &Arc<str>, value: Value) {
        let Some(at) = &self.at else { return };
        let field = at.field;
        let mut records = self.field(field).as_list().to_vec();
        let mine = records.iter_mut().find(|record| at.is(record));
        let Some(Value::Map(record)) = mine else { return };
        record.insert(name.clone(), value);
        self.set_field(field, Value::List(records));
    }

    /// The record at hand by its name, for what is made outside the engine.
    pub(crate) fn record(&self) -> Option<(Arc<str>, Value)> {
        let at = self.at.as_ref().filter(|_| self.inside)?;
        Some((at.alias.clone(), at.record(self).clone()))
    }
}

/// Does something with one instance laid into the configuration; nothing if there is none of this key.
pub(crate) fn within<T>(
    run: &mut Run<'_>,
    rule: u16,
    key: &Arc<str>,
    act: impl FnOnce(&mut Run<'_>) -> T,
) -> Option<T> {
    let of = run.chart.eaches.get(usize::from(rule))?;
    let before = (run.at.take(), mem::replace(&mut run.inside, true));
    let is_there = lay_in(run, rule, key);
    let done = is_there.then(|| {
        run.at = Some(At::new(rule, of, key));
        let done = act(run);
        run.at = None;
        take_out(run, rule, of.state, key);
        done
    });
    (run.at, run.inside) = before;
    done
}

fn lay_in(run: &mut Run<'_>, rule: u16, key: &str) -> bool {
    let Configuration { active, memory, .. } = &mut run.configuration;
    let Some(memory) = memory.held() else { return false };
    let Some(group) = memory.each.iter_mut().find(|group| group.rule == rule) else { return false };
    let Some(instance) = group.instances.iter_mut().find(|one| *one.key == *key) else { return false };
    active.union(&mem::take(&mut instance.active));
    if !instance.history.is_empty() {
        memory.history.append(&mut instance.history);
        memory.history.sort_unstable_by_key(|(id, _)| *id);
    }
    memory.clocks.append(&mut instance.clocks);
    memory.invoked.append(&mut instance.invoked);
    run.entered.union(&mem::take(&mut instance.entered));
    true
}

/// Takes the instance's part out again; what is left of one whose state was left meanwhile falls away.
fn take_out(run: &mut Run<'_>, rule: u16, state: StateId, key: &str) {
    let chart = run.chart;
    let (first, end) = (state.0 + 1, chart.state(state).end);
    let configuration = &mut run.configuration;
    let active = configuration.active.between(first, end);
    configuration.active.subtract(&active);
    let entered = run.entered.between(first, end);
    run.entered.subtract(&entered);
    let is_inside = |id: StateId| id.0 >= first && id.0 < end;
    let Some(memory) = configuration.memory.held() else { return };
    let history = memory.history.extract_if(.., |(id, _)| is_inside(*id)).collect();
    let own_clock = |n: u16| chart.clocks.get(usize::from(n)).is_some_and(|clock| clock.within == Some(rule));
    let clocks = memory.clocks.extract_if(.., |clock| own_clock(clock.rule)).collect();
    let own_invoke = |n: u16| chart.invokes.get(usize::from(n)).is_some_and(|one| one.within == Some(rule));
    let invoked = memory.invoked.extract_if(.., |n| own_invoke(*n)).collect();
    let group = memory.each.iter_mut().find(|group| group.rule == rule);
    let instance = group.and_then(|group| group.instances.iter_mut().find(|one| *one.key == *key));
    if let Some(instance) = instance {
        (instance.active, instance.entered) = (active, entered);
        (instance.history, instance.clocks, instance.invoked) = (history, clocks, invoked);
    }
}
