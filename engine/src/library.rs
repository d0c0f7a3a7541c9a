//! What all processes of a bundle share: rules, voucher templates, accounts, messages, calendars, roles,
//! reason texts, the company.
//!
//! It only holds what was read; whether a process uses it rightly is for `compile` and `check`.

use crate::definition::Table;
use crate::definition::Translated;
use crate::definition::messages::{Message, Role};

/// The shared part of a bundle. An empty one serves a single process file in `simulate`.
#[derive(Debug, Default)]
pub struct Library {
    pub rules: crate::rules::Rules,
    pub vouchers: std::collections::BTreeMap<String, std::sync::Arc<crate::ledger::Template>>,
    pub company: Option<crate::company::Company>,
    pub messages: Table<Message>,
    pub roles: Table<Role>,
    pub reasons: Table<Translated>,
}

impl Library {
    pub fn minor_digits(&self) -> u32 {
        0
    }
}
