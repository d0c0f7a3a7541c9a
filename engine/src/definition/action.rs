//! What an author can ask for on entry, on exit and in a transition. The list is closed: each kind of action
//! is carried out by the one effect of the same name.

use schemars::JsonSchema;
use serde::Deserialize;

use super::child::Open;
use super::{DurationText, Expression, OneOrMany, Table, Translated};
use crate::diagnostic::Sp;

/// One action, written as a map with one key.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Puts an event on the internal queue.
    Raise(Sp<String>),
    /// Sends an event to this ticket, now or later.
    Send(Send),
    /// Withdraws a delayed `send` by its id.
    Cancel(Sp<String>),
    /// Stores values in the ticket's fields.
    Set(Table<Expression>),
    /// Runs a rule and stores its decision with the reasons.
    Decide(Decide),
    /// Sends a message.
    Notify(Notify),
    /// Adds or changes charge lines.
    Charge(Charge),
    /// Writes an accounting voucher from a template: its name, or with a condition.
    Voucher(Voucher),
    /// Moves parts between warehouses, in or out.
    Stock(Stock),
    /// Puts a task on somebody's list.
    Task(Task),
    /// Makes a technician, an agency or a partner responsible.
    Assign(Assign),
    /// Issues, starts, stamps, extends or voids the device's card.
    Card(Card),
    /// Records money received or paid back.
    Payment(Payment),
    /// Makes a numbered document out of the charge lines.
    Document(Document),
    /// Changes the device's register entry.
    Device(Table<Expression>),
    /// Calls an endpoint that the administrator has named in the configuration.
    Webhook(Webhook),
    /// Opens a linked ticket that nobody waits for.
    Open(Open),
}

/// An event to this ticket, now or later: its name, or all of this.
#[derive(Clone, Debug, PartialEq)]
pub struct Send {
    pub event: Sp<String>,
    pub after: Option<DurationText>,
    /// A day or moment, instead of `after`. A day begins at midnight; what is past comes at once.
    pub at: Option<Expression>,
    pub id: Option<Sp<String>>,
    pub data: Table<Expression>,
}

/// `coverage`, or `{rule: coverage, into: verdict}`. A rule is a function in one of the files in `rules/`.
#[derive(Clone, Debug, PartialEq)]
pub struct Decide {
    pub rule: Sp<String>,
    /// Fact that holds the decision afterwards. Default: the rule's name.
    pub into: Option<Sp<String>>,
}

/// A message to somebody.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notify {
    pub to: Recipient,
    /// Key of a message file's entry.
    pub message: Sp<String>,
    /// Only when this holds.
    #[serde(default)]
    pub when: Option<Expression>,
}

/// Who gets a message or a task: `customer`, `agency`, `partner`, `technician`, `{role: dispatcher}`
/// (everybody of the role in the ticket's branch), or `{user: field}`, `{agency: field}`, `{partner: field}`, where
/// inside `each` the field may be one of the record: `{agency: offer.agency}`.
#[derive(Clone, Debug, PartialEq)]
pub enum Recipient {
    Customer(crate::diagnostic::Place),
    Agency(crate::diagnostic::Place),
    Partner(crate::diagnostic::Place),
    Technician(crate::diagnostic::Place),
    Role(Sp<String>),
    User(Sp<String>),
    /// The agency or partner whose code stands in a field.
    AgencyIn(Sp<String>),
}

/// Charge lines: added from a form's lines through a pricing rule, or changed.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Charge {
    /// Adds a line for each item.
    Add(ChargeAdd),
    /// Changes lines that fit: decision, payment class, status, coverage.
    Change(ChargeChange),
    /// Takes lines out that fit and are not yet invoiced.
    Remove(ChargeSelect),
}

/// Lines to add.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargeAdd {
    /// Expression that gives one item or a list of items (part lines, service lines).
    pub items: Expression,
    /// Rule that makes a charge line out of one item: its first parameter is `item`.
    pub rule: Sp<String>,
    /// Status of the new lines. Default `planned`.
    #[serde(default)]
    pub status: Option<Sp<String>>,
}

