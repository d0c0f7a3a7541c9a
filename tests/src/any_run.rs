//! Drives any chart with any inputs and holds the answers against what must be true of each.

use std::collections::BTreeSet;
use std::sync::Arc;

use aftercare_engine::bundle;
use aftercare_engine::compile;
use aftercare_engine::definition::Process;
use aftercare_engine::definition::node::Node;
use aftercare_engine::diagnostic::Sources;
use aftercare_engine::effect::{Child, Effect};
use aftercare_engine::facts::Map;
use aftercare_engine::simulate::{Input, Output, Simulation};
use aftercare_engine::statechart::each::split;
use aftercare_engine::statechart::{Configuration, StateId, StateKind, StateSet, Statechart};
use aftercare_engine::step::invoke::answered;
use chrono::{DateTime, TimeDelta, Utc};

use crate::any_chart::{self, Dice};

/// Longest sequence of inputs.
const INPUTS: usize = 25;

/// Makes a chart and inputs out of bytes and runs them twice.
pub fn drive(bytes: &[u8]) {
    let mut dice = Dice::new(bytes);
    let text = any_chart::chart(&mut dice);
    let Some(chart) = compiled(&text) else { return };
    let mut inputs = Vec::new();
    while inputs.len() < INPUTS && dice.is_left() {
        inputs.push(any_chart::input(&mut dice));
    }
    let first = driven(&chart, &inputs);
    let second = driven(&chart, &inputs);
    assert!(first == second, "the same inputs have two answers: {text}");
}

/// Reads and compiles a chart; nothing if it is refused.
pub fn compiled(text: &str) -> Option<Arc<Statechart>> {
    let mut sources = Sources::default();
    let source = sources.add("chart.yaml", text);
    let tree = Node::read(source, text).unwrap_or_else(|why| panic!("{}: {text}", why.message));
    let process: Process = tree.to().unwrap_or_else(|why| panic!("{}: {text}", why.message));
    let (chart, found) = compile::compile(&Arc::new(process), &Arc::default(), &sources, true);
    chart.filter(|_| !bundle::has_errors(&found)).map(Arc::new)
}

fn driven(chart: &Arc<Statechart>, inputs: &[(Option<&'static str>, i64)]) -> Vec<Output> {
    let mut now = DateTime::<Utc>::UNIX_EPOCH;
    let (mut simulation, output) = Simulation::start(Arc::clone(chart), Map::new(), now);
    if output.outcome == "refused" {
        // The first entry never ends: such a ticket cannot be opened.
        return vec![output];
    }
    check(chart, simulation.configuration());
    let mut awaited = BTreeSet::new();
    listen(&mut awaited, &output);
    let mut outputs = vec![output];
    for (event, seconds) in inputs {
        now += TimeDelta::seconds(*seconds);
        let input = Input { event: event.map(str::to_owned), at: Some(now), ..Input::default() };
        let before = simulation.configuration().clone();
        let output = simulation.input(input);
        check(chart, simulation.configuration());
        // What came due while time passed has its own outcome, which is not told.
        if *seconds == 0 && matches!(output.outcome, "ignored" | "refused") {
            assert!(&before == simulation.configuration(), "what was refused changed something");
        }
        // Without such an invoke in the chart it is an event like any other.
        let has = |id: &&str| {
            // Where nothing has instances a key is part of the name.
            let has_instances = chart.states().iter().any(|state| state.each.is_some());
            let id = &if has_instances { split(id).0 } else { *id };
            chart.states().iter().flat_map(|state| chart.invokes(state)).any(|rule| rule.id == *id)
        };
        let heard = matches!(output.outcome, "moved" | "finished");
        if let Some(id) = event.and_then(answered).filter(has).filter(|_| heard) {
            assert!(awaited.remove(id), "an answer is heard that nobody waits for: `{id}`");
        }
        listen(&mut awaited, &output);
        is_awaited(chart, simulation.configuration(), &awaited);
        outputs.push(output);
    }
    outputs
}

/// Follows which tickets are opened and given up: none twice.
fn listen(awaited: &mut BTreeSet<String>, output: &Output) {
    for effect in &output.effects {
        match effect {
            Effect::Child(Child::Open(opening)) => {
                assert!(awaited.insert(opening.name().to_owned()), "`{}` is opened twice", opening.name());
            }
            Effect::Child(Child::Cancel { invoke }) => {
                assert!(awaited.remove(invoke), "`{invoke}` is given up that nobody waits for");
            }
            _ => {}
        }
    }
}

/// Whoever is awaited was opened and not given up, and the state that waits is active.
fn is_awaited(chart: &Statechart, configuration: &Configuration, awaited: &BTreeSet<String>) {
    let open: BTreeSet<String> = chart.awaited(configuration).into_iter().map(Into::into).collect();
    assert!(open == *awaited, "{open:?} are awaited, but {awaited:?} were opened");
    let all = configuration.all_active();
    let active = all.iter().map(|id| chart.state(id));
    let waiting: BTreeSet<&str> =
        active.flat_map(|state| chart.invokes(state)).map(|rule| rule.id.as_str()).collect();
    let ended = configuration.is_finished();
    let has_state = |id: &String| !ended && waiting.contains(split(id).0);
    assert!(open.iter().all(has_state), "{open:?} have no active state");
}

/// SCXML 3.11, written apart from the engine's own check; and storing loses nothing.
fn check(chart: &Statechart, configuration: &Configuration) {
    let active = configuration.active();
    assert!(active.contains(StateId::ROOT), "the process itself is not active");
    legal(chart, active, None);
    for id in active.iter() {
        let mut keys = BTreeSet::new();
        for (key, inside) in configuration.instances_of(chart, id) {
            assert!(keys.insert(key), "two instances of `{}` have the key `{key}`", chart.state(id).path);
            legal(chart, inside, Some(id));
        }
    }
    let stored = configuration.store(chart);
    let restored = Configuration::restore(chart, &stored);
    assert!(restored.as_ref() == Ok(configuration), "stored and restored it is another: {restored:?}");
}

/// One child of each compound state, all regions of a parallel one; of one instance what lies inside its state.
fn legal(chart: &Statechart, active: &StateSet, instance_of: Option<StateId>) {
    if let Some(of) = instance_of {
        let begun = chart.state(of).children().iter().filter(|child| active.contains(**child)).count();
        assert!(begun == 1, "an instance of `{}` has {begun} active children", chart.state(of).path);
    }
    for id in active.iter() {
        let state = chart.state(id);
        assert!(
            state.within.is_some() == instance_of.is_some(),
            "`{}` is active where it does not belong",
            state.path
        );
        if let Some(parent) = state.parent.filter(|parent| Some(*parent) != instance_of) {
            assert!(active.contains(parent), "`{}` is active without its parent", state.path);
        }
        if state.each.is_some() {
            let none = state.children().iter().all(|child| !active.contains(*child));
            assert!(none, "what is inside `{}` is active without an instance", state.path);
            continue;
        }
        let inside = state.children().iter().filter(|child| active.contains(**child)).count();
        match &state.kind {
            StateKind::Compound { .. } => {
                assert!(inside == 1, "`{}` has {inside} active children", state.path)
            }
            StateKind::Parallel { regions, .. } => {
                assert!(inside == regions.len(), "`{}` has {inside} active regions", state.path);
            }
            StateKind::History { .. } => panic!("the history `{}` is active", state.path),
            StateKind::Atomic | StateKind::Final => {}
        }
    }
}
