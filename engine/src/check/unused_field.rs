//! A field that nobody fills in, or that stands nowhere at all.

use std::collections::BTreeSet;

use crate::bundle::{Bundle, LoadedProcess};
use crate::compile::mentioned;
use crate::definition::action::Action;
use crate::definition::walk;
use crate::diagnostic::Diagnostic;

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    bundle.processes.values().flat_map(|process| of(bundle, process)).collect()
}

fn of(bundle: &Bundle, process: &LoadedProcess) -> Vec<Diagnostic> {
    let written = written(process);
    // A name that is also something else counts as read: a finding must be sure.
    let read = mentioned(&process.definition, &bundle.library);
    let mut found = Vec::new();
    for (name, field) in process.definition.fields.iter() {
        let is_read = read.contains(name.value.as_str());
        let message = match (written.contains(name.value.as_str()), is_read) {
            (true, _) => continue,
            (false, true) if field.default.is_some() => continue,
            (false, true) => format!("the field `{}` is read, but nothing ever fills it in", name.value),
            (false, false) => format!("the field `{}` is never filled in or read", name.value),
        };
        found.push(
            Diagnostic::warning("AC0215", name.place, message)
                .help("ask for it in a `form`, `set` it, or remove it"),
        );
    }
    found
}

fn written(process: &LoadedProcess) -> BTreeSet<&str> {
    // Who writes into a record writes into the list.
    let eaches: Vec<_> =
        walk::states(&process.definition).into_iter().filter_map(|at| at.state.each.as_ref()).collect();
    let list = |name: &'_ str| {
        let alias = name.split_once('.').map(|(alias, _)| alias.to_owned());
        let each = alias.and_then(|alias| eaches.iter().find(|each| each.r#as.value == alias));
        each.map(|each| each.over.value.as_str())
    };
    let forms = walk::form_fields(&process.definition).into_iter().map(|field| field.field.value.as_str());
    let actions = walk::actions(&process.definition).into_iter().flat_map(|action| match action {
        Action::Set(set) => set.keys().collect::<Vec<_>>(),
        Action::Decide(decide) => vec![decide.into.as_ref().unwrap_or(&decide.rule).value.as_str()],
        _ => Vec::new(),
    });
    forms.chain(actions).map(|name| list(name).unwrap_or(name)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_field_that_nobody_fills_in_is_told() {
        super::super::tests::check(
            super::check,
            "
process: p
fields:
  asked: {type: text}
  counted: {type: integer, default: 0}
  most: {type: integer, default: 3}
  idle: {type: text}
  missed: {type: flag}
initial: a
states:
  a: {on: {go: {target: b, by: [x], form: [asked], guard: \"missed == true && most > 2\"}}}
  b: {type: final}
",
            "p.yaml:5:3: warning[AC0215]: the field `counted` is never filled in or read; ask for it in a `form`, `set` it, or remove it\n\
             p.yaml:7:3: warning[AC0215]: the field `idle` is never filled in or read; ask for it in a `form`, `set` it, or remove it\n\
             p.yaml:8:3: warning[AC0215]: the field `missed` is read, but nothing ever fills it in; ask for it in a `form`, `set` it, or remove it\n",
        );
    }
}
