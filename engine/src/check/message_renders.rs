//! A message that cannot be made from facts as the process has them: tried in every channel and language, with all of
//! its fields and with those alone that every ticket has.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::bundle::{Bundle, LoadedProcess};
use crate::definition::field::{Field, FieldType};
use crate::definition::process::Subject;
use crate::definition::{Action, walk};
use crate::diagnostic::{Diagnostic, Place, Sources, Sp};
use crate::facts::shape::Kind;
use crate::facts::{Map, Value, sample, shape};
use crate::language::Language;
use crate::message::{self, names, names::Unknown};

/// What only a ticket about a device has.
const OF_A_DEVICE: &[&str] = &["device", "product", "policy", "card"];

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    bundle.processes.values().flat_map(|process| of(bundle, process)).collect()
}

/// The messages that a process sends, and the papers that it prints.
fn used<'b>(bundle: &'b Bundle, process: &'b LoadedProcess) -> Vec<&'b str> {
    let printed = |series: &str| {
        let messages = bundle.library.messages.iter();
        let fits = messages.filter(move |(_, one)| one.prints.iter().any(|own| own.value == series));
        fits.map(|(name, _)| name.value.as_str()).collect::<Vec<_>>()
    };
    let own = bundle.library.messages.iter();
    let name = process.definition.process.as_ref().map(|name| name.value.as_str());
    let own = own.filter(|(_, one)| one.of.iter().any(|of| Some(of.value.as_str()) == name));
    let mut used: Vec<&str> = own.map(|(name, _)| name.value.as_str()).collect();
    for action in walk::actions(&process.definition) {
        match action {
            Action::Notify(notify) => used.push(notify.message.value.as_str()),
            Action::Document(document) => used.extend(printed(&document.series.value)),
            Action::Stock(_) => used.extend(alerts(bundle)),
            _ => {}
        }
    }
    used
}

/// The messages that tell what runs short.
fn alerts(bundle: &Bundle) -> impl Iterator<Item = &str> {
    let alerts = bundle.library.messages.iter().filter(|(_, one)| !one.below_minimum.is_empty());
    alerts.map(|(name, _)| name.value.as_str())
}

fn of(bundle: &Bundle, process: &LoadedProcess) -> Vec<Diagnostic> {
    let library = &bundle.library;
    let facts = facts(process);
    let unfilled = unfilled(process, &facts);
    let mut found = Vec::new();
    let mut tried = BTreeSet::new();
    for key in used(bundle, process) {
        let Some(message) = library.messages.get(key).filter(|_| tried.insert(key)) else { continue };
        let mut broken = BTreeSet::new();
        for (part, text) in message::texts(message) {
            for language in Language::ALL {
                let channel = library.templates.channels(key).iter().find(|one| part.starts_with(one.word()));
                let readable = |one| library.templates.is_readable(key, one, language);
                let Some(text) = text.get(language).filter(|_| channel.is_some_and(|one| readable(*one)))
                else {
                    continue;
                };
                for unknown in names::unknown(&text.value, &facts) {
                    broken.insert((part.split('.').next().unwrap_or(part), language.code()));
                    found.push(named(&bundle.sources, text.place, &unknown));
                }
            }
        }
        for channel in library.templates.channels(key) {
            for language in Language::ALL {
                let Some(place) = message::place_of(message, *channel, language) else { continue };
                let told = broken.contains(&(channel.word(), language.code()));
                if told || !library.templates.is_readable(key, *channel, language) {
                    continue;
                }
                let try_with = |(facts, with): &(&Map, &str)| {
                    let reason = library.templates.render(key, *channel, language, facts).err()?;
                    let wrong = Diagnostic::error("AC0505", place, reason.to_string());
                    Some(wrong.label(format!("fails with {with}")))
                };
                let tries = [(&facts, "sample facts"), (&unfilled, "fields that nobody has filled in")];
                let wrong = tries.iter().find_map(try_with);
                found.extend(wrong.map(|wrong| {
                    wrong
                        .help("a text may use the facts and the fields of the process, as far as it has them")
                }));
            }
        }
    }
    found
}

