//! Everything that stands in a process, as flat lists: states, transitions, actions, expressions, texts.
//!
//! For those who look at a whole definition, such as checks. Nothing is resolved or judged here.

use std::collections::BTreeSet;

use super::action::{Action, Assign, Card, Charge};
use super::child::Invoke;
use super::field::FieldType;
use super::process::{Deadline, FormField, Process, State, StateType, TransitionBody};
use super::{Expression, OneOrMany, Table, Transition, Translated};
use crate::diagnostic::{Place, Sp};

/// A state with its path.
pub struct StateAt<'d> {
    /// Dotted from the root.
    pub path: String,
    pub key: &'d Sp<String>,
    pub state: &'d State,
    /// Position of the state around it; none: the process itself.
    pub parent: Option<usize>,
}

/// What a transition waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trigger<'d> {
    Event(&'d Sp<String>),
    Always,
    After(&'d Sp<String>),
    Done,
    /// The answer of a ticket that was opened, by the id of its `invoke`.
    Answer(&'d Sp<String>),
}

/// A transition with where it stands.
pub struct TransitionAt<'d> {
    /// Position among [`states`]; none: the process itself.
    pub source: Option<usize>,
    pub trigger: Trigger<'d>,
    pub body: &'d TransitionBody,
}

/// All states in the order of the file.
pub fn states(process: &Process) -> Vec<StateAt<'_>> {
    let mut list = Vec::new();
    inside(&process.states, "", None, &mut list);
    list
}

fn inside<'d>(states: &'d Table<State>, above: &str, parent: Option<usize>, list: &mut Vec<StateAt<'d>>) {
    for (key, state) in states.iter() {
        let path = if above.is_empty() { key.value.clone() } else { format!("{above}.{}", key.value) };
        let at = list.len();
        list.push(StateAt { path: path.clone(), key, state, parent });
        inside(&state.states, &path, Some(at), list);
    }
}

/// All transitions in the order of the file, the process's own last.
pub fn transitions(process: &Process) -> Vec<TransitionAt<'_>> {
    let mut list = Vec::new();
    for (at, state) in states(process).iter().enumerate() {
        let State { on, always, after, on_done, invoke, .. } = state.state;
        of(Some(at), on, always, after, &mut list);
        list.extend(bodies(on_done).map(|body| TransitionAt {
            source: Some(at),
            trigger: Trigger::Done,
            body,
        }));
        for Invoke { id, on_done, on_error, .. } in invoke {
            let trigger = Trigger::Answer(id);
            let answers = bodies(on_done).chain(bodies(on_error));
            list.extend(answers.map(|body| TransitionAt { source: Some(at), trigger, body }));
        }
    }
    of(None, &process.on, &process.always, &process.after, &mut list);
    list
}

fn of<'d>(
    source: Option<usize>,
    on: &'d Table<OneOrMany<Transition>>,
    always: &'d OneOrMany<Transition>,
    after: &'d Table<OneOrMany<Transition>>,
    list: &mut Vec<TransitionAt<'d>>,
) {
    for (event, transitions) in on.iter() {
        let trigger = Trigger::Event(event);
        list.extend(bodies(transitions).map(|body| TransitionAt { source, trigger, body }));
    }
    list.extend(bodies(always).map(|body| TransitionAt { source, trigger: Trigger::Always, body }));
    for (length, transitions) in after.iter() {
        let trigger = Trigger::After(length);
        list.extend(bodies(transitions).map(|body| TransitionAt { source, trigger, body }));
    }
}

fn bodies(transitions: &OneOrMany<Transition>) -> impl Iterator<Item = &TransitionBody> {
    transitions.iter().map(|transition| &transition.0)
}

/// All tickets that states wait for, each with the state's position among [`states`].
pub fn invokes(process: &Process) -> Vec<(usize, &Invoke)> {
    let states = states(process).into_iter().enumerate();
    states.flat_map(|(at, state)| state.state.invoke.iter().map(move |invoke| (at, invoke))).collect()
}

