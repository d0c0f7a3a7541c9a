//! The nested states of a file as a flat list in document order.

use std::collections::BTreeMap;

use crate::definition::each::Each;
use crate::definition::field::Field;
use crate::definition::process::{HistoryDepth, Initial, State as Written, StateType, Subject};
use crate::definition::{Action, OneOrMany, Process, Table, Transition};
use crate::diagnostic::{Diagnostic, Place, Sp};
use crate::statechart::{State, StateId, StateKind};

use super::{Binder, foreign};

/// The keys that a process and a state share.
pub(super) struct Body<'a> {
    pub(super) kind: Option<&'a Sp<StateType>>,
    pub(super) initial: Option<&'a Sp<Initial>>,
    pub(super) states: &'a Table<Written>,
    pub(super) on: &'a Table<OneOrMany<Transition>>,
    pub(super) always: &'a OneOrMany<Transition>,
    pub(super) after: &'a Table<OneOrMany<Transition>>,
    pub(super) entry: &'a OneOrMany<Action>,
    pub(super) exit: &'a OneOrMany<Action>,
    /// None for the process itself.
    pub(super) state: Option<&'a Written>,
}

/// One state of the list.
pub(super) struct Flat<'a> {
    pub(super) id: StateId,
    pub(super) key: &'a str,
    pub(super) path: String,
    pub(super) place: Place,
    pub(super) parent: Option<StateId>,
    pub(super) end: u16,
    pub(super) children: Vec<StateId>,
    pub(super) body: Body<'a>,
    /// The rule of the instances that run what is inside.
    pub(super) each: Option<u16>,
    /// The rule of the instances that run this.
    pub(super) within: Option<u16>,
    /// One of its children is final.
    pub(super) has_end: bool,
}

impl Flat<'_> {
    /// Whether a ticket never rests here: the end, or what only remembers.
    pub(super) fn is_passed(&self) -> bool {
        self.body.kind.is_some_and(|kind| matches!(kind.value, StateType::Final | StateType::History))
    }
}

/// All states of a process in document order.
pub(super) struct Tree<'a> {
    flats: Vec<Flat<'a>>,
    paths: BTreeMap<String, StateId>,
    found: Vec<Diagnostic>,
    eaches: u16,
    fields: &'a Table<Field>,
    subject: Option<Subject>,
}

/// Most states of one process.
const MAX_STATES: usize = 10_000;

impl<'a> Tree<'a> {
    pub(super) fn grow(process: &'a Process) -> Self {
        let mut tree = Self {
            flats: Vec::new(),
            paths: BTreeMap::new(),
            found: Vec::new(),
            eaches: 0,
            fields: &process.fields,
            subject: process.subject.as_ref().map(|subject| subject.value),
        };
        let body = Body {
            kind: process.r#type.as_ref(),
            initial: process.initial.as_ref(),
            states: &process.states,
            on: &process.on,
            always: &process.always,
            after: &process.after,
            entry: &process.entry,
            exit: &process.exit,
            state: None,
        };
        let place = process.process.as_ref().map_or_else(
            || process.states.iter().next().map(|(key, _)| key.place).unwrap_or_default(),
            |name| name.place,
        );
        tree.add("", String::new(), place, None, body);
        tree
    }

