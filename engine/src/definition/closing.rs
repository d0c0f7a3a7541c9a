//! How a fiscal year ends in the books, as accountants write it.
//!
//! Only what stands in the file; [`run::closing`](crate::run::closing) compiles it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Translated;
use super::books::account_code;
use crate::diagnostic::Sp;

/// The end of a fiscal year: what income and expenses come to goes to one account, and all other balances are carried
/// over. Refused while the year has vouchers that are not final, or runs that are not done.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosingFile {
    /// Name of the closing, the same as its file's name. It is among the runs.
    pub closing: Sp<String>,
    pub title: Translated,
    /// Code of the subsidiary account of equity that takes the year's result, such as retained earnings.
    #[schemars(schema_with = "account_code")]
    pub result: Sp<String>,
    /// Description of the voucher that closes income and expenses; `{year}` stands for the fiscal year.
    pub text: Translated,
    /// Writes two more vouchers, which close all other accounts on the last day of the year and open them on the
    /// first day of the next. They cancel each other, so only the journal and exports show them. Left out, balances
    /// go on without.
    #[serde(default)]
    pub carry: Option<CarryEntry>,
}

/// Descriptions of the vouchers that carry balances over; `{year}` stands for the fiscal year that each is in.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CarryEntry {
    pub closing: Translated,
    pub opening: Translated,
}
