//! What all processes of a bundle share: rules, voucher templates, accounts, messages, calendars, roles,
//! reason texts, the company.
//!
//! It only holds what was read; whether a process uses it rightly is for `compile` and `check`.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::FixedOffset;

use crate::company::Company;
use crate::deadline::Calendar;
use crate::definition::messages::{Message, Role};
use crate::definition::texts::Text;
use crate::definition::{Table, Translated};
use crate::export::Layout;
use crate::facts::charges::Rounding;
use crate::interface::Interface;
use crate::ledger::{Accounts, Template};
use crate::message::Templates;
use crate::rules::Rules;
use crate::run::{Closing, Run};

/// The shared part of a bundle. An empty one serves a single process file in `simulate`.
#[derive(Debug, Default)]
pub struct Library {
    pub rules: Rules,
    /// Voucher templates by name.
    pub vouchers: BTreeMap<String, Arc<Template>>,
    /// Runs over the books by name.
    pub runs: BTreeMap<String, Arc<Run>>,
    /// Closings of fiscal years by name.
    pub closings: BTreeMap<String, Arc<Closing>>,
    /// Layouts of exports by name.
    pub exports: BTreeMap<String, Arc<Layout>>,
    pub accounts: Accounts,
    pub company: Option<Company>,
    /// Working calendars by name.
    pub calendars: BTreeMap<String, Arc<Calendar>>,
    pub messages: Table<Message>,
    /// The same messages, ready to be rendered.
    pub templates: Templates,
    pub roles: Table<Role>,
    /// Texts of reasons and of rules' conditions, by key.
    pub reasons: Table<Translated>,
    /// Every process as the others see it, by name.
    pub interfaces: BTreeMap<String, Interface>,
    /// What people read in the other shared files.
    pub texts: Vec<Text>,
}

impl Library {
    /// Digits after the point of the company's currency.
    pub fn minor_digits(&self) -> u32 {
        self.company.as_ref().map_or(0, |company| company.currency.minor_digits.into())
    }

    /// How documents are rounded.
    pub fn rounding(&self) -> Rounding {
        self.company.as_ref().map(Company::document_rounding).unwrap_or_default()
    }

    /// The company's offset from UTC.
    pub fn zone(&self) -> FixedOffset {
        let minutes = self.company.as_ref().map_or(0, |company| company.offset_minutes);
        FixedOffset::east_opt(minutes * 60).unwrap_or_else(|| chrono::Offset::fix(&chrono::Utc))
    }

    /// The calendar of whoever has none of his own: the first. Without any, all time is working time.
    pub fn calendar(&self) -> Arc<Calendar> {
        self.calendars.values().next().cloned().unwrap_or_default()
    }
}