    fn add(&mut self, key: &'a str, path: String, place: Place, parent: Option<StateId>, body: Body<'a>) {
        let id = StateId(u16::try_from(self.flats.len()).unwrap_or(u16::MAX));
        if self.flats.len() == MAX_STATES {
            self.found.push(Diagnostic::error(
                "AC0207",
                place,
                format!("a process may have {MAX_STATES} states"),
            ));
        }
        if self.flats.len() >= MAX_STATES {
            return;
        }
        if key.contains(['.', ' ', '$']) {
            self.found.push(
                Diagnostic::error(
                    "AC0208",
                    place,
                    format!("the state name `{key}` has a dot, a space or a `$` in it"),
                )
                .help("a dot separates the parts of a path; write an underscore"),
            );
        }
        if let Some(parent) = parent
            && let Some(flat) = self.flats.get_mut(parent.index())
        {
            flat.children.push(id);
        }
        self.paths.insert(path.clone(), id);
        let states = body.states;
        let has_end = states
            .iter()
            .any(|(_, state)| state.r#type.as_ref().is_some_and(|kind| kind.value == StateType::Final));
        let (each, within) = self.instances(&body, parent);
        self.flats.push(Flat {
            id,
            key,
            path: path.clone(),
            place,
            parent,
            end: 0,
            children: Vec::new(),
            body,
            each,
            within,
            has_end,
        });
        for (key, state) in states.iter() {
            let inner =
                if path.is_empty() { key.value.clone() } else { format!("{path}.{key}", key = key.value) };
            self.add(&key.value, inner, key.place, Some(id), written(state));
        }
        let end = u16::try_from(self.flats.len()).unwrap_or(u16::MAX);
        if let Some(flat) = self.flats.get_mut(id.index()) {
            flat.end = end;
        }
    }

    /// The rule of a state's instances, and of those that it lies in.
    fn instances(&mut self, body: &Body<'_>, parent: Option<StateId>) -> (Option<u16>, Option<u16>) {
        let parent = parent.and_then(|parent| self.flat(parent));
        let within = parent.and_then(|parent| parent.each.or(parent.within));
        let Some(each) = body.state.and_then(|state| state.each.as_ref()) else { return (None, within) };
        if within.is_some() {
            self.found.push(
                Diagnostic::error("AC0824", each.over.place, "instances cannot have instances")
                    .label("inside another `each`")
                    .help("let the inner list be worked on by a ticket of its own: see `invoke`"),
            );
            return (None, within);
        }
        self.eaches += 1;
        (Some(self.eaches - 1), None)
    }

    /// The states with instances, in the order of their rules.
    pub(super) fn eaches(&self) -> impl Iterator<Item = (&Flat<'a>, &'a Each)> {
        let with = self.flats.iter().filter(|flat| flat.each.is_some());
        with.filter_map(|flat| Some((flat, flat.body.state?.each.as_ref()?)))
    }

    /// Whether a state can be named from where these instances run; otherwise it is another one's inside.
    pub(super) fn in_reach(&self, id: StateId, within: Option<u16>) -> bool {
        self.flat(id).is_none_or(|flat| flat.within.is_none() || flat.within == within)
    }

    /// The fields that the process declares.
    pub(super) fn fields(&self) -> &'a Table<Field> {
        self.fields
    }

    /// What the process is about.
    pub(super) fn subject(&self) -> Option<Subject> {
        self.subject
    }

    pub(super) fn flats(&self) -> &[Flat<'a>] {
        &self.flats
    }

    pub(super) fn flat(&self, id: StateId) -> Option<&Flat<'a>> {
        self.flats.get(id.index())
    }

    /// The state at a dotted path from the root.
    pub(super) fn at(&self, path: &str) -> Option<StateId> {
        self.paths.get(path).copied().filter(|_| !path.is_empty())
    }

    /// All paths, for help with a mistyped one.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.keys().map(String::as_str).filter(|path| !path.is_empty())
    }

    /// A name as an author uses it inside a state of `scope`: a child of `scope`, a path from the root, or a
    /// path that starts with a child of `scope`.
    pub(super) fn resolve(&self, name: &str, scope: Option<StateId>) -> Option<StateId> {
        let within =
            scope.and_then(|scope| self.flat(scope)).map(|flat| flat.path.as_str()).unwrap_or_default();
        let inside = if within.is_empty() { name.to_owned() } else { format!("{within}.{name}") };
        if name.contains('.') {
            self.at(name).or_else(|| self.at(&inside))
        } else {
            self.at(&inside).or_else(|| self.at(name))
        }
    }

    pub(super) fn is_below(&self, inner: StateId, outer: StateId) -> bool {
        inner > outer && self.flat(outer).is_some_and(|outer| inner.0 < outer.end)
    }

    /// Whether two states can be active together as targets: they lie in different regions of a parallel state.
    pub(super) fn compatible(&self, one: StateId, other: StateId) -> bool {
        if one == other || self.is_below(one, other) || self.is_below(other, one) {
            return false;
        }
        let mut up = self.flat(one).and_then(|flat| flat.parent);
        while let Some(id) = up {
            let Some(flat) = self.flat(id) else { return false };
            if self.is_below(other, id) {
                return flat.body.kind.is_some_and(|kind| kind.value == StateType::Parallel);
            }
            up = flat.parent;
        }
        false
    }

    pub(super) fn into_found(self) -> Vec<Diagnostic> {
        self.found
    }
}

fn written(state: &Written) -> Body<'_> {
    Body {
        kind: state.r#type.as_ref(),
        initial: state.initial.as_ref(),
        states: &state.states,
        on: &state.on,
        always: &state.always,
        after: &state.after,
        entry: &state.entry,
        exit: &state.exit,
        state: Some(state),
    }
}

