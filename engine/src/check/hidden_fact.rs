//! A role is kept from a fact that there is not: what was to be hidden would be seen. A name that no process has
//! is only a warning, because roles may know of more processes than are there.

use crate::bundle::Bundle;
use crate::diagnostic::Diagnostic;
use crate::facts::shape::{Entry, Kind, PART_LINE, SERVICE_LINE, WORLD};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let fields: Vec<&str> =
        bundle.processes.values().flat_map(|process| process.definition.fields.keys()).collect();
    let roles = bundle.library.roles.iter();
    let paths = roles.flat_map(|(_, role)| &role.hidden);
    paths
        .filter_map(|path| {
            let mut keys = path.value.split('.');
            let head = keys.next().unwrap_or_default();
            let Some(mut kind) = top(head) else {
                let known = WORLD.iter().map(|entry| entry.name).chain(fields.iter().copied());
                let unknown =
                    || Diagnostic::warning("AC0110", path.place, format!("unknown fact `{}`", path.value));
                return (!fields.contains(&head))
                    .then(|| unknown().label("hides nothing").nearest("fact", head, known));
            };
            for key in keys {
                let (Kind::Map(entries) | Kind::Rows(entries)) = kind else { return None };
                let Some(entry) = entries.iter().find(|entry| entry.name == key) else {
                    let message = format!("unknown fact `{}`", path.value);
                    let names = entries.iter().map(|entry| entry.name);
                    return Some(
                        Diagnostic::error("AC0110", path.place, message).label("hides nothing").nearest(
                            "part of it",
                            key,
                            names,
                        ),
                    );
                };
                kind = entry.kind;
            }
            None
        })
        .collect()
}

/// A fact, or what an item of a parts or services field is about.
fn top(name: &str) -> Option<Kind> {
    let tables: [&[Entry]; 3] = [WORLD, PART_LINE, SERVICE_LINE];
    tables.into_iter().flatten().find(|entry| entry.name == name).map(|entry| entry.kind)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_that_hides_nothing_is_told() {
        super::super::tests::files(
            super::check,
            &[(
                "roles.yaml",
                "roles:\n  clerk:\n    title: {en: Clerk}\n    hidden: [charges.lines.cots, chrages.cost, part.cost, charges.cost]\n",
            )],
            "roles.yaml:4:14: error[AC0110]: unknown fact `charges.lines.cots`; a part of it with a similar name exists: `cost`\n\
             roles.yaml:4:34: warning[AC0110]: unknown fact `chrages.cost`; a fact with a similar name exists: `charges`\n",
        );
    }
}
