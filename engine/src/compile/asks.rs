//! What a process mentions, as far as its letters tell: in expressions, rules, messages and vouchers. A name that is
//! also something else counts as mentioned; what is not here is asked for by nobody.

use std::collections::BTreeSet;

use crate::definition::action::{Action, Charge, Recipient};
use crate::definition::{Process, walk};
use crate::facts::shape;
use crate::library::Library;
use crate::message;

/// The facts of the world among what is mentioned.
pub(super) fn of(process: &Process, library: &Library) -> BTreeSet<&'static str> {
    let mentioned = mentioned(process, library);
    shape::WORLD.iter().map(|entry| entry.name).filter(|name| mentioned.contains(name)).collect()
}

/// All names that something in a process mentions.
pub(crate) fn mentioned<'d>(process: &'d Process, library: &'d Library) -> BTreeSet<&'d str> {
    let expressions = walk::expressions(process).into_iter().map(|one| one.value.as_str());
    let mut names: BTreeSet<&str> = expressions.flat_map(walk::words).collect();
    let eaches = walk::states(process).into_iter().filter_map(|at| at.state.each.as_ref());
    names.extend(eaches.map(|each| each.over.value.as_str()));
    for action in walk::actions(process) {
        match action {
            Action::Decide(decide) => {
                names.extend(library.rules.parameters(&decide.rule.value).into_iter().flatten());
            }
            Action::Charge(Charge::Add(add)) => {
                names.extend(library.rules.parameters(&add.rule.value).into_iter().flatten());
            }
            Action::Notify(notify) => {
                names.extend(recipient(&notify.to));
                let texts = library.messages.get(&notify.message.value).into_iter().flat_map(message::texts);
                let all = texts.flat_map(|(_, text)| [&text.en, &text.fa, &text.zh, &text.pl]);
                names.extend(all.flatten().flat_map(|text| walk::words(&text.value)));
            }
            Action::Task(task) => names.extend(recipient(&task.to)),
            Action::Voucher(voucher) => {
                let expressions = library.vouchers.get(&voucher.template.value).into_iter();
                let expressions = expressions.flat_map(|template| template.expressions());
                names.extend(
                    expressions.flat_map(|one| one.reads().iter().flat_map(|path| walk::words(path))),
                );
            }
            _ => {}
        }
    }
    names
}

fn recipient(to: &Recipient) -> Option<&str> {
    match to {
        Recipient::User(field) | Recipient::AgencyIn(field) => Some(field.value.as_str()),
        _ => None,
    }
}
