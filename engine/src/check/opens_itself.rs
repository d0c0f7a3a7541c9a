//! Tickets that open one another before anybody has done anything: there would be no end to it.

use std::collections::{BTreeMap, BTreeSet};

use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::effect::Action;
use crate::statechart::{StateId, StateKind, StateSet, Statechart, Transition};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let opened: BTreeMap<&str, BTreeSet<&str>> = bundle
        .processes
        .iter()
        .filter_map(|(name, process)| Some((name.as_str(), opened_at_once(process.chart.as_deref()?))))
        .collect();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for (name, process) in &bundle.processes {
        let Some(circle) = circle(name, &opened).filter(|_| !told.contains(name.as_str())) else { continue };
        told.extend(circle.iter().copied());
        let place = process.definition.process.as_ref().map(|name| name.place).unwrap_or_default();
        let message = format!("opening a ticket of `{name}` never ends");
        let way = circle.join("` → `");
        found.push(
            Diagnostic::error("AC0808", place, message)
                .label("its tickets open one another")
                .help(format!("`{way}`: let one of them wait for something before it opens the next")),
        );
    }
    found
}

/// The way from a process back to it.
fn circle<'n>(start: &'n str, opened: &BTreeMap<&'n str, BTreeSet<&'n str>>) -> Option<Vec<&'n str>> {
    let mut seen = BTreeSet::new();
    let mut open = vec![vec![start]];
    while let Some(way) = open.pop() {
        let last = way.last().copied().unwrap_or(start);
        for next in opened.get(last).into_iter().flatten() {
            let longer = [way.as_slice(), &[*next]].concat();
            if *next == start {
                return Some(longer);
            }
            if seen.insert(*next) {
                open.push(longer);
            }
        }
    }
    None
}

/// Processes whose tickets are opened in the first step, whatever the facts.
fn opened_at_once(chart: &Statechart) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for id in at_once(chart).iter() {
        let state = chart.state(id);
        names.extend(chart.invokes(state).map(|rule| rule.process()));
        let always = state.transitions().filter_map(|id| chart.transition(id));
        let actions = always.filter(|one| one.event.is_none()).flat_map(|one| &one.actions);
        names.extend(state.entry.iter().chain(actions).filter_map(opens));
    }
    names
}

fn opens(action: &Action) -> Option<&str> {
    match action {
        Action::Open(open) => Some(open.request.process.as_str()),
        _ => None,
    }
}

/// States that can be entered in the first step. Guards are taken to hold.
fn at_once(chart: &Statechart) -> StateSet {
    let mut entered = chart.no_states();
    let mut open = vec![StateId::ROOT];
    while let Some(id) = open.pop() {
        if entered.contains(id) {
            continue;
        }
        entered.insert(id);
        let state = chart.state(id);
        match &state.kind {
            StateKind::Compound { initial, .. } => open.extend(initial),
            StateKind::Parallel { regions, .. } => open.extend(regions),
            StateKind::History { default, .. } => open.extend(default),
            StateKind::Atomic | StateKind::Final => {}
        }
        let eventless = |one: &&Transition| one.event.is_none();
        let always = state.transitions().filter_map(|id| chart.transition(id)).filter(eventless);
        open.extend(always.flat_map(|one| one.targets.iter().copied()));
        open.extend(chart.ancestors(id));
    }
    entered
}

#[cfg(test)]
mod tests {
    fn told(waits: bool) -> String {
        let second = if waits { "on: {go: {by: [x], target: c}}" } else { "always: c" };
        let files = [
            ("p.yaml".to_owned(), "process: p\ninitial: a\nstates: {a: {entry: [{open: {process: q, link: more}}], on: {go: {by: [x], target: b}}}, b: {type: final}}\n".to_owned()),
            ("q.yaml".to_owned(), format!("process: q\ninitial: b\nstates: {{b: {{{second}}}, c: {{invoke: {{id: back, process: p, on_done: d, on_error: d}}}}, d: {{type: final}}}}\n")),
        ];
        let (bundle, _) = crate::bundle::load_lenient(files.to_vec());
        crate::diagnostic::render::short(&super::check(&bundle), &bundle.sources)
    }

    #[test]
    fn tickets_that_open_one_another_at_once_are_told() {
        assert_eq!(
            told(false),
            "p.yaml:1:10: error[AC0808]: opening a ticket of `p` never ends; `p` → `q` → `p`: let one of them wait for \
             something before it opens the next\n"
        );
        assert_eq!(told(true), "");
    }
}
