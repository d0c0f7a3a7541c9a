//! What a step asks the world to do. The list is closed; each file here holds one kind: the action as an author
//! bound it, what it changes in the facts of the running step, and the effect it leaves for the server, which
//! has one handler per kind under the same file name.
//!
//! *In the transaction*, exactly once: timer, decision, charge, voucher, stock, task, assign, card, payment,
//! document, device, child. *Through the outbox*, at least once with a stable key: notify, webhook.
//! An effect's id is (ticket, number of the step, index here): the idempotency key everywhere.

pub mod assign;
pub mod card;
pub mod charge;
pub mod child;
pub mod decision;
pub mod device;
pub mod document;
pub mod notify;
pub(crate) mod output;
pub mod payment;
mod raise;
mod set;
pub(crate) mod slot;
pub mod stock;
pub mod task;
pub mod timer;
mod voucher;
pub mod webhook;

use serde::{Deserialize, Serialize};

use crate::compile::Binder;
use crate::definition;
use crate::facts::Map;
use crate::ledger::Voucher;
use crate::step::run::{Refusal, Run};

pub use assign::Assign;
pub use card::{Card, CardChange};
pub use charge::Charge;
pub use child::Child;
pub use decision::Ruling;
pub use document::Document;
pub use notify::{Notify, Recipient};
pub use payment::Payment;
pub use stock::Stock;
pub use task::Task;
pub use timer::Timer;
pub use webhook::Webhook;

/// One effect. Its index in the decision's list is part of its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Timer(Timer),
    Decision(Ruling),
    Notify(Notify),
    Charge(Charge),
    Voucher(Voucher),
    Stock(Stock),
    Task(Task),
    Assign(Assign),
    Card(Card),
    Payment(Payment),
    Document(Document),
    /// Keys of the device's register entry with their new values.
    Device(Map),
    Webhook(Webhook),
    Child(Child),
    /// What a finished ticket gives to the one that waits for it.
    Output(Map),
}

/// An action with its names resolved.
#[derive(Debug)]
pub enum Action {
    Raise(raise::Action),
    Send(timer::Action),
    Cancel(String),
    Set(set::Action),
    Decide(decision::Action),
    Notify(notify::Action),
    Charge(charge::Action),
    Voucher(voucher::Action),
    Stock(stock::Action),
    Task(task::Action),
    Assign(assign::Action),
    Card(card::Action),
    Payment(payment::Action),
    Document(document::Action),
    Device(device::Action),
    Webhook(webhook::Action),
    Open(child::Action),
}

/// Binds an author's action; what cannot be bound is in the binder's diagnostics.
pub(crate) fn bind(action: &definition::Action, binder: &mut Binder<'_>) -> Option<Action> {
    use definition::Action as Written;
    Some(match action {
        Written::Raise(event) => Action::Raise(raise::Action::bind(event, binder)),
        Written::Send(send) => Action::Send(timer::Action::bind(send, binder)?),
        Written::Cancel(id) => Action::Cancel(id.value.clone()),
        Written::Set(fields) => Action::Set(set::Action::bind(fields, binder)),
        Written::Decide(decide) => Action::Decide(decision::Action::bind(decide, binder)?),
        Written::Notify(notify) => Action::Notify(notify::Action::bind(notify, binder)?),
        Written::Charge(charge) => Action::Charge(charge::Action::bind(charge, binder)?),
        Written::Voucher(voucher) => Action::Voucher(voucher::Action::bind(voucher, binder)?),
        Written::Stock(stock) => Action::Stock(stock::Action::bind(stock, binder)?),
        Written::Task(task) => Action::Task(task::Action::bind(task, binder)?),
        Written::Assign(assign) => Action::Assign(assign::Action::bind(assign, binder)?),
        Written::Card(card) => Action::Card(card::Action::bind(card, binder)?),
        Written::Payment(payment) => Action::Payment(payment::Action::bind(payment, binder)?),
        Written::Document(document) => Action::Document(document::Action::bind(document, binder)?),
        Written::Device(fields) => Action::Device(device::Action::bind(fields, binder)),
        Written::Webhook(webhook) => Action::Webhook(webhook::Action::bind(webhook, binder)),
        Written::Open(open) => Action::Open(child::Action::bind(open, binder)?),
    })
}

/// Carries an action out on the running step.
pub(crate) fn perform(run: &mut Run<'_>, action: &Action) -> Result<(), Refusal> {
    match action {
        Action::Raise(action) => action.perform(run),
        Action::Send(action) => action.perform(run)?,
        Action::Cancel(id) => timer::cancel(run, id),
        Action::Set(action) => action.perform(run)?,
        Action::Decide(action) => action.perform(run)?,
        Action::Notify(action) => action.perform(run)?,
        Action::Charge(action) => action.perform(run)?,
        Action::Voucher(action) => action.perform(run)?,
        Action::Stock(action) => action.perform(run)?,
        Action::Task(action) => action.perform(run)?,
        Action::Assign(action) => action.perform(run)?,
        Action::Card(action) => action.perform(run)?,
        Action::Payment(action) => action.perform(run)?,
        Action::Document(action) => action.perform(run)?,
        Action::Device(action) => action.perform(run)?,
        Action::Webhook(action) => action.perform(run)?,
        Action::Open(action) => action.perform(run)?,
    }
    Ok(())
}
