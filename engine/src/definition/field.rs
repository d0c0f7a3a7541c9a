//! A field of a ticket: one definition becomes form, validation, column and API schema.

use schemars::JsonSchema;
use serde::Deserialize;

use super::process::Guard;
use super::{Expression, OneOrMany, Table, Translated};
use crate::diagnostic::Sp;

/// A typed field.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub r#type: Sp<FieldType>,
    #[serde(default)]
    pub title: Option<Translated>,
    #[serde(default)]
    pub help: Option<Translated>,
    /// Asked for in every form it stands in, unless the form says otherwise.
    #[serde(default)]
    pub required: bool,
    /// Value of a new ticket.
    #[serde(default)]
    pub default: Option<Expression>,
    /// For `choice`: the values and what they are called.
    #[serde(default)]
    pub options: Table<Translated>,
    /// For `user`: the role that the user must have.
    #[serde(default)]
    pub role: Option<Sp<String>>,
    /// For numbers, money and rating: bounds; for text: longest length as `max`; for parts and services: the least
    /// quantity of a line as `min`, above zero if left out.
    #[serde(default)]
    pub min: Option<Sp<i64>>,
    #[serde(default)]
    pub max: Option<Sp<i64>>,
    /// For `checklist`: the items that must be ticked.
    #[serde(default)]
    pub items: Table<Translated>,
    /// For `parts`: what is asked of each line besides part and quantity: `old_serial`, `new_serial`, `source`,
    /// `approved`, `unit_cost`. Left out: the two serials.
    #[serde(default)]
    pub columns: Option<Vec<Sp<PartColumn>>>,
    /// For `records`: what each record holds. For `record`: the types of those of its parts that are more than texts,
    /// whole numbers and flags; what is not named here is kept without a type, an amount or a day as a text.
    #[serde(default)]
    pub of: Table<Field>,
    /// Inside `of`: it comes with the row that the form begins with (`from`), and is shown but never asked.
    #[serde(default)]
    pub fixed: bool,
    /// For `records`: what must hold of each, which the expressions see as `row`.
    #[serde(default)]
    pub check: OneOrMany<Guard>,
    /// Who else sees it, outside the house (`customer`, `agency`, `partner`); or which staff alone. None: all staff.
    #[serde(default)]
    pub seen_by: Vec<Sp<String>>,
}

/// What is asked of a part line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartColumn {
    /// Serial of the removed part.
    OldSerial,
    /// Serial of the fitted part.
    NewSerial,
    /// Our warehouse, ours at the agency, or the agency's own.
    Source,
    /// The customer agreed to a part that is not original.
    Approved,
    /// What one has cost, where parts are bought.
    UnitCost,
}

impl PartColumn {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::OldSerial => "old_serial",
            Self::NewSerial => "new_serial",
            Self::Source => "source",
            Self::Approved => "approved",
            Self::UnitCost => "unit_cost",
        }
    }
}

impl Field {
    /// What is asked of each part line besides part and quantity.
    pub fn part_columns(&self) -> Vec<&'static str> {
        match (self.r#type.value, &self.columns) {
            (FieldType::Parts, None) => vec![PartColumn::OldSerial.word(), PartColumn::NewSerial.word()],
            (_, columns) => columns.iter().flatten().map(|column| column.value.word()).collect(),
        }
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Text of one or more lines.
    Text,
    /// Whole number.
    Integer,
    /// Exact decimal number, written as a string.
    Decimal,
    /// Amount in the company's currency, exact.
    Money,
    /// Yes or no.
    Flag,
    /// Day.
    Date,
    /// Moment, RFC 3339.
    Datetime,
    /// One of `options`.
    Choice,
    /// 0 to `max` (default 5).
    Rating,
    /// A user's sign-in name.
    User,
    /// An agency's code.
    Agency,
    /// A partner's code.
    Partner,
    /// A customer's code.
    Customer,
    /// A device's serial. A customer names own devices alone.
    Device,
    /// Code of a service plan that the company sells; the facts add its register entry as `service_plan`.
    ServicePlan,
    /// List of parts: `{code, quantity, old_serial, new_serial}`; the facts add the part's register entry.
    Parts,
    /// List of services: `{code, quantity}`; the facts add the service's register entry.
    Services,
    /// All of `items` ticked or not: a map of item to `true`/`false`.
    Checklist,
    /// Several short texts, such as the accessories handed in; `max` is the longest length of one.
    List,
    /// Number of one of the ticket's charge lines.
    Line,
    /// A signature, drawn where the form is filled in: number of a picture among the ticket's files.
    Signature,
    /// What a camera has taken: number of a picture among the ticket's files.
    Photo,
    /// Anything a rule or an action stores: a map or a list.
    Record,
    /// A list of records with the fields of `of`; a state may run once for each (`each`).
    Records,
}

impl FieldType {
    /// Whether the value is the number of a picture among the ticket's files.
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Signature | Self::Photo)
    }
}
