//! A done event that cannot come: of a state that is not there, or that nothing inside can end.

use super::charts;
use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::statechart::{StateId, StateKind, Statechart};

const DONE: &str = "done.state.";

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    charts(bundle).flat_map(of).collect()
}

fn of(chart: &Statechart) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for transition in chart.transitions() {
        let words = transition.event.as_deref().unwrap_or_default().split_whitespace();
        for path in words.filter_map(|word| word.strip_prefix(DONE)).filter(|path| !path.contains('*')) {
            let state = if path.is_empty() { Some(StateId::ROOT) } else { chart.state_at(path) };
            let Some(state) = state else {
                let paths =
                    chart.states().iter().map(|state| state.path.as_str()).filter(|path| !path.is_empty());
                let message = format!("unknown state `{path}` in `{DONE}{path}`");
                found.push(
                    Diagnostic::error("AC0104", transition.place, message).nearest("state", path, paths),
                );
                continue;
            };
            if !can_be_done(chart, state) {
                let at = chart.state(state);
                found.push(
                    Diagnostic::error("AC0219", at.place, format!("`{}` is never done", at.path))
                        .label("a transition waits for it to be done")
                        .help("give each region or the state itself a state with `type: final`"),
                );
            }
        }
    }
    found
}

/// Whether a final state lies where it ends the state: one of its children, or one in each region.
fn can_be_done(chart: &Statechart, id: StateId) -> bool {
    let state = chart.state(id);
    match &state.kind {
        // When enough instances have ended stands elsewhere, and so does whether any can.
        _ if state.each.is_some() => true,
        StateKind::Compound { children, .. } => {
            children.iter().any(|child| matches!(chart.state(*child).kind, StateKind::Final))
        }
        StateKind::Parallel { regions, .. } => regions.iter().all(|region| can_be_done(chart, *region)),
        StateKind::Atomic | StateKind::Final | StateKind::History { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_state_that_cannot_be_done_is_told() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: a
states:
  a:
    initial: x
    on_done: {target: end}
    states: {x: {on: {go: {by: [r], target: y}}}, y: {on: {back: {by: [r], target: x}}}}
    on: {done.state.b: end}
  end: {type: final}
",
            "p.yaml:5:3: error[AC0219]: `a` is never done; give each region or the state itself a state with \
             `type: final`\n\
             p.yaml:9:24: error[AC0104]: unknown state `b` in `done.state.b`; a state with a similar name exists: `a`\n",
        );
    }
}
