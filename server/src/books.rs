//! A stored voucher as the engine knows it, balanced, and the one that takes it back.
//!
//! Nothing is written here, and no amount is made: what stands in the rows is read, checked and turned over.

pub mod hand;

use aftercare_engine::facts::Value;
use aftercare_engine::ledger::{Currency, Header, Line, Voucher};
use chrono::{DateTime, Utc};

use crate::catalog::Version;
use crate::effects::json;
use crate::effects::voucher::{draft, line_row, rows};
use crate::entity::{voucher, voucher_line};
use crate::i18n;
use crate::store::StoreError;
use crate::store::step::VoucherWrite;

/// Who takes a voucher back, why and when.
#[derive(Clone, Debug)]
pub struct Taking {
    pub who: String,
    pub reason: String,
    pub at: DateTime<Utc>,
}

/// Whether a person decided on the voucher, rather than a template: then another has to review it in any case.
pub fn is_by_hand(row: &voucher::Model) -> bool {
    row.reverses.is_some() || row.template == hand::BY_HAND
}

/// A draft that somebody has entered.
pub fn by_hand(
    version: &Version,
    entered: &Voucher,
    who: &str,
    at: DateTime<Utc>,
) -> Result<VoucherWrite, StoreError> {
    let mut write = rows(version, entered, String::new(), who, at)?;
    write.voucher.event = hand::BY_HAND.into();
    Ok(write)
}

/// What somebody has half entered: kept as it is, without lines, so that it is in no balance.
pub fn note(
    version: &Version,
    entry: &hand::Entry,
    who: &str,
    at: DateTime<Utc>,
) -> Result<VoucherWrite, StoreError> {
    let voucher = voucher::Model {
        event: hand::BY_HAND.into(),
        template: hand::BY_HAND.into(),
        status: "note".into(),
        kind: json("voucher", &entry.kind())?.trim_matches('"').to_owned(),
        detail: json("voucher", entry)?,
        ..draft(version, entry.date, &entry.text, who, at)
    };
    Ok(VoucherWrite { voucher, lines: Vec::new() })
}

/// The voucher, if its rows are one: balanced, of one currency, with the total that it says.
pub fn read(row: &voucher::Model, lines: &[voucher_line::Model], digits: u8) -> Result<Voucher, StoreError> {
    let header = Header {
        template: row.template.as_str().into(),
        kind: stored(&format!("\"{}\"", row.kind))?,
        date: row.date,
        currency: Currency::new(row.currency.as_str(), digits),
        text: row.text.clone(),
        values: stored(&row.detail)?,
        reversal: row.reverses.is_some(),
    };
    if lines.iter().any(|line| line.currency != row.currency) {
        return Err(StoreError::corrupt("voucher", "its lines have another currency"));
    }
    let own = lines.iter().map(|line| {
        Ok(Line {
            account: line.account.as_str().into(),
            memo: line.memo,
            details: stored(&line.details)?,
            debit_minor: line.debit,
            credit_minor: line.credit,
            text: line.text.clone(),
            explanation: stored(&line.explanation)?,
        })
    });
    let own = own.collect::<Result<_, StoreError>>()?;
    let voucher = Voucher::from_lines(header, own).map_err(|error| StoreError::corrupt("voucher", error))?;
    if voucher.total().minor() != row.total {
        return Err(StoreError::corrupt("voucher", "its lines have another total"));
    }
    Ok(voucher)
}

/// The draft that takes a voucher back, of the day it is asked for; debits come first.
pub fn reversal(
    version: &Version,
    row: &voucher::Model,
    lines: &[voucher_line::Model],
    taking: &Taking,
) -> Result<VoucherWrite, StoreError> {
    let voucher = read(row, lines, version.currency().minor_digits)?;
    let turned = voucher.reversal(version.day(taking.at).max(row.date));
    let date = turned.header().date;
    let number = row.voucher_no.unwrap_or_default().to_string();
    let mut values = turned.header().values.clone();
    values.push(("reversal.reason".into(), Value::from_json(&taking.reason.as_str().into())));
    let told = [("number", number), ("text", row.text.clone()), ("reason", taking.reason.clone())];
    let text = i18n::text(version.language(), "voucher-reversal", &told);
    let reversal = voucher::Model {
        source: format!("voucher/{}/reversal", row.reference_no),
        event: "reversal".into(),
        template: row.template.clone(),
        currency: row.currency.clone(),
        kind: row.kind.clone(),
        detail: json("voucher", &values)?,
        ticket: row.ticket.clone(),
        reverses: Some(row.reference_no),
        total: turned.total().minor(),
        ..draft(version, date, &text, &taking.who, taking.at)
    };
    let (debits, credits): (Vec<_>, Vec<_>) = turned.lines().iter().partition(|line| line.debit_minor > 0);
    let lines = debits.into_iter().chain(credits).zip(1..);
    let lines = lines.map(|(line, n)| line_row(line, n, &reversal)).collect::<Result<_, _>>()?;
    Ok(VoucherWrite { voucher: reversal, lines })
}

fn stored<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt("voucher", error))
}
