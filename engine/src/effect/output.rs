//! What a finished ticket gives to the ticket that waits for it.

use crate::effect::Effect;
use crate::facts::Map;
use crate::step::run::{Refusal, Run};

/// Works it out, when the process says what it is.
pub(crate) fn give(run: &mut Run<'_>) -> Result<(), Refusal> {
    let chart = run.chart;
    if chart.output.is_empty() {
        return Ok(());
    }
    let mut output = Map::new();
    for (name, expression) in &chart.output {
        output.insert(name.clone(), run.value_of(expression)?);
    }
    run.effects.push(Effect::Output(output));
    Ok(())
}
