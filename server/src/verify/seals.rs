//! The seals: each follows the one before, was made with the key of this house, and what it covers is still there. This
//! is what finds a chain that was made anew, a ticket that is gone with its history, and a tail that was cut off.

use std::collections::BTreeMap;

use super::Report;
use crate::app::App;
use crate::auth::seal::known_history_key;
use crate::entity::{history_seal, history_seal_item};
use crate::history_seal::{digest, mac, voucher_hash};
use crate::store::StoreError;

/// Seals read at once.
const PIECE: u64 = 200;

/// `aside`: seals that were kept outside the database.
pub async fn check(app: &App, report: &mut Report, aside: &[history_seal::Model]) -> Result<(), StoreError> {
    let key = known_history_key(&app.config);
    let (mut before, mut macs) = (String::new(), BTreeMap::new());
    let mut covered: BTreeMap<String, history_seal_item::Model> = BTreeMap::new();
    loop {
        let last = i64::try_from(macs.len()).unwrap_or(i64::MAX);
        let seals = app.store.seals_after(last, PIECE).await?;
        if seals.is_empty() {
            break;
        }
        for (seal, expected) in seals.into_iter().zip(last + 1..) {
            let subject = format!("seal {}", seal.number);
            let items = app.store.sealed_by(seal.number).await?;
            if seal.number != expected || seal.before != before {
                report.add("seal", subject, format!("seal {expected} is missing"));
                return Ok(());
            }
            if digest(&items) != seal.digest || key.as_ref().is_some_and(|key| mac(key, &seal) != seal.mac) {
                report.add("seal", subject, "it was not made by us, or was changed");
                return Ok(());
            }
            before.clone_from(&seal.mac);
            report.sealed_at = Some(seal.at);
            macs.insert(seal.number, seal.mac);
            covered.extend(items.into_iter().map(|item| (item.subject.clone(), item)));
        }
    }
    if key.is_none() && !macs.is_empty() {
        report.add("seal", "seals", "their key is not here: whether they were made by us cannot be told");
    }
    for seal in aside.iter().filter(|seal| macs.get(&seal.number) != Some(&seal.mac)) {
        let message = "it was put aside and is not in the store: what it covered may be cut off or changed";
        report.add("seal", format!("seal {}", seal.number), message);
    }
    for item in covered.values() {
        covers(app, report, item).await?;
    }
    Ok(())
}

/// Whether what was sealed is there as it was.
async fn covers(app: &App, report: &mut Report, item: &history_seal_item::Model) -> Result<(), StoreError> {
    let (now, subject) = match item.subject.split_once(' ') {
        Some(("ticket", code)) => {
            let step = app.store.hash_of_step(code, item.revision).await?;
            (step, format!("{code}/{}", item.revision))
        }
        Some((_, reference)) => {
            let found = match reference.parse() {
                Ok(reference) => app.store.whole_voucher(reference).await?,
                Err(_) => None,
            };
            (found.map(|(row, lines)| voucher_hash(&row, &lines)), item.subject.clone())
        }
        None => (None, item.subject.clone()),
    };
    match now {
        None => report.add("seal", subject, "it was sealed and is not there any more"),
        Some(hash) if hash != item.head => report.add("seal", subject, "it is not what was sealed"),
        Some(_) => {}
    }
    Ok(())
}
