//! A transition of the compiled chart.

use crate::definition::Translated;
use crate::diagnostic::Place;
use crate::effect::Action;
use crate::effect::payment::PaymentForm;
use crate::rules::Expression;
use crate::step::eyes::Bound;
use crate::step::route::Route;

use super::{FormEntry, StateId};

/// A transition.
#[derive(Debug)]
pub struct Transition {
    pub source: StateId,
    /// As written (`paid`, `error.*`, `*`); none for an eventless one.
    pub event: Option<String>,
    pub targets: Vec<StateId>,
    /// The author said `internal: true`.
    pub internal: bool,
    pub guards: Vec<Guard>,
    pub(crate) actions: Vec<Action>,
    /// Roles that may send the event; empty: only the system may.
    pub by: Vec<String>,
    pub form: Vec<FormEntry>,
    /// The author gave a form (even an empty one): other data is refused.
    pub(crate) has_form: bool,
    pub title: Option<Translated>,
    /// The author calls it a correction or an exception: it is not the way on.
    pub rare: bool,
    /// A person who signed in some time ago shows once more who they are.
    pub reauthenticate: bool,
    /// What it leaves and enters; none: nothing, or history decides.
    pub(crate) route: Option<Route>,
    pub place: Place,
}

/// A condition of a transition.
#[derive(Debug)]
pub struct Guard {
    pub when: Expression,
    /// The states of its `in("…")`, in their order.
    pub(crate) states: Vec<StateId>,
    /// File and line, for people.
    pub(crate) source: std::sync::Arc<str>,
    /// Key of the reason given when it does not hold.
    pub because: Option<String>,
    /// What the reason is about.
    pub(crate) about: Option<Bound>,
}

impl Transition {
    /// Whether this is a person's or program's step, as opposed to a timer's or the chart's own.
    pub fn is_step(&self) -> bool {
        !self.by.is_empty()
    }

    /// Whether it leads nowhere and only notes or tells something: no money, no goods.
    pub fn only_tells(&self) -> bool {
        let tells = |action: &Action| matches!(action, Action::Set(_) | Action::Notify(_) | Action::Task(_));
        self.targets.is_empty() && self.actions.iter().all(tells)
    }

    /// The fields of its form that say what is paid, when taking it records money received.
    pub fn payment_form(&self) -> Option<PaymentForm> {
        self.actions.iter().find_map(|action| match action {
            Action::Payment(payment) => payment.form(),
            _ => None,
        })
    }

    /// Whether taking it records money received.
    pub fn takes_payment(&self) -> bool {
        self.actions.iter().any(|action| matches!(action, Action::Payment(payment) if payment.takes_in()))
    }

    /// Whether taking it records money received or paid back.
    pub fn records_payment(&self) -> bool {
        self.actions.iter().any(|action| matches!(action, Action::Payment(_)))
    }
}
