//! Diagnostics as people read them in a terminal: the look of rustc, or one line each.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity, Sources};

/// Whether the terminal shows colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Plain,
    Ansi,
}

/// Every diagnostic with its piece of the file, a caret and the help, then a line with the counts.
pub fn full(found: &[Diagnostic], sources: &Sources, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Plain => Renderer::plain(),
        Colour::Ansi => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut text = String::new();
    for one in found {
        text.push_str(&renderer.render(&[group(one, sources)]));
        text.push_str("\n\n");
    }
    text.push_str(&summary(found));
    text
}

fn group<'a>(one: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match one.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(&one.message).id(one.code));
    if let Some(place) = one.place {
        let source = sources.text(place.source);
        let start = (place.start as usize).min(source.len());
        let end = (start + place.len as usize).min(source.len());
        // A place inside a character would only come from a reader's mistake; show the line all the same.
        let span =
            if source.is_char_boundary(start) && source.is_char_boundary(end) { start..end } else { 0..0 };
        let mark = AnnotationKind::Primary.span(span).label(&one.label);
        group = group.element(Snippet::source(source).path(sources.path(place.source)).annotation(mark));
    }
    match &one.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}

/// One line each: `path:line:column: error[AC0011]: message; help`.
pub fn short(found: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    for one in found {
        let severity = match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        if let Some(place) = one.place {
            text.push_str(&format!("{}:{}:{}: ", sources.path(place.source), place.line, place.column));
        }
        text.push_str(&format!("{severity}[{}]: {}", one.code, one.message));
        if let Some(help) = &one.help {
            text.push_str(&format!("; {help}"));
        }
        text.push('\n');
    }
    text
}

/// `2 errors, 1 warning`, or that all is well.
pub fn summary(found: &[Diagnostic]) -> String {
    let errors = found.iter().filter(|one| one.severity == Severity::Error).count();
    let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    match (errors, found.len() - errors) {
        (0, 0) => "no problems\n".into(),
        (errors, warnings) => format!("{}, {}\n", plural(errors, "error"), plural(warnings, "warning")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Place;

    #[test]
    fn a_diagnostic_looks_like_a_compilers() {
        let mut sources = Sources::default();
        let source = sources.add("workflows/repair.yaml", "states:\n  a: {target: diagnosd}\n");
        let place = Place { source, line: 2, column: 15, start: 22, len: 8 };
        let found = Diagnostic::error("AC0102", place, "unknown transition target `diagnosd`")
            .label("no such state")
            .nearest("state", "diagnosd", ["diagnosed", "closed"]);
        let expected = "\
error[AC0102]: unknown transition target `diagnosd`
 --> workflows/repair.yaml:2:15
  |
2 |   a: {target: diagnosd}
  |               ^^^^^^^^ no such state
  |
  = help: a state with a similar name exists: `diagnosed`

1 error, 0 warnings
";
        assert_eq!(full(std::slice::from_ref(&found), &sources, Colour::Plain), expected);
        assert!(full(std::slice::from_ref(&found), &sources, Colour::Ansi).contains("\u{1b}["));
        assert_eq!(
            short(&[found], &sources),
            "workflows/repair.yaml:2:15: error[AC0102]: unknown transition target `diagnosd`; a state with a \
             similar name exists: `diagnosed`\n"
        );
    }
}
