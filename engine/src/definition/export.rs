//! Exports of the books, as accountants write them: which columns a local accounting package wants to read.
//!
//! Only what stands in the file; [`export`](crate::export) checks it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Translated;
use super::company::CalendarSystem;
use crate::diagnostic::Sp;
use crate::language::Language;

/// An export of vouchers as a table: one row for each line.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportFile {
    /// Name of the export, the same as its file's name.
    pub export: Sp<String>,
    pub title: Translated,
    /// Language of titles and account names. Left out: the language of the books.
    #[serde(default)]
    pub language: Option<Sp<Language>>,
    /// How days are written.
    #[serde(default)]
    pub dates: Option<Dates>,
    /// How amounts are written.
    #[serde(default)]
    pub amounts: Option<Amounts>,
    /// How a CSV file is written.
    #[serde(default)]
    pub csv: Option<Csv>,
    /// From left to right.
    pub columns: Vec<Column>,
}

/// How days are written.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    /// Default `gregorian`.
    #[serde(default)]
    pub calendar: Option<Sp<CalendarSystem>>,
    /// Made of `{yyyy}`, `{yy}`, `{mm}` and `{dd}`. Default `{yyyy}-{mm}-{dd}`.
    #[serde(default)]
    pub pattern: Option<Sp<String>>,
}

/// How amounts are written.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    /// A side without an amount is left empty instead of `0`. Default no.
    #[serde(default)]
    pub empty_zero: Option<Sp<bool>>,
    /// What stands before the fraction. Default `.`.
    #[serde(default)]
    pub decimal_point: Option<Sp<String>>,
}

/// How a CSV file is written.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Csv {
    /// One character. Default `,`.
    #[serde(default)]
    pub separator: Option<Sp<String>>,
    /// Whether titles stand in the first row. Default yes.
    #[serde(default)]
    pub header: Option<Sp<bool>>,
    /// Whether the file begins with a byte order mark, by which Excel knows UTF-8. Default yes.
    #[serde(default)]
    pub byte_order_mark: Option<Sp<bool>>,
}

/// A column: a value of the line, or the same text in every row.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub title: Translated,
    /// What stands in it.
    #[serde(default)]
    pub value: Option<Sp<ColumnValue>>,
    /// The same text in every row.
    #[serde(default)]
    pub fixed: Option<Sp<String>>,
}

/// What a column can show of a voucher line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnValue {
    Date,
    FiscalYear,
    /// Number of the voucher, empty until it is final.
    Number,
    /// Reference of the voucher, in the order of entry.
    Reference,
    /// Line of the voucher, from 1.
    Line,
    /// `draft`, `reviewed`, `final` or `reversed`.
    Status,
    /// Description of the voucher.
    VoucherText,
    /// Description of the line.
    Text,
    /// Code of the group.
    Group,
    /// Code of the general account.
    General,
    /// Code of the subsidiary account.
    Account,
    GroupTitle,
    GeneralTitle,
    AccountTitle,
    /// Code of the first detail.
    #[serde(rename = "detail_1")]
    Detail1,
    #[serde(rename = "detail_2")]
    Detail2,
    #[serde(rename = "detail_3")]
    Detail3,
    /// What the details are called.
    DetailNames,
    Debit,
    Credit,
    /// Debit less credit.
    Amount,
    Currency,
    /// Tracking code of the ticket.
    Ticket,
    /// Template that made the voucher.
    Template,
}