/// The compiled state, still without its transitions and clocks.
pub(super) fn state(flat: &Flat<'_>, tree: &Tree<'_>, binder: &mut Binder<'_>) -> State {
    let body = &flat.body;
    let written = body.state;
    binder.at = flat.within;
    State {
        key: flat.key.to_owned(),
        path: flat.path.clone(),
        parent: flat.parent,
        kind: kind(flat, tree, binder),
        end: flat.end,
        on: Vec::new(),
        always: Vec::new(),
        entry: binder.actions(body.entry),
        exit: binder.actions(body.exit),
        done: None,
        clocks: Vec::new(),
        invokes: Vec::new(),
        each: flat.each,
        within: flat.within,
        title: written.and_then(|state| state.title.clone()),
        customer_sees: written.and_then(|state| state.customer_sees.clone()),
        progress: written.and_then(|state| state.progress.as_ref()).map(|progress| progress.value),
        category: written.and_then(|state| state.category.as_ref()).map(|category| category.value),
        owner: written
            .map(|state| state.owner.iter().map(|role| binder.role(role)).collect())
            .unwrap_or_default(),
        place: flat.place,
    }
}

fn is_history(tree: &Tree<'_>, id: StateId) -> bool {
    tree.flat(id).and_then(|flat| flat.body.kind).is_some_and(|kind| kind.value == StateType::History)
}

fn kind(flat: &Flat<'_>, tree: &Tree<'_>, binder: &mut Binder<'_>) -> StateKind {
    let (history, children): (Vec<_>, Vec<_>) = flat.children.iter().partition(|id| is_history(tree, **id));
    let body = &flat.body;
    let derived = if children.is_empty() { StateType::Atomic } else { StateType::Compound };
    let stated = body.kind.map(|kind| (kind.value, kind.place));
    let (wanted, place) = stated.unwrap_or((derived, flat.place));
    let leaf = matches!(wanted, StateType::Atomic | StateType::Final | StateType::History);
    if leaf && !flat.children.is_empty() {
        binder.push(
            Diagnostic::error(
                "AC0201",
                place,
                format!("`{}` has states inside, which this type cannot have", flat.path),
            )
            .help("leave `type` out, or write `type: parallel`"),
        );
    }
    if !leaf && children.is_empty() {
        binder.push(
            Diagnostic::error("AC0201", place, format!("`{}` needs states inside", name_of(flat)))
                .help("give it `states`, or leave `type` out"),
        );
    }
    if let Some(initial) = body.initial.filter(|_| leaf || wanted == StateType::Parallel) {
        binder.push(
            Diagnostic::error("AC0203", initial.place, format!("`initial` means nothing in `{}`", name_of(flat)))
                .help("only a compound state starts in one of its children; the regions of a parallel state all start"),
        );
    }
    foreign::tell(flat, wanted, binder);
    match wanted {
        StateType::Atomic => StateKind::Atomic,
        StateType::Final => final_kind(flat, binder),
        StateType::History => history_kind(flat, tree, binder),
        StateType::Parallel => StateKind::Parallel { regions: children, history },
        StateType::Compound => {
            let (initial, actions) = initial(flat, tree, &children, binder);
            StateKind::Compound { initial, actions, children, history }
        }
    }
}

pub(super) fn name_of<'a>(flat: &'a Flat<'_>) -> &'a str {
    if flat.path.is_empty() { "the process" } else { &flat.path }
}

fn final_kind(flat: &Flat<'_>, binder: &mut Binder<'_>) -> StateKind {
    let body = &flat.body;
    let leads_on = body
        .on
        .iter()
        .next()
        .map(|(event, _)| event.place)
        .or_else(|| body.after.iter().next().map(|(t, _)| t.place));
    if leads_on.is_some() || !body.always.is_empty() {
        let place = leads_on.unwrap_or(flat.place);
        binder.push(
            Diagnostic::error("AC0204", place, format!("the final state `{}` has transitions", flat.path))
                .help("a final state is the end; leave `type: final` out if it goes on"),
        );
    }
    StateKind::Final
}

