//! Progress that goes down on the way: the customer would see the work going backwards.

use super::charts;
use crate::bundle::Bundle;
use crate::definition::process::Category;
use crate::diagnostic::Diagnostic;
use crate::statechart::{StateId, StateKind, Statechart};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    charts(bundle).flat_map(of).collect()
}

fn of(chart: &Statechart) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for transition in chart.transitions() {
        let [target] = transition.targets.as_slice() else { continue };
        let target = settle(chart, *target);
        // The main path goes on in the file; what leads back up is rework, and a cancelled end is no progress.
        let forward = target > transition.source;
        let ended = chart.state(target).category == Some(Category::Cancelled);
        let (Some(before), Some(after)) = (progress(chart, transition.source), progress(chart, target))
        else {
            continue;
        };
        if forward && !ended && after < before {
            let (from, to) = (&chart.state(transition.source).path, &chart.state(target).path);
            found.push(Diagnostic::warning(
                "AC0216",
                chart.state(target).place,
                format!("progress falls from {before} in `{from}` to {after} in `{to}`"),
            ));
        }
    }
    found
}

/// A state's own percentage or that of the nearest state around it.
fn progress(chart: &Statechart, id: StateId) -> Option<u8> {
    std::iter::once(id).chain(chart.ancestors(id)).find_map(|id| chart.state(id).progress)
}

fn settle(chart: &Statechart, mut id: StateId) -> StateId {
    while let StateKind::Compound { initial, .. } = &chart.state(id).kind {
        match initial.as_slice() {
            [one] => id = *one,
            _ => return id,
        }
    }
    id
}

#[cfg(test)]
mod tests {
    #[test]
    fn progress_that_falls_on_the_way_on_is_told_and_rework_is_not() {
        super::super::tests::check(
            super::check,
            "
process: p
initial: a
states:
  a: {progress: 10, on: {go: {target: b, by: [x]}}}
  b: {progress: 60, on: {go: {target: c, by: [x]}, again: {target: a, by: [x]}, stop: {target: d, by: [x]}}}
  c: {progress: 50, on: {go: {target: d, by: [x]}}}
  d: {type: final, progress: 0, category: cancelled}
",
            "p.yaml:7:3: warning[AC0216]: progress falls from 60 in `b` to 50 in `c`\n",
        );
    }
}
