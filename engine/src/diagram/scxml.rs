//! SCXML, as the W3C recommendation of 2015 has it. Guards and assignments keep their own expression language,
//! named in `datamodel`; effects are left out, since SCXML has no word for them. It has none for a state whose inside
//! runs once for each record of a list, either: a comment says so, and the document is about one record.

use std::fmt::Write;

use crate::statechart::{StateId, StateKind, Statechart, Transition};

/// The chart as an SCXML document.
pub fn scxml(chart: &Statechart) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let root = chart.state(StateId::ROOT);
    let name =
        if chart.name.is_empty() { String::new() } else { format!(" name=\"{}\"", escape(&chart.name)) };
    let initial = match &root.kind {
        StateKind::Compound { initial, .. } => format!(" initial=\"{}\"", ids(chart, initial)),
        _ => String::new(),
    };
    let space = "http://www.w3.org/2005/07/scxml";
    // Writing to a string cannot fail; so everywhere below.
    let _ = writeln!(text, "<scxml xmlns=\"{space}\" version=\"1.0\" datamodel=\"rhai\"{name}{initial}>");
    inside(chart, StateId::ROOT, 1, &mut text);
    text.push_str("</scxml>\n");
    text
}

fn state(chart: &Statechart, id: StateId, depth: usize, text: &mut String) {
    let one = chart.state(id);
    let pad = "  ".repeat(depth);
    let (tag, attributes) = match &one.kind {
        StateKind::Atomic => ("state", String::new()),
        StateKind::Compound { initial, .. } => ("state", format!(" initial=\"{}\"", ids(chart, initial))),
        StateKind::Parallel { .. } => ("parallel", String::new()),
        StateKind::Final => ("final", String::new()),
        StateKind::History { deep, default, .. } => {
            let kind = if *deep { "deep" } else { "shallow" };
            let path = escape(&one.path);
            let _ = writeln!(text, "{pad}<history id=\"{path}\" type=\"{kind}\">");
            if !default.is_empty() {
                let _ = writeln!(text, "{pad}  <transition target=\"{}\"/>", ids(chart, default));
            }
            let _ = writeln!(text, "{pad}</history>");
            return;
        }
    };
    let _ = writeln!(text, "{pad}<{tag} id=\"{}\"{attributes}>", escape(&one.path));
    inside(chart, id, depth + 1, text);
    let _ = writeln!(text, "{pad}</{tag}>");
}

fn inside(chart: &Statechart, id: StateId, depth: usize, text: &mut String) {
    let one = chart.state(id);
    if let Some(rule) = chart.each(one) {
        let list = chart.fields.get(usize::from(rule.field)).map_or("", |field| &field.name);
        let said = format!("once for each {} of {list}, side by side; SCXML has no such thing", rule.alias);
        // Two hyphens would end the comment.
        let _ = writeln!(text, "{}<!-- {} -->", "  ".repeat(depth), escape(&said).replace("--", "- -"));
    }
    for rule in chart.invokes(one) {
        let (id, process) = (escape(&rule.id), escape(rule.process()));
        let pad = "  ".repeat(depth);
        let _ = writeln!(text, "{pad}<invoke id=\"{id}\" src=\"{process}\"/>");
    }
    for transition in one.transitions().filter_map(|id| chart.transition(id)) {
        arrow(chart, transition, depth, text);
    }
    for child in one.history().iter().chain(one.children()) {
        state(chart, *child, depth, text);
    }
}

fn arrow(chart: &Statechart, transition: &Transition, depth: usize, text: &mut String) {
    let mut attributes = String::new();
    if let Some(event) = &transition.event {
        let _ = write!(attributes, " event=\"{}\"", escape(event));
    }
    let guards: Vec<&str> = transition.guards.iter().map(|guard| guard.when.text()).collect();
    if !guards.is_empty() {
        let all = if guards.len() == 1 { guards.concat() } else { format!("({})", guards.join(") && (")) };
        let _ = write!(attributes, " cond=\"{}\"", escape(&all));
    }
    if transition.internal {
        attributes.push_str(" type=\"internal\"");
    }
    if !transition.targets.is_empty() {
        let _ = write!(attributes, " target=\"{}\"", ids(chart, &transition.targets));
    }
    let _ = writeln!(text, "{}<transition{attributes}/>", "  ".repeat(depth));
}

fn ids(chart: &Statechart, states: &[StateId]) -> String {
    states.iter().map(|id| escape(&chart.state(*id).path)).collect::<Vec<_>>().join(" ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::compile::compile;
    use crate::definition::node::Node;
    use crate::diagnostic::Sources;
    use crate::language::Language;

    const CHART: &str = "
initial: work
states:
  work:
    initial: a
    states:
      back: {type: history, history: deep, target: a}
      a: {on: {go: {target: b, guard: 'data.n > 1'}}}
      b: {type: final}
    on: {pause: rest}
    invoke: {id: help, process: helping, on_done: rest, on_error: rest}
    on_done: {target: over}
  rest: {on: {resume: work.back}}
  over: {type: final}
";

    fn chart() -> Statechart {
        let mut sources = Sources::default();
        let id = sources.add("chart.yaml", CHART);
        let process = Arc::new(Node::read(id, CHART).unwrap().to().unwrap());
        compile(&process, &Arc::default(), &sources, true).0.unwrap()
    }

    #[test]
    fn scxml_has_states_history_and_guards() {
        let text = scxml(&chart());
        for piece in [
            "initial=\"work\">",
            "<state id=\"work\" initial=\"work.a\">",
            "<history id=\"work.back\" type=\"deep\">",
            "<transition event=\"go\" cond=\"data.n &gt; 1\" target=\"work.b\"/>",
            "<final id=\"over\">",
            "event=\"done.state.work\"",
            "<invoke id=\"help\" src=\"helping\"/>",
            "event=\"error.invoke.help\" target=\"rest\"",
        ] {
            assert!(text.contains(piece), "`{piece}` is missing in\n{text}");
        }
    }

    #[test]
    fn mermaid_nests_states_and_shows_history_at_its_state() {
        let text = crate::diagram::mermaid(&chart(), Language::En);
        for piece in [
            "stateDiagram-v2\n",
            "state work {",
            "[*] --> work__a",
            "work : opens helping (help)",
            "work --> rest: done.invoke.help",
            "work__a --> work__b: go [data.n > 1]",
            "rest --> work: resume (history)",
            "over --> [*]",
        ] {
            assert!(text.contains(piece), "`{piece}` is missing in\n{text}");
        }
    }
}
