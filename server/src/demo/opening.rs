//! What the demo's stock is worth on its first day, in the books: without it the ledger would begin below zero.

use std::collections::BTreeMap;

use aftercare_engine::ledger::amount::decimal;
use aftercare_engine::ledger::{Account, AccountClass, DetailKind, Level, StandsFor};
use chrono::{DateTime, Utc};

use crate::books::by_hand;
use crate::books::hand::{Entry, EntryLine};
use crate::catalog::Version;
use crate::entity::stock_balance;
use crate::i18n;
use crate::store::StoreError;
use crate::store::step::VoucherWrite;

/// The voucher: stock by warehouse against capital. None where the chart has no accounts for it.
pub fn voucher(
    version: &Version,
    balances: &[stock_balance::Model],
    at: DateTime<Utc>,
) -> Result<Option<VoucherWrite>, StoreError> {
    let chart = &version.library().accounts;
    let found = |fits: &dyn Fn(&Account) -> bool| {
        let mut own = chart.iter().filter(|account| account.level == Level::Subsidiary && !account.memo);
        own.find(|account| fits(account)).map(|account| account.code.to_string())
    };
    let stock = found(&|account| {
        account.stands_for == Some(StandsFor::Stock)
            && account.details.required.iter().eq([&DetailKind::Warehouse])
    });
    let capital =
        found(&|account| account.class == AccountClass::Equity && account.details.required.is_empty());
    let (Some(stock), Some(capital)) = (stock, capital) else { return Ok(None) };
    let mut values: BTreeMap<&str, i64> = BTreeMap::new();
    for balance in balances {
        *values.entry(&balance.warehouse).or_default() += balance.value;
    }
    let currency = version.currency();
    let amount = |minor: i64| Some(decimal(minor, &currency).to_string());
    let line = |account: &str, details: BTreeMap<String, String>| EntryLine {
        account: account.to_owned(),
        details,
        text: None,
        debit: None,
        credit: None,
    };
    let mut lines: Vec<EntryLine> = Vec::new();
    for (warehouse, value) in values.iter().filter(|(_, value)| **value > 0) {
        let details = BTreeMap::from([(DetailKind::Warehouse.word().to_owned(), (*warehouse).to_owned())]);
        lines.push(EntryLine { debit: amount(*value), ..line(&stock, details) });
    }
    lines.push(EntryLine { credit: amount(values.values().sum()), ..line(&capital, BTreeMap::new()) });
    let (date, text) = (version.day(at), i18n::text(version.language(), "voucher-opening-stock", &[]));
    let entry = Entry { date, text, memo: false, closing: false, lines };
    let voucher = entry.voucher(version).map_err(|error| StoreError::corrupt("voucher", error))?;
    by_hand(version, &voucher, "system", at).map(Some)
}
