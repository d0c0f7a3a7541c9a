//! Definition to statechart: names resolved, defaults filled in, guards and actions bound, all mistakes told at
//! once. The only place that knows both forms.

mod asks;
mod binder;
mod clocks;
mod eaches;
mod fields;
mod foreign;
mod invokes;
mod transitions;
mod tree;

use std::sync::Arc;

use chrono::FixedOffset;

use crate::definition::Process;
use crate::diagnostic::{Diagnostic, Severity, Sources};
use crate::library::Library;
use crate::statechart::{EventTable, State, StateId, StateSet, Statechart};
use crate::step::route;

pub(crate) use asks::mentioned;
pub(crate) use binder::Binder;

/// Compiles a process. With `lenient`, a chart of states and transitions alone will do: nobody is held to
/// roles, and names that nothing declares are taken as they come.
///
/// The chart is there unless something in it cannot run.
pub fn compile(
    process: &Arc<Process>,
    library: &Arc<Library>,
    sources: &Sources,
    lenient: bool,
) -> (Option<Statechart>, Vec<Diagnostic>) {
    let tree = tree::Tree::grow(process);
    let fields = fields::collect(process, lenient);
    let mut binder = Binder::new(library, sources, process, &tree, &fields, lenient);
    let fields = fields::bind(process, fields, &mut binder);
    let form = binder.opening_form(&process.form);
    let guards = binder.guards(&process.guard);
    fields::opening(process, &mut binder);
    let eaches = eaches::bind(process, &tree, &mut binder);
    let mut states: Vec<State> =
        tree.flats().iter().map(|flat| tree::state(flat, &tree, &mut binder)).collect();
    let mut clocks = Vec::new();
    let mut invokes = Vec::new();
    let mut transitions = Vec::new();
    for flat in tree.flats() {
        let hung = transitions::Rules { clocks: &mut clocks, invokes: &mut invokes };
        transitions::bind(flat, &tree, &mut binder, &mut states, &mut transitions, hung);
    }
    clocks::over_process(process, &tree, &mut binder, &mut states, &mut transitions, &mut clocks);
    let asks = asks::of(process, library);
    let output = binder.table(&process.output);
    let opened_by = process.opened_by.iter().map(|role| binder.role(role)).collect();
    let (sent, mut found) = binder.finish();
    found.extend(tree.into_found());
    found.sort_by_key(|diagnostic| diagnostic.place);
    let broken = found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let offset =
        library.company.as_ref().and_then(|company| FixedOffset::east_opt(company.offset_minutes * 60));
    let utc = FixedOffset::east_opt(0);
    let chart = offset.or(utc).filter(|_| !broken).map(|offset| Statechart {
        name: process.process.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
        subject: process.subject.as_ref().map(|subject| subject.value),
        opened_by,
        form,
        guards,
        fields,
        events: EventTable::new(&transitions, &sent, states.len()),
        atomic: those(&states, |state| state.is_atomic() || state.each.is_some()),
        entry_acts: those(&states, State::acts_on_entry),
        exit_acts: those(&states, State::acts_on_exit),
        states,
        transitions,
        clocks,
        invokes,
        eaches,
        output,
        asks,
        offset,
        lenient,
        library: library.clone(),
        definition: process.clone(),
    });
    (chart.map(prepare), found)
}

/// The states of which something is true.
fn those(states: &[State], is: impl Fn(&State) -> bool) -> StateSet {
    let mut set = StateSet::new(states.len());
    (0u16..).zip(states).filter(|(_, state)| is(state)).for_each(|(n, _)| set.insert(StateId(n)));
    set
}

/// Finds what can be known before any ticket runs: where transitions lead, which done events somebody awaits.
fn prepare(mut chart: Statechart) -> Statechart {
    let routes: Vec<_> = chart.transitions.iter().map(|transition| route::find(&chart, transition)).collect();
    for (transition, route) in chart.transitions.iter_mut().zip(routes) {
        transition.route = route;
    }
    for state in &mut chart.states {
        let event = format!("done.state.{}", state.path);
        state.done = chart.events.is_awaited(&event).then(|| event.into());
    }
    chart
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::node::Node;

    #[test]
    fn a_guard_that_is_neither_yes_nor_no_is_told_at_its_place() {
        let text = "initial: a\nstates:\n  a: {on: {go: {guard: charges.customer_owes, target: b}, stay: {guard: charges.customer_owes == 0}}}\n  b: {}\n";
        let mut sources = Sources::default();
        let id = sources.add("chart.yaml", text);
        let process = Arc::new(Node::read(id, text).unwrap().to().unwrap());
        let (chart, found) = compile(&process, &Arc::default(), &sources, true);
        let told: Vec<(&str, u32)> = found.iter().map(|one| (one.code, one.place.unwrap().line)).collect();
        assert_eq!((chart.is_none(), told), (true, vec![("AC0310", 3)]));
    }
}
