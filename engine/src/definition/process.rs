//! A process: one statechart, its fields, its people and its clocks.

use schemars::JsonSchema;
use serde::Deserialize;

use super::action::Action;
use super::child::Invoke;
use super::each::Each;
use super::field::Field;
use super::{DurationText, Expression, OneOrMany, Table, Translated};
use crate::diagnostic::Sp;

/// A process file, or a bare statechart (only `initial` and `states`) for `simulate`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(transform = super::fragments::admit_use)]
pub struct Process {
    /// Name of the process, the same as its file's name.
    pub process: Option<Sp<String>>,
    pub title: Option<Translated>,
    /// What it is for, in one line: for people who choose what to open.
    pub help: Option<Translated>,
    /// What a ticket of this process is about.
    pub subject: Option<Sp<Subject>>,
    /// Who may open a ticket.
    pub opened_by: Vec<Sp<String>>,
    /// What is asked when a ticket is opened.
    pub form: Vec<FormField>,
    /// What must hold for somebody to open one.
    pub guard: OneOrMany<Guard>,
    pub fields: Table<Field>,
    /// Clocks that run over several states and stop while somebody else is awaited.
    pub deadlines: Table<ProcessDeadline>,
    pub r#type: Option<Sp<StateType>>,
    pub initial: Option<Sp<Initial>>,
    pub states: Table<State>,
    pub on: Table<OneOrMany<Transition>>,
    pub always: OneOrMany<Transition>,
    pub after: Table<OneOrMany<Transition>>,
    pub entry: OneOrMany<Action>,
    pub exit: OneOrMany<Action>,
    /// What a finished ticket gives to the one that opened it with `invoke`: name to value.
    pub output: Table<Expression>,
}

/// What a ticket is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// One serialised unit with an owner and a card.
    Device,
    /// A customer or agency, without a device.
    Party,
}

/// How a state behaves. Left out, it follows from the keys: `states` make it compound, nothing atomic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateType {
    Atomic,
    Compound,
    Parallel,
    Final,
    History,
}

/// What a history state remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryDepth {
    Shallow,
    Deep,
}

/// What a state means to people who watch: the same word for all processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// We have to act.
    Open,
    /// Somebody else has to act: customer, supplier, partner.
    Waiting,
    /// Ended well.
    Done,
    /// Ended without the work.
    Cancelled,
}

/// A state of the chart.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(transform = super::fragments::admit_use)]
pub struct State {
    pub r#type: Option<Sp<StateType>>,
    /// Only for `type: history`. Default `shallow`.
    pub history: Option<Sp<HistoryDepth>>,
    /// Only for `type: history`: where to go when nothing is remembered.
    pub target: Option<Sp<OneOrMany<Sp<String>>>>,
    /// Only for `type: history`: actions of its default transition.
    pub actions: OneOrMany<Action>,
    pub initial: Option<Sp<Initial>>,
    pub states: Table<State>,
    /// Event descriptor (`paid`, `error.*`, `*`) to what it does.
    pub on: Table<OneOrMany<Transition>>,
    /// Transitions taken without an event as soon as their guard holds.
    pub always: OneOrMany<Transition>,
    /// Length of time to what happens when it has passed in this state.
    pub after: Table<OneOrMany<Transition>>,
    pub entry: OneOrMany<Action>,
    pub exit: OneOrMany<Action>,
    /// Taken when the state is done: its final child entered, or all regions done.
    pub on_done: OneOrMany<Transition>,
    /// Other tickets that are opened when a ticket stays here, and given up when it leaves.
    pub invoke: OneOrMany<Invoke>,
    /// The states inside run once for each record of a list.
    pub each: Option<Each>,

    /// What staff see.
    pub title: Option<Translated>,
    /// What the customer sees; without it the nearest ancestor's.
    pub customer_sees: Option<Translated>,
    /// Percent of the way, 0 to 100.
    pub progress: Option<Sp<u8>>,
    pub category: Option<Sp<Category>>,
    /// Roles (or `customer`, `agency`, `partner`) who have to act here.
    pub owner: OneOrMany<Sp<String>>,
    pub deadline: Option<Deadline>,
}

/// Where a compound state starts: a child's key, a dotted path, a list, or one of them with actions.
#[derive(Clone, Debug, PartialEq)]
pub struct Initial {
    pub target: Vec<Sp<String>>,
    pub actions: Vec<Action>,
}

/// A transition: a target alone, or all of this.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transition(pub TransitionBody);

/// The long form of a transition.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "TransitionBody")]
pub struct TransitionBody {
    /// A sibling's key or a dotted path from the root; none: the state stays, only the actions run.
    pub target: OneOrMany<Sp<String>>,
    pub guard: OneOrMany<Guard>,
    pub actions: OneOrMany<Action>,
    /// Stay inside the source state when the targets are its descendants.
    pub internal: Option<Sp<bool>>,
    /// Roles that may send this event; none: only the system, timers and other processes.
    pub by: OneOrMany<Sp<String>>,
    /// Fields asked for; what is given is stored in the ticket before the actions run.
    pub form: Vec<FormField>,
    /// What the button says.
    pub title: Option<Translated>,
    /// A correction or an exception: offered last and quietly, never as the way on.
    pub rare: bool,
    /// Whoever takes it by a sign-in that is some minutes old gives the password again: for money that leaves the
    /// house. It holds for all transitions of this event.
    pub reauthenticate: Option<Sp<bool>>,
}

/// A condition: an expression alone, or with the name of the reason given when it does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Guard {
    pub when: Expression,
    /// Key of a reason text.
    pub because: Option<Sp<String>>,
    /// What the text calls `{about}`.
    pub about: Option<Expression>,
}

/// A field in a form: its name alone, or with what differs here.
#[derive(Clone, Debug, PartialEq)]
pub struct FormField {
    pub field: Sp<String>,
    pub required: Option<bool>,
    /// Shown and asked only when this holds.
    pub when: Option<Expression>,
    /// What the form begins with.
    pub from: Option<Expression>,
    /// The parts of a row that are asked here; none: all of them.
    pub columns: Option<Vec<Sp<String>>>,
}

/// How long a state may last before something is done about it. It does not leave the state by itself.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    pub within: DurationText,
    /// Done once when the time is over.
    #[serde(default)]
    pub then: OneOrMany<Action>,
    /// Done once this long before.
    #[serde(default)]
    pub warn: Option<DeadlineWarning>,
    /// States inside in which the clock stands.
    #[serde(default)]
    pub paused_in: OneOrMany<Sp<String>>,
}

/// A warning before a deadline.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadlineWarning {
    pub before: DurationText,
    pub then: OneOrMany<Action>,
}

/// A clock over the whole process: starts with the ticket (or in `from`), ends in `until`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcessDeadline {
    pub title: Option<Translated>,
    /// What customers are told of it, such as `Ready by`; left out, they are not told the day.
    #[serde(default)]
    pub customer_sees: Option<Translated>,
    pub within: DurationText,
    /// State whose entry starts the clock; left out, the opening of the ticket does.
    #[serde(default)]
    pub from: Option<Sp<String>>,
    /// States whose entry stops it for good.
    pub until: OneOrMany<Sp<String>>,
    /// States in which it stands.
    #[serde(default)]
    pub paused_in: OneOrMany<Sp<String>>,
    #[serde(default)]
    pub then: OneOrMany<Action>,
    #[serde(default)]
    pub warn: Option<DeadlineWarning>,
}