/// A name that is not there, shown where it stands in the text.
fn named(sources: &Sources, text: Place, unknown: &Unknown) -> Diagnostic {
    let place = sources.find(text, &unknown.path).unwrap_or(text);
    Diagnostic::error("AC0505", place, format!("the message names `{}`, which is not there", unknown.path))
        .label("no such fact or field")
        .nearest("fact", &unknown.name, unknown.known.iter().map(String::as_str))
}

fn facts(process: &LoadedProcess) -> Map {
    let mut facts = sample::world();
    facts.insert("item".into(), sample::value("item", Kind::Map(shape::SHORT_PART)));
    if process.definition.subject.as_ref().is_some_and(|subject| subject.value == Subject::Party) {
        facts.extend(OF_A_DEVICE.iter().map(|name| (Arc::from(*name), Value::Null)));
    }
    for (name, field) in process.definition.fields.iter() {
        let value = match field.r#type.value {
            _ if field.of.is_empty() => sample::value(&name.value, shape::field_kind(field)),
            FieldType::Record => record(field),
            _ => Value::List(vec![record(field)]),
        };
        facts.insert(Arc::from(name.value.as_str()), value);
    }
    // An instance's messages know its record.
    for each in walk::states(&process.definition).iter().filter_map(|at| at.state.each.as_ref()) {
        let list = process.definition.fields.get(&each.over.value);
        facts.extend(list.map(|list| (Arc::from(each.r#as.value.as_str()), record(list))));
    }
    facts
}

/// The same facts of a ticket that has only what it had to be opened with.
fn unfilled(process: &LoadedProcess, facts: &Map) -> Map {
    let definition = &process.definition;
    let is_asked = |name: &str, field: &Field| {
        let asked = definition.form.iter().find(|asked| asked.field.value == name);
        field.default.is_some() || asked.is_some_and(|asked| asked.required.unwrap_or(field.required))
    };
    let fields = definition.fields.iter().filter(|(name, field)| !is_asked(&name.value, field));
    let mut facts = facts.clone();
    facts.extend(fields.map(|(name, _)| (Arc::from(name.value.as_str()), Value::Null)));
    facts
}

/// A record, or one of a list, as it might be.
fn record(list: &Field) -> Value {
    let part = |(name, column): (&Sp<String>, &Field)| {
        (Arc::from(name.value.as_str()), sample::value(&name.value, shape::field_kind(column)))
    };
    Value::Map(list.of.iter().map(part).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_text_that_asks_for_what_is_not_there_is_told() {
        super::super::tests::files(
            super::check,
            &[
                (
                    "m.yaml",
                    "messages:\n  a:\n    channels:\n      app: {en: '{{ fault }}', pl: '{{ fualt }}'}\n      sms: {en: '{{ device.serial }}'}\n",
                ),
                (
                    "p.yaml",
                    "process: p\nsubject: party\nfields: {fault: {type: text}}\ninitial: x\nstates:\n  x: {entry: {notify: {to: customer, message: a}}}\n",
                ),
            ],
            "m.yaml:4:40: error[AC0505]: the message names `fualt`, which is not there; a fact with a similar name \
             exists: `fault`\n\
             m.yaml:5:17: error[AC0505]: message `a` cannot be rendered: Field `serial` is not defined; a text may use \
             the facts and the fields of the process, as far as it has them\n",
        );
    }

    #[test]
    fn a_text_that_breaks_on_a_field_that_nobody_has_filled_in_is_told() {
        super::super::tests::files(
            super::check,
            &[
                (
                    "m.yaml",
                    "messages:\n  a:\n    channels:\n      app: {en: '{{ told }} {{ fault }} {% for one in seen %}{{ one }}{% endfor %}'}\n      sms: {en: '{% for one in later %}{{ one }}{% endfor %}'}\n",
                ),
                (
                    "p.yaml",
                    "process: p\nform: [seen]\nfields: {fault: {type: text}, told: {type: date}, seen: {type: list, required: true}, later: {type: list}}\ninitial: x\nstates:\n  x: {entry: {notify: {to: customer, message: a}}}\n",
                ),
            ],
            "m.yaml:5:17: error[AC0505]: message `a` cannot be rendered: Iteration not possible on type `none`; a text \
             may use the facts and the fields of the process, as far as it has them\n",
        );
    }
}
