//! Puts whatever a line of `simulate` holds into a ticket with every kind of field.

use std::sync::Arc;

use aftercare_engine::facts::Map;
use aftercare_engine::simulate::{Input, Simulation};
use aftercare_engine::statechart::{Configuration, Statechart};
use chrono::{DateTime, Utc};

use crate::any_run::compiled;

/// A chart that takes every kind of form, and has timers of every kind.
pub const CHART: &str = include_str!("any_line/chart.yaml");

/// Takes each line as an input. What is no input is refused where lines are read; the rest must be answered, and
/// leave a ticket that can be stored.
pub fn feed(lines: &[u8]) {
    let chart = chart();
    let (mut simulation, _) = Simulation::start(Arc::clone(&chart), Map::new(), DateTime::<Utc>::UNIX_EPOCH);
    for line in lines.split(|byte| *byte == b'\n') {
        let Ok(input) = serde_json::from_slice::<Input>(line) else { continue };
        let before = simulation.configuration().clone();
        let moves_clock = input.at.is_some();
        let output = simulation.input(input);
        let after = simulation.configuration();
        if !moves_clock && matches!(output.outcome, "ignored" | "refused") {
            assert!(&before == after, "what was refused changed something");
        }
        let stored = after.store(&chart);
        let restored = Configuration::restore(&chart, &stored);
        assert!(restored.as_ref() == Ok(after), "stored and restored it is another: {restored:?}");
    }
}

fn chart() -> Arc<Statechart> {
    compiled(CHART).expect("the chart of the tests compiles")
}