fn history_kind(flat: &Flat<'_>, tree: &Tree<'_>, binder: &mut Binder<'_>) -> StateKind {
    let written = flat.body.state;
    let depth = written.and_then(|state| state.history.as_ref()).map(|depth| depth.value);
    let parent = flat.parent.unwrap_or(StateId::ROOT);
    let mut default = Vec::new();
    for target in
        written.and_then(|state| state.target.as_ref()).iter().flat_map(|targets| targets.value.iter())
    {
        match tree.resolve(&target.value, Some(parent)) {
            Some(id) if is_history(tree, id) => binder.push(
                Diagnostic::error(
                    "AC0103",
                    target.place,
                    "the default of a history state leads to a history state",
                )
                .help("name a state to be in when nothing is remembered"),
            ),
            Some(id) if !tree.in_reach(id, flat.within) => binder.push(of_an_instance(target)),
            Some(id) if tree.is_below(id, parent) => default.push(id),
            Some(_) => binder.push(
                Diagnostic::error(
                    "AC0103",
                    target.place,
                    format!("`{}` is not inside `{}`", target.value, parent_name(tree, parent)),
                )
                .help("the default of a history state is a state that its parent holds"),
            ),
            None => binder.unknown_state("AC0102", target, "unknown target"),
        }
    }
    if default.is_empty() {
        // Nothing remembered and no default: the parent starts as it always does.
        if let Some(parent) = tree.flat(parent) {
            let children: Vec<StateId> =
                parent.children.iter().copied().filter(|id| !is_history(tree, *id)).collect();
            let parallel = parent.body.kind.is_some_and(|kind| kind.value == StateType::Parallel);
            default = if parallel { children } else { quiet_initial(parent, tree, &children) };
        }
        if default.iter().any(|id| is_history(tree, *id)) {
            default.clear();
            binder.push(
                Diagnostic::error(
                    "AC0103",
                    flat.place,
                    format!("`{}` has no default, and its parent starts with a history state", flat.path),
                )
                .help("say with `target` where to go when nothing is remembered"),
            );
        }
    }
    let actions = written.map(|state| binder.actions(&state.actions)).unwrap_or_default();
    StateKind::History { deep: depth == Some(HistoryDepth::Deep), default, actions }
}

fn parent_name(tree: &Tree<'_>, parent: StateId) -> String {
    tree.flat(parent).map(|flat| name_of(flat).to_owned()).unwrap_or_default()
}

/// Where a compound state starts, without complaint: that is made at the state itself.
fn quiet_initial(flat: &Flat<'_>, tree: &Tree<'_>, children: &[StateId]) -> Vec<StateId> {
    let named = flat.body.initial.iter().flat_map(|initial| &initial.value.target);
    let found: Vec<StateId> = named.filter_map(|name| tree.resolve(&name.value, Some(flat.id))).collect();
    if found.is_empty() { children.first().copied().into_iter().collect() } else { found }
}

fn initial(
    flat: &Flat<'_>,
    tree: &Tree<'_>,
    children: &[StateId],
    binder: &mut Binder<'_>,
) -> (Vec<StateId>, Vec<crate::effect::Action>) {
    let Some(initial) = flat.body.initial else {
        if !binder.is_lenient() {
            let keys: Vec<&str> =
                children.iter().filter_map(|id| tree.flat(*id)).map(|child| child.key).collect();
            let first = keys.first().copied().unwrap_or_default();
            binder.push(
                Diagnostic::error(
                    "AC0202",
                    flat.place,
                    format!("`{}` does not say where it starts", name_of(flat)),
                )
                .help(format!("write `initial: {first}`, or another of its states")),
            );
        }
        return (children.first().copied().into_iter().collect(), Vec::new());
    };
    let mut targets: Vec<StateId> = Vec::new();
    for name in &initial.value.target {
        match tree.resolve(&name.value, Some(flat.id)) {
            Some(id) if !tree.in_reach(id, flat.each.or(flat.within)) => binder.push(of_an_instance(name)),
            Some(id) if tree.is_below(id, flat.id) => {
                match targets.iter().find(|other| !tree.compatible(**other, id)) {
                    None => targets.push(id),
                    Some(_) => binder.push(Diagnostic::error(
                        "AC0103",
                        name.place,
                        format!("`{}` cannot be active together with the other initial states", name.value),
                    )),
                }
            }
            Some(_) => binder.push(Diagnostic::error(
                "AC0103",
                name.place,
                format!("`{}` is not inside `{}`", name.value, name_of(flat)),
            )),
            None => {
                let inside: Vec<&str> =
                    children.iter().filter_map(|id| tree.flat(*id)).map(|child| child.key).collect();
                binder.push(
                    Diagnostic::error(
                        "AC0101",
                        name.place,
                        format!("unknown initial state `{}`", name.value),
                    )
                    .label("no such state")
                    .nearest("state", &name.value, inside),
                );
            }
        }
    }
    // Each instance begins with them.
    binder.at = flat.each.or(flat.within);
    let actions = binder.action_list(&initial.value.actions);
    binder.at = flat.within;
    (targets, actions)
}

/// A state is named that lies inside instances, from where no instance is known.
pub(super) fn of_an_instance(name: &Sp<String>) -> Diagnostic {
    let message = format!("`{}` is a state of each instance, and none is meant here", name.value);
    Diagnostic::error("AC0825", name.place, message)
        .label("which instance?")
        .help("lead to the state with `each`; from inside, an instance leads to its own states")
}