/// All forms: those of steps and that of the opening.
pub fn form_fields(process: &Process) -> Vec<&FormField> {
    let steps = transitions(process).into_iter().flat_map(|at| at.body.form.iter());
    process.form.iter().chain(steps).collect()
}

/// All actions, wherever they stand.
pub fn actions(process: &Process) -> Vec<&Action> {
    let mut list: Vec<&Action> = Vec::new();
    list.extend(process.entry.iter().chain(process.exit.iter()));
    list.extend(process.initial.iter().flat_map(|initial| &initial.value.actions));
    for (_, clock) in process.deadlines.iter() {
        list.extend(clock.then.iter().chain(clock.warn.iter().flat_map(|warn| warn.then.iter())));
    }
    for StateAt { state, .. } in states(process) {
        list.extend(state.entry.iter().chain(state.exit.iter()).chain(state.actions.iter()));
        list.extend(state.initial.iter().flat_map(|initial| &initial.value.actions));
        list.extend(state.deadline.iter().flat_map(clock_actions));
    }
    list.extend(transitions(process).into_iter().flat_map(|at| at.body.actions.iter()));
    list
}

fn clock_actions(deadline: &Deadline) -> impl Iterator<Item = &Action> {
    deadline.then.iter().chain(deadline.warn.iter().flat_map(|warn| warn.then.iter()))
}

/// All expressions, wherever they stand.
pub fn expressions(process: &Process) -> Vec<&Expression> {
    let mut list: Vec<&Expression> =
        process.fields.iter().filter_map(|(_, field)| field.default.as_ref()).collect();
    list.extend(process.fields.iter().flat_map(|(_, field)| field.check.iter().map(|guard| &guard.when)));
    list.extend(transitions(process).iter().flat_map(|at| at.body.guard.iter().map(|guard| &guard.when)));
    list.extend(form_fields(process).into_iter().flat_map(|field| field.when.iter().chain(&field.from)));
    actions(process).into_iter().for_each(|action| of_action(action, &mut list));
    for (_, Invoke { input, device, customer, .. }) in invokes(process) {
        list.extend(input.iter().map(|(_, value)| value).chain(device).chain(customer));
    }
    let eaches = states(process).into_iter().filter_map(|at| at.state.each.as_ref());
    list.extend(eaches.flat_map(|each| each.complete_when.iter().chain(&each.label)));
    list.extend(process.output.iter().map(|(_, value)| value));
    list
}

fn of_action<'d>(action: &'d Action, list: &mut Vec<&'d Expression>) {
    let values = |table: &'d Table<Expression>| table.0.iter().map(|(_, value)| value);
    match action {
        Action::Raise(_) | Action::Cancel(_) | Action::Decide(_) | Action::Task(_) => {}
        Action::Send(send) => list.extend(send.at.iter().chain(values(&send.data))),
        Action::Set(set) | Action::Device(set) => list.extend(values(set)),
        Action::Notify(notify) => list.extend(&notify.when),
        Action::Charge(Charge::Add(add)) => list.push(&add.items),
        Action::Charge(Charge::Change(change)) => {
            list.extend(change.filter.iter().chain(values(&change.set)))
        }
        Action::Charge(Charge::Remove(select)) => list.extend(&select.filter),
        Action::Voucher(voucher) => list.extend(&voucher.when),
        Action::Stock(stock) => {
            list.push(&stock.items);
            list.extend(stock.filter.iter().chain(&stock.warehouse).chain(&stock.to));
        }
        Action::Assign(Assign::Technician(who) | Assign::Agency(who) | Assign::Partner(who)) => {
            list.push(who)
        }
        Action::Card(
            Card::Issue(values_of)
            | Card::Extend(values_of)
            | Card::Curtail(values_of)
            | Card::Sell(values_of),
        ) => list.extend(values(values_of)),
        Action::Card(Card::Start(one) | Card::Stamp(one) | Card::Void(one)) => list.push(one),
        Action::Payment(payment) => {
            list.extend([&payment.amount, &payment.method]);
            list.extend(&payment.reference);
        }
        Action::Document(document) => list.extend(document.lines.iter().chain(&document.when)),
        Action::Webhook(webhook) => list.extend(values(&webhook.body)),
        Action::Open(open) => {
            list.extend(values(&open.input).chain(&open.device).chain(&open.customer).chain(&open.when));
        }
    }
}

