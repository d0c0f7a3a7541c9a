//! `notify`: a message to somebody. Its text is made from the template and the facts after the step.

use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::definition::action as written;
use crate::effect::Effect;
use crate::effect::slot::Slot;
use crate::facts::Map;
use crate::step::eyes::Bound;
use crate::step::run::{Refusal, Run};

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notify {
    pub to: Recipient,
    pub message: String,
    /// The record of the instance that sends it, by the name that the text knows it by.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub record: Map,
}

/// Somebody who gets a message or a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    Customer,
    Agency,
    Partner,
    Technician,
    /// Everybody who has the role in the ticket's branch.
    Role(String),
    /// Sign-in name.
    User(String),
    /// Code of an agency or partner.
    AgencyOf(String),
}

#[derive(Debug)]
pub struct Action {
    to: To,
    message: String,
    when: Option<Bound>,
}

/// A recipient of which the field is known, but not yet the user in it.
#[derive(Debug)]
pub(super) enum To {
    Known(Recipient),
    UserIn(Slot),
    AgencyIn(Slot),
}

impl To {
    pub(super) fn bind(to: &written::Recipient, binder: &mut Binder<'_>) -> Option<Self> {
        Some(Self::Known(match to {
            written::Recipient::Customer(_) => Recipient::Customer,
            written::Recipient::Agency(_) => Recipient::Agency,
            written::Recipient::Partner(_) => Recipient::Partner,
            written::Recipient::Technician(_) => Recipient::Technician,
            written::Recipient::Role(role) => {
                binder.role(role);
                Recipient::Role(role.value.clone())
            }
            written::Recipient::User(field) => return binder.slot_to_set(field).map(Self::UserIn),
            written::Recipient::AgencyIn(field) => return binder.slot_to_set(field).map(Self::AgencyIn),
        }))
    }

    /// None when the field is empty: there is nobody yet.
    pub(super) fn resolve(&self, run: &Run<'_>) -> Option<Recipient> {
        let text = |slot: &Slot| slot.value(run).as_text().map(str::to_owned);
        match self {
            Self::Known(recipient) => Some(recipient.clone()),
            Self::UserIn(slot) => text(slot).map(Recipient::User),
            Self::AgencyIn(slot) => text(slot).map(Recipient::AgencyOf),
        }
    }
}

impl Action {
    pub(super) fn bind(notify: &written::Notify, binder: &mut Binder<'_>) -> Option<Self> {
        binder.message(&notify.message);
        let when = binder.condition(notify.when.as_ref())?;
        Some(Self { to: To::bind(&notify.to, binder)?, message: notify.message.value.clone(), when })
    }

    pub(super) fn perform(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        if run.holds(self.when.as_ref())?
            && let Some(to) = self.to.resolve(run)
        {
            let record = run.record().into_iter().collect();
            run.effects.push(Effect::Notify(Notify { to, message: self.message.clone(), record }));
        }
        Ok(())
    }
}
