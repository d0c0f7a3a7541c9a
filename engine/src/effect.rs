//! What a step asks the world to do. The list is closed; the server has one handler per kind, under the same
//! file name.
//!
//! *In the transaction*, exactly once: timer, decision, charge, voucher, stock, task, assign, card, payment,
//! document, device. *Through the outbox*, at least once with a stable key: notify, webhook.
//! An effect's id is (ticket, number of the step, index here): the idempotency key everywhere.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::definition::action::{PaymentDirection, StockKind};
use crate::facts::{Map, Value};
use crate::ledger::Voucher;
use crate::rules::Condition;

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
    Device(Map),
    Webhook(Webhook),
}

/// A moment at which an event comes to this ticket, or its withdrawal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    Set {
        /// Unique among the ticket's armed timers.
        id: String,
        event: String,
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        data: Map,
        at: DateTime<Utc>,
        /// The length as it was written, for people.
        within: String,
    },
    Cancel {
        id: String,
    },
    /// A deadline's clock stands; what is left of it, in working or calendar milliseconds.
    Pause {
        id: String,
        left_ms: i64,
    },
}

/// A rule's decision with the conditions that led to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ruling {
    pub rule: String,
    /// Fact that holds it from now on.
    pub into: String,
    pub value: Value,
    pub conditions: Vec<Condition>,
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
}

/// A message; the text is made from its template and the facts after the step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notify {
    pub to: Recipient,
    pub message: String,
}

/// Charge lines that are new, changed (whole, by `id`) or taken out (by `id`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Charge {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<i64>,
}

/// A movement of one part. Value is the moving average that the facts held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stock {
    pub kind: StockKind,
    pub part: String,
    #[serde(with = "rust_decimal::serde::str")]
    pub quantity: Decimal,
    /// None: the branch's main warehouse.
    pub warehouse: Option<String>,
    pub to: Option<String>,
    /// Cost of the whole quantity.
    #[serde(with = "rust_decimal::serde::str")]
    pub cost: Decimal,
}

/// A task on somebody's list. Titles by language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub title: Map,
    pub to: Recipient,
    pub due: Option<DateTime<Utc>>,
}

/// Who is responsible from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assign {
    Technician(String),
    Agency(String),
    Partner(String),
}

/// The card after the step: whole, by the names of [`shape::CARD`](crate::facts::shape::CARD).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub change: CardChange,
    pub card: Value,
    pub reason: String,
    pub on: NaiveDate,
}

/// What happened to the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardChange {
    Issued,
    Started,
    Stamped,
    Extended,
    Voided,
}

/// Money received or paid back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    pub direction: PaymentDirection,
    #[serde(with = "rust_decimal::serde::str")]
    pub amount: Decimal,
    pub method: String,
    pub reference: Option<String>,
}

/// A numbered document; the number is given when the step is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub series: String,
    /// Ids of the charge lines in it.
    pub lines: Vec<i64>,
    #[serde(with = "rust_decimal::serde::str")]
    pub net: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    pub vat: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    pub gross: Decimal,
    pub due: Option<DateTime<Utc>>,
}

/// A call to an endpoint that the configuration names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    pub endpoint: String,
    pub body: Map,
}
