//! Amounts, accounts, entries balanced by construction, voucher templates, reversal.

use serde::{Deserialize, Serialize};

/// A balanced voucher.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Voucher {
    pub template: String,
}