/// A text that people read.
pub struct TextAt<'d> {
    /// What it is, in an author's words.
    pub what: String,
    pub text: &'d Translated,
    /// Where to point when no language is there.
    pub place: Place,
}

/// All texts that people read.
pub fn texts(process: &Process) -> Vec<TextAt<'_>> {
    let mut list = Vec::new();
    let mut add = |what: String, text, place| list.push(TextAt { what, text, place });
    let start = process.process.as_ref().map(|name| name.place).unwrap_or_default();
    process.title.iter().for_each(|text| add("the process's title".to_owned(), text, start));
    let parts = process.fields.iter().flat_map(|(_, field)| field.of.iter());
    for (name, field) in process.fields.iter().chain(parts) {
        let own = field.title.iter().chain(&field.help);
        let options = field.options.iter().chain(field.items.iter()).map(|(_, text)| text);
        own.chain(options).for_each(|text| add(format!("field `{}`", name.value), text, name.place));
    }
    for (name, clock) in process.deadlines.iter() {
        clock.title.iter().for_each(|text| add(format!("deadline `{}`", name.value), text, name.place));
    }
    for at in states(process) {
        let own = at.state.title.iter().chain(&at.state.customer_sees);
        own.for_each(|text| add(format!("state `{}`", at.path), text, at.key.place));
    }
    for at in transitions(process) {
        if let (Trigger::Event(event), Some(text)) = (at.trigger, &at.body.title) {
            add(format!("step `{}`", event.value), text, event.place);
        }
    }
    for action in actions(process) {
        if let Action::Task(task) = action {
            add("a task's title".to_owned(), &task.title, start);
        }
    }
    list
}

/// Where people read something that has no text at all: what it is, and its place.
pub fn untitled(process: &Process) -> Vec<(String, Place)> {
    let start = process.process.as_ref().map(|name| name.place).unwrap_or_default();
    let mut list: Vec<(String, Place)> = Vec::new();
    if process.title.is_none() {
        list.push(("the process's title".to_owned(), start));
    }
    let asked: BTreeSet<&str> = form_fields(process).iter().map(|asked| asked.field.value.as_str()).collect();
    let fields = process.fields.iter().filter(|(name, _)| asked.contains(name.value.as_str()));
    // Whoever sees a list of records sees all of each.
    let lists = process.fields.iter().filter(|(_, field)| field.r#type.value == FieldType::Records);
    let parts = lists.flat_map(|(_, field)| field.of.iter());
    let fields = fields.chain(parts).filter(|(_, field)| field.title.is_none());
    list.extend(fields.map(|(name, _)| (format!("the title of field `{}`", name.value), name.place)));
    let states = states(process).into_iter().filter(|at| at.state.title.is_none() && is_seen(at.state));
    list.extend(states.map(|at| (format!("the title of state `{}`", at.path), at.key.place)));
    for at in transitions(process) {
        let by_people = at.body.by.iter().any(|role| role.value != "system");
        if let Trigger::Event(event) = at.trigger
            && by_people
            && at.body.title.is_none()
        {
            list.push((format!("the title of step `{}`", event.value), event.place));
        }
    }
    list
}

/// Whether people meet the state: a ticket can rest in it, or it says what it means to them.
fn is_seen(state: &State) -> bool {
    let history = state.r#type.as_ref().is_some_and(|kind| kind.value == StateType::History);
    let passed = state.always.iter().any(|way| way.0.guard.is_empty());
    state.states.is_empty() && !history && (!passed || state.category.is_some())
}

/// The names that stand in an expression or template, as far as its letters tell.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}
