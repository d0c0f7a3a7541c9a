//! Mermaid's `stateDiagram-v2`.

use std::fmt::Write;

use crate::language::Language;
use crate::statechart::{State, StateId, StateKind, Statechart, Transition};

/// The chart with titles in a language.
pub fn mermaid(chart: &Statechart, language: Language) -> String {
    let mut text = String::from("stateDiagram-v2\n");
    for child in chart.state(StateId::ROOT).children() {
        state(chart, *child, language, 1, &mut text);
    }
    inside(chart, StateId::ROOT, 1, &mut text);
    for transition in chart.transitions() {
        arrow(chart, transition, &mut text);
    }
    text
}

/// A name that Mermaid takes: dots mean something else there.
fn name(state: &State) -> String {
    if state.path.is_empty() { "root".into() } else { state.path.replace('.', "__") }
}

// Writing to a string cannot fail; the results are dropped for that reason alone.
fn state(chart: &Statechart, id: StateId, language: Language, depth: usize, text: &mut String) {
    let one = chart.state(id);
    let pad = "  ".repeat(depth);
    let title = one.title.as_ref().map_or(one.key.as_str(), |title| title.best(language));
    let title = if title.is_empty() { &one.key } else { title };
    let _ = writeln!(text, "{pad}state \"{}\" as {}", title.replace('"', "'"), name(one));
    for rule in chart.invokes(one) {
        let _ = writeln!(text, "{pad}{} : opens {} ({})", name(one), rule.process(), rule.id);
    }
    if let Some(rule) = chart.each(one) {
        let list = chart.fields.get(usize::from(rule.field)).map_or("", |field| &field.name);
        let _ = writeln!(text, "{pad}{} : each {} of {list}", name(one), rule.alias);
    }
    if one.children().is_empty() {
        return;
    }
    let _ = writeln!(text, "{pad}state {} {{", name(one));
    let parallel = matches!(one.kind, StateKind::Parallel { .. });
    for (n, child) in one.children().iter().enumerate() {
        if parallel && n > 0 {
            let _ = writeln!(text, "{pad}  --");
        }
        state(chart, *child, language, depth + 1, text);
    }
    inside(chart, id, depth + 1, text);
    let _ = writeln!(text, "{pad}}}");
}

/// Where a state starts and ends.
fn inside(chart: &Statechart, id: StateId, depth: usize, text: &mut String) {
    let pad = "  ".repeat(depth);
    if let StateKind::Compound { initial, .. } = &chart.state(id).kind {
        for first in initial {
            let _ = writeln!(text, "{pad}[*] --> {}", name(chart.state(*first)));
        }
    }
    for child in chart.state(id).children() {
        if matches!(chart.state(*child).kind, StateKind::Final) {
            let _ = writeln!(text, "{pad}{} --> [*]", name(chart.state(*child)));
        }
    }
}

fn arrow(chart: &Statechart, transition: &Transition, text: &mut String) {
    let source = name(chart.state(transition.source));
    let label = label(transition);
    for target in &transition.targets {
        let target = chart.state(*target);
        // Mermaid has no history states: the arrow goes to the state that remembers.
        let shown = match target.kind {
            StateKind::History { .. } => target.parent.map_or(target, |parent| chart.state(parent)),
            _ => target,
        };
        let remembers = if matches!(target.kind, StateKind::History { .. }) { " (history)" } else { "" };
        let _ = writeln!(text, "  {source} --> {}{label}{remembers}", name(shown));
    }
}

fn label(transition: &Transition) -> String {
    let guards: Vec<String> = transition.guards.iter().map(|guard| clean(guard.when.text())).collect();
    let guards = if guards.is_empty() { String::new() } else { format!(" [{}]", guards.join(" and ")) };
    let event = transition.event.as_deref().map(clean).unwrap_or_default();
    match format!("{event}{guards}").trim() {
        "" => String::new(),
        label => format!(": {label}"),
    }
}

/// Signs that end a label or begin a comment in Mermaid.
fn clean(text: &str) -> String {
    text.replace(['\n', ';'], " ").replace("%%", "%").replace(':', "∶").replace('#', "＃")
}
