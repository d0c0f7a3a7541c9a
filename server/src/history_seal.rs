//! Seals over the histories (P17): whoever can write to the database can make a ticket's chain of hashes anew, but not a
//! seal over its head, since its key is not in the database. A seal covers what is new since the one before, and that
//! one itself; kept elsewhere as well, the last one tells when later ones were cut off.
//!
//! What is newer than the last seal is not covered: that is what `verify` says.

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::app::App;
use crate::auth::seal::{SealError, history_key};
use crate::entity::{history_seal, history_seal_item, voucher, voucher_line};
use crate::store::history_seal::{WholeVoucher, put};
use crate::store::{StoreError, chain};

/// Most items of one seal.
const ITEMS: u64 = 2_000;
/// Steps that are still being written, and clocks of several servers, may be so much behind.
const BEHIND: TimeDelta = TimeDelta::minutes(15);

/// Why nothing can be sealed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Key(#[from] SealError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Seals what is new; how many items.
pub async fn seal(app: &App) -> Result<usize, Error> {
    let key = history_key(&app.config)?;
    let now = app.clock.now();
    let since = app.store.sealed_until().await?.map_or(DateTime::<Utc>::UNIX_EPOCH, |until| until - BEHIND);
    let (mut ticket, mut voucher, mut count) = (String::new(), 0, 0);
    loop {
        let heads = app.store.unsealed_tickets(since, &ticket, ITEMS).await?;
        let vouchers = app.store.unsealed_vouchers(since, voucher, ITEMS).await?;
        let is_last = [heads.len(), vouchers.len()].iter().all(|found| (*found as u64) < ITEMS);
        ticket = heads.last().map_or(ticket, |head| head.code.clone());
        voucher = vouchers.last().map_or(voucher, |(row, _)| row.reference_no);
        let items: Vec<(String, i64, String)> = heads
            .into_iter()
            .map(|head| (format!("ticket {}", head.code), head.revision, head.head))
            .chain(vouchers.iter().map(of_voucher))
            .collect();
        if items.is_empty() {
            return Ok(count);
        }
        count += items.len();
        // Another server has sealed meanwhile: it goes on.
        if !next(app, &key, items, now, is_last.then_some(now)).await? || is_last {
            return Ok(count);
        }
    }
}

async fn next(
    app: &App,
    key: &[u8; 32],
    mut items: Vec<(String, i64, String)>,
    at: DateTime<Utc>,
    complete: Option<DateTime<Utc>>,
) -> Result<bool, StoreError> {
    let last = app.store.last_seal().await?;
    let number = last.as_ref().map_or(0, |seal| seal.number) + 1;
    items.sort();
    let items: Vec<history_seal_item::Model> = items
        .into_iter()
        .map(|(subject, revision, head)| history_seal_item::Model { seal: number, subject, revision, head })
        .collect();
    let mut seal = history_seal::Model {
        number,
        at,
        complete,
        items: i64::try_from(items.len()).unwrap_or(i64::MAX),
        digest: digest(&items),
        before: last.map(|seal| seal.mac).unwrap_or_default(),
        mac: String::new(),
    };
    seal.mac = mac(key, &seal);
    app.store.write(move |tx| Box::pin(async move { put(tx, seal, items).await })).await
}

/// The hash of a seal's items, in the order of their subjects.
pub fn digest(items: &[history_seal_item::Model]) -> String {
    let lines: Vec<String> =
        items.iter().map(|item| format!("{}\n{}\n{}", item.subject, item.revision, item.head)).collect();
    chain::hash_parts(lines.iter().map(String::as_str))
}

/// What only the holder of the key can write under a seal.
pub fn mac(key: &[u8; 32], seal: &history_seal::Model) -> String {
    let whole = chain::hash_parts([
        seal.number.to_string().as_str(),
        &seal.at.timestamp_millis().to_string(),
        &moment(seal.complete),
        &seal.items.to_string(),
        &seal.digest,
        &seal.before,
    ]);
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(whole.as_bytes());
    chain::hex(&mac.finalize().into_bytes())
}

fn of_voucher((row, lines): &WholeVoucher) -> (String, i64, String) {
    let subject = format!("voucher {}", row.reference_no);
    (subject, row.voucher_no.unwrap_or_default(), voucher_hash(row, lines))
}

/// The hash of a final voucher. Whether it was reversed since is not in it: that may still happen.
pub fn voucher_hash(row: &voucher::Model, lines: &[voucher_line::Model]) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let mut parts = vec![
        row.reference_no.to_string(),
        row.source.clone(),
        row.event.clone(),
        row.template.clone(),
        row.date.to_string(),
        row.fiscal_year.clone(),
        row.currency.clone(),
        number(row.voucher_no),
        row.kind.clone(),
        row.text.clone(),
        row.detail.clone(),
        text(&row.ticket),
        number(row.reverses),
        row.total.to_string(),
        row.prepared_by.clone(),
        row.prepared_at.timestamp_millis().to_string(),
        text(&row.finalised_by),
        moment(row.finalised_at),
    ];
    for line in lines {
        parts.extend([
            line.line.to_string(),
            line.account.clone(),
            line.memo.to_string(),
            text(&line.party_kind),
            text(&line.party),
            line.details.clone(),
            line.text.clone(),
            line.explanation.clone(),
            line.debit.to_string(),
            line.credit.to_string(),
            line.currency.clone(),
            line.date.to_string(),
        ]);
    }
    chain::hash_parts(parts.iter().map(String::as_str))
}

fn moment(at: Option<DateTime<Utc>>) -> String {
    at.map(|at| at.timestamp_millis().to_string()).unwrap_or_default()
}
