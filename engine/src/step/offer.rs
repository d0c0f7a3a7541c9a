//! What may be done now, by whom, and why not.

use std::sync::Arc;

use crate::definition::field::FieldType;
use crate::facts::{Facts, Value};
use crate::statechart::each::addressed;
use crate::statechart::{Configuration, FormEntry, StateId, Statechart, Transition};

use super::run::Run;
use super::{Reason, each};

/// A step that people or programs can send in this configuration.
#[derive(Clone, Debug)]
pub struct Offer<'a> {
    pub event: &'a str,
    /// The instance that offers it; its event is then sent as `event@KEY`.
    pub instance: Option<Instance>,
    pub transition: &'a Transition,
    /// State that offers it.
    pub source: StateId,
    pub form: &'a [FormEntry],
    /// What its form begins with, in the order of the form; empty where the step cannot be taken.
    pub begins: Vec<Value>,
    /// Whether this actor has a role for it, and is in charge where the role asks for that.
    pub allowed: bool,
    /// Why it would be refused now, whatever the form brings; empty: it can be taken.
    pub refused: Vec<Reason>,
}

/// One of the instances of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub key: Arc<str>,
    /// What people call it.
    pub label: String,
}

impl Offer<'_> {
    /// The event as it is sent.
    pub fn name(&self) -> String {
        addressed(self.event, self.instance.as_ref().map(|one| &*one.key))
    }
}

/// Every step of the active states, inner ones first, as this actor finds them. Guards that look at the form
/// are not asked: what they say is known when the form is filled in.
pub fn offers<'a>(chart: &'a Statechart, configuration: &Configuration, facts: &Facts) -> Vec<Offer<'a>> {
    if configuration.is_finished() {
        return Vec::new();
    }
    let mut run = Run::new(chart, facts, configuration.clone());
    let mut offers: Vec<Offer<'a>> = Vec::new();
    for (rule, key) in each::running(&run) {
        each::within(&mut run, rule, &key, |run| {
            let instance = Instance { key: key.clone(), label: label(run, rule, &key) };
            let inside = |id: &StateId| chart.state(*id).within == Some(rule);
            let states = run.configuration.active().iter().filter(inside).collect();
            of(chart, run, states, Some(&instance), &mut offers);
        });
    }
    of(chart, &run, configuration.active().iter().collect(), None, &mut offers);
    offers
}

/// The steps of some states, inner ones first.
fn of<'a>(
    chart: &'a Statechart,
    run: &Run<'_>,
    states: Vec<StateId>,
    instance: Option<&Instance>,
    offers: &mut Vec<Offer<'a>>,
) {
    for source in states.into_iter().rev() {
        for transition in chart.state(source).on.iter().filter_map(|id| chart.transition(*id)) {
            let Some(event) = transition.event.as_deref().filter(|_| transition.is_step()) else { continue };
            let instance = instance.cloned();
            offers.push(Offer { instance, ..offer(run, event, source, transition) });
        }
    }
}

/// What people call an instance: its key when nothing better can be said.
fn label(run: &Run<'_>, rule: u16, key: &str) -> String {
    let label = run.chart.eaches.get(usize::from(rule)).and_then(|rule| rule.label.as_ref());
    let said = label.and_then(|label| run.value_of(label).ok()).filter(|said| !said.is_null());
    said.map_or_else(|| key.to_owned(), |said| said.to_string())
}

fn offer<'a>(run: &Run<'_>, event: &'a str, source: StateId, transition: &'a Transition) -> Offer<'a> {
    let mut refused: Vec<Reason> = super::select::not_allowed(run, transition).into_iter().collect();
    let allowed = refused.is_empty();
    for guard in &transition.guards {
        let asks_form = guard.when.reads().iter().any(|path| depends_on_form(run, &transition.form, path));
        if !asks_form {
            match guard.when.holds(&run.eyes(&guard.states, &[])) {
                Ok(true) => {}
                Ok(false) => refused.push(super::select::not_met(run, guard)),
                Err(error) => refused.extend(super::run::Refusal::from(error).0),
            }
        }
    }
    let mut begins = Vec::new();
    if refused.is_empty() {
        let value = |entry: &FormEntry| {
            let found = entry.from.as_ref().map(|from| run.value_of(from)).transpose()?.unwrap_or_default();
            Ok::<_, super::run::Refusal>(
                run.chart.asked(entry).map_or(Value::Null, |field| field.decode(found)),
            )
        };
        match transition.form.iter().map(value).collect() {
            Ok(values) => begins = values,
            Err(super::run::Refusal(reasons)) => refused = reasons,
        }
    }
    Offer { event, instance: None, transition, source, form: &transition.form, begins, allowed, refused }
}

/// Whether a fact is only known when the form is filled in: what it brings, or whom it names.
fn depends_on_form(run: &Run<'_>, form: &[FormEntry], path: &str) -> bool {
    let head = path.split('.').next().unwrap_or(path);
    let names_one = |entry: &FormEntry| {
        let field = run.chart.asked(entry).and_then(|field| field.field.as_ref());
        field.is_some_and(|field| matches!(field.r#type.value, FieldType::Agency | FieldType::Partner))
    };
    head == "data" || (head == "agency" && form.iter().any(names_one))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::compile::compile;
    use crate::definition::node::Node;
    use crate::diagnostic::Sources;
    use crate::facts::{Actor, Map};
    use crate::step;

    #[test]
    fn a_guard_over_the_agency_that_the_form_names_is_not_held_against_the_offer() {
        let text = r#"
fields: {shop: {type: agency}, ready: {type: flag, default: false}}
initial: a
states:
  a:
    on:
      hand_over: {by: [clerk], form: [shop], guard: 'agency.status == "active"', target: b}
      finish: {by: [clerk], form: [shop], guard: ready, target: b}
  b: {}
"#;
        let mut sources = Sources::default();
        let id = sources.add("chart.yaml", text);
        let process = Arc::new(Node::read(id, text).unwrap().to().unwrap());
        let (chart, found) = compile(&process, &Arc::default(), &sources, true);
        assert!(found.is_empty(), "{found:#?}");
        let chart = chart.unwrap();
        let mut facts = Facts::new(chrono::DateTime::UNIX_EPOCH, Actor::role("clerk"));
        facts.give(&chart, Map::new());
        let decision = step::start(&chart, &facts);
        facts.apply(&chart, &decision);
        let offers = offers(&chart, &decision.configuration, &facts);
        let refused: Vec<(&str, usize)> =
            offers.iter().map(|offer| (offer.event, offer.refused.len())).collect();
        assert_eq!(refused, [("hand_over", 0), ("finish", 1)]);
    }
}
