//! The accountant's files: the chart of accounts and the voucher templates.
//!
//! Only what stands in the files; [`ledger`](crate::ledger) compiles and checks them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::{Expression, Table, Translated};
use crate::diagnostic::Sp;

/// The chart of accounts: code to account.
///
/// The length of a code is its level: 1 digit a group, 3 digits a general account, 6 digits a subsidiary
/// account. A code starts with the code of the level above. Lines are posted to subsidiary accounts only.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountsFile {
    pub accounts: Table<AccountEntry>,
}

/// One account.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountEntry {
    pub title: Translated,
    /// The side on which its balance normally stands. Left out: as the level above.
    #[serde(default)]
    pub nature: Option<Sp<Nature>>,
    /// Details that every line must give.
    #[serde(default)]
    pub details: Vec<Sp<DetailKind>>,
    /// Details of which every line must give exactly one.
    #[serde(default)]
    pub one_of: Vec<Sp<DetailKind>>,
    /// Details that a line may give.
    #[serde(default)]
    pub optional: Vec<Sp<DetailKind>>,
    /// Outside the balance sheet: only memo vouchers use it. Left out: as the level above.
    #[serde(default)]
    pub memo: Option<Sp<bool>>,
    /// What it is in the statements. Left out: as the level above; at the top, by its nature.
    #[serde(default)]
    pub class: Option<Sp<AccountClass>>,
    /// What reports look for under this account. Left out: as the level above.
    #[serde(default)]
    pub stands_for: Option<Sp<StandsFor>>,
    /// The register whose value it carries: what a ticket moves there, its vouchers post here.
    #[serde(default)]
    pub control: Option<Sp<Control>>,
}

/// A register that keeps in detail what a control account has as a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// Parts in warehouses.
    Stock,
}

/// What an account is in the statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountClass {
    Asset,
    Liability,
    Equity,
    Income,
    Expense,
}

/// What reports look for under an account, whatever its code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandsFor {
    /// What others owe for an invoice.
    Receivable,
    /// Parts at cost, by warehouse.
    Stock,
    /// VAT on what is sold.
    OutputVat,
    /// VAT on what is bought.
    InputVat,
    /// What warranties are expected to cost.
    Provision,
    /// The expense that builds up a provision.
    ProvisionExpense,
    /// Sold and not yet earned.
    DeferredRevenue,
    /// Deferred revenue that has been earned.
    EarnedRevenue,
    /// Differences of document rounding.
    Rounding,
}

/// The side on which an account's balance normally stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    Debit,
    Credit,
    /// Either side.
    Neutral,
}

/// What a floating detail account stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DetailKind {
    Customer,
    Agency,
    Partner,
    Technician,
    Warehouse,
    Product,
    /// A ticket, by its tracking code.
    Case,
    Contract,
    CostCenter,
}

impl DetailKind {
    pub const ALL: [Self; 9] = [
        Self::Customer,
        Self::Agency,
        Self::Partner,
        Self::Technician,
        Self::Warehouse,
        Self::Product,
        Self::Case,
        Self::Contract,
        Self::CostCenter,
    ];

    /// The word that files and the database use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agency => "agency",
            Self::Partner => "partner",
            Self::Technician => "technician",
            Self::Warehouse => "warehouse",
            Self::Product => "product",
            Self::Case => "case",
            Self::Contract => "contract",
            Self::CostCenter => "cost_center",
        }
    }

    /// The kind by its word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A voucher template: which accounts an activity debits and credits, with which amounts.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoucherTemplate {
    /// Name of the template, the same as its file's name.
    pub voucher: Sp<String>,
    pub title: Translated,
    /// Default `ordinary`.
    #[serde(default)]
    pub kind: Option<Sp<VoucherKind>>,
    /// Nothing is posted unless this holds.
    #[serde(default)]
    pub when: Option<Expression>,
    /// Description of the voucher; `{ticket.code}` stands for a fact.
    pub text: Translated,
    pub lines: Vec<TemplateLine>,
}

/// Which books a voucher belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoucherKind {
    #[default]
    Ordinary,
    /// Outside the balance sheet, such as customers' goods in our care.
    Memo,
    /// Closes the accounts of a year; a trial balance may leave it out.
    Closing,
    /// Carries balances out of a year or into the next: the two cancel each other, and no balance counts them. Only a
    /// closing makes them.
    #[schemars(skip)]
    Carry,
}

/// One line of a template, or with `each` one line for every item of a list.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateLine {
    /// Code of the subsidiary account that is debited.
    #[serde(default)]
    #[schemars(schema_with = "account_code")]
    pub debit: Option<Sp<String>>,
    /// Code of the subsidiary account that is credited. A line has one of `debit` and `credit`.
    #[serde(default)]
    #[schemars(schema_with = "account_code")]
    pub credit: Option<Sp<String>>,
    /// Amount in the company's currency. A line of zero is left out.
    pub amount: Expression,
    /// Detail kind to the expression that gives its code.
    #[serde(default)]
    pub details: Table<Expression>,
    /// Description of the line; left out, the voucher's.
    #[serde(default)]
    pub text: Option<Translated>,
    /// The line is left out unless this holds; with `each`, asked for every item.
    #[serde(default)]
    pub when: Option<Expression>,
    /// Expression that gives a list: one line for each item, which expressions see as `line`.
    #[serde(default)]
    pub each: Option<Expression>,
    /// A negative amount goes to the other side. Without it a negative amount is an error.
    #[serde(default)]
    pub signed: Option<Sp<bool>>,
}

pub(super) fn account_code(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "integer", "null"]})
}
