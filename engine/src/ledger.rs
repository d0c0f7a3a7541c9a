//! Amounts, accounts, vouchers balanced by construction, templates, reversal, splits.
//!
//! A [`Voucher`] that exists is balanced: there is no other way to make or to read one. Money is a whole
//! number of minor units here and an exact decimal outside; a float is never near it.

pub mod account;
pub mod amount;
pub mod template;
pub mod voucher;

pub use account::{Account, Accounts, Books, Level};
pub use amount::{Amount, AmountError, Currency};
pub use template::Template;
pub use voucher::{Explanation, Header, Line, Posting, Side, Voucher, VoucherError};

pub use crate::definition::books::{AccountClass, DetailKind, Nature, StandsFor, VoucherKind};
