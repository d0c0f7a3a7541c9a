//! A text that people read and that is not there in all four languages.

use crate::bundle::Bundle;
use crate::definition::{Translated, walk};
use crate::diagnostic::{Diagnostic, Place};
use crate::language::Language;
use crate::message;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for process in bundle.processes.values() {
        for at in walk::texts(&process.definition) {
            found.extend(missing(&at.what, at.text, at.place));
        }
        let untitled = walk::untitled(&process.definition).into_iter();
        found.extend(untitled.filter_map(|(what, place)| missing(&what, &Translated::default(), place)));
    }
    let library = &bundle.library;
    for (key, message) in library.messages.iter() {
        for (part, text) in message::texts(message) {
            found.extend(missing(&format!("`{part}` of message `{}`", key.value), text, key.place));
        }
        found.extend(
            message.title.iter().filter_map(|title| {
                missing(&format!("the title of message `{}`", key.value), title, key.place)
            }),
        );
        found.extend(message.signatures.iter().filter_map(|signed| {
            missing(&format!("a signature of message `{}`", key.value), signed, key.place)
        }));
    }
    for (key, text) in library.reasons.iter() {
        found.extend(missing(&format!("reason `{}`", key.value), text, key.place));
    }
    for (key, role) in library.roles.iter() {
        found.extend(missing(&format!("role `{}`", key.value), &role.title, key.place));
    }
    for (name, run) in &library.runs {
        found.extend(missing(&format!("run `{name}`"), &run.title, run.place));
    }
    for (name, closing) in &library.closings {
        let texts = closing.texts();
        found.extend(
            texts.filter_map(|(what, text)| missing(&format!("the {what} of `{name}`"), text, closing.place)),
        );
    }
    found.extend(library.texts.iter().filter_map(|own| missing(&own.what, &own.text, own.place)));
    found
}

fn missing(what: &str, text: &Translated, place: Place) -> Option<Diagnostic> {
    let empty = |language: &Language| text.get(*language).is_none_or(|text| text.value.trim().is_empty());
    let missing: Vec<&str> = Language::ALL.into_iter().filter(empty).map(Language::code).collect();
    let first = Language::ALL.into_iter().find_map(|language| text.get(language));
    (!missing.is_empty()).then(|| {
        let place = first.map_or(place, |text| text.place);
        Diagnostic::error("AC0501", place, format!("{what} is missing in `{}`", missing.join("`, `")))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_text_that_lacks_a_language_is_told() {
        super::super::tests::files(
            super::check,
            &[
                (
                    "p.yaml",
                    "process: p\ntitle: {en: a, fa: b, zh: c, pl: d}\ninitial: x\nstates:\n  x: {title: {en: X, zh: ' '}}\n",
                ),
                ("reasons.yaml", "reasons:\n  late: {}\n"),
            ],
            "p.yaml:5:19: error[AC0501]: state `x` is missing in `fa`, `zh`, `pl`\n\
             reasons.yaml:2:3: error[AC0501]: reason `late` is missing in `en`, `fa`, `zh`, `pl`\n",
        );
    }
}