/// What to change in which lines. Expressions see the line as `line`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargeChange {
    /// Which lines: an expression over `line`; left out, all.
    #[serde(default, rename = "where")]
    pub filter: Option<Expression>,
    pub set: Table<Expression>,
}

/// Which lines: an expression over `line`; left out, all.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargeSelect {
    #[serde(default, rename = "where")]
    pub filter: Option<Expression>,
}

/// `template`, or `{template: name, when: condition}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Voucher {
    pub template: Sp<String>,
    pub when: Option<Expression>,
}

/// A movement of parts, one for each item.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    pub kind: Sp<StockKind>,
    /// Expression that gives the items: part lines or charge lines, each with `code` and `quantity`.
    pub items: Expression,
    /// Which of them: an expression over `line`; left out, all.
    #[serde(default, rename = "where")]
    pub filter: Option<Expression>,
    /// Warehouse code as an expression. Default: the branch's main warehouse.
    #[serde(default)]
    pub warehouse: Option<Expression>,
    /// For `transfer`: where the parts go.
    #[serde(default)]
    pub to: Option<Expression>,
}

/// Which way parts move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StockKind {
    /// Out of the warehouse, at moving average cost.
    Issue,
    /// Back into the warehouse, at the cost it left with.
    Return,
    /// Between two warehouses.
    Transfer,
    /// Removed defective parts come in, without value.
    Defective,
    /// Bought parts come in, at the `cost` of each item.
    Receipt,
    /// A count has found more than the books say.
    Surplus,
    /// A count has found less than the books say.
    Missing,
}

/// A task on somebody's list.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    pub title: Translated,
    pub to: Recipient,
    #[serde(default)]
    pub due: Option<DurationText>,
}

/// Who becomes responsible; the value is an expression, usually a field's name.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Assign {
    Technician(Expression),
    Agency(Expression),
    Partner(Expression),
}

/// What happens to the device's card.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Card {
    /// A new card; terms by the policy and the start basis.
    Issue(Table<Expression>),
    /// The sale on the card: `{sold_on, holder}` and what else of the card is known then.
    Sell(Table<Expression>),
    /// Starts the terms on this date, if they have not started.
    Start(Expression),
    /// The card is stamped.
    Stamp(Expression),
    /// One term ends later: `{term: guarantee, months: 6, reason: …}`.
    Extend(Table<Expression>),
    /// One term ends earlier: `{term: extension, on: today, reason: …}` names its last day.
    Curtail(Table<Expression>),
    /// The card is void, with the reason.
    Void(Expression),
}

/// Money received (`in`) or paid back (`out`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    pub amount: Expression,
    /// `cash`, `card`, `transfer`, `cheque`, `online`: an expression.
    pub method: Expression,
    #[serde(default)]
    pub direction: Option<Sp<PaymentDirection>>,
    #[serde(default)]
    pub reference: Option<Expression>,
}

/// Which way money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentDirection {
    In,
    Out,
}

/// A numbered document.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Number format and series, as in the company file: `quotation`, `invoice`, `delivery_permit` …
    pub series: Sp<String>,
    /// Charge lines in it: an expression over `line`; left out, all.
    #[serde(default)]
    pub lines: Option<Expression>,
    /// How long it is valid or when it is due.
    #[serde(default)]
    pub due: Option<DurationText>,
    /// Fields that stand in it, as they are at this moment.
    #[serde(default)]
    pub fields: Vec<Sp<String>>,
    /// Only when this holds; a document that is not made takes no number.
    #[serde(default)]
    pub when: Option<Expression>,
}

/// A call to a named endpoint.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    pub endpoint: Sp<String>,
    pub body: Table<Expression>,
}

/// One action or a list of them.
pub type Actions = OneOrMany<Action>;
