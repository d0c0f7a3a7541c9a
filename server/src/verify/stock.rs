//! Stock: each balance is the sum of its moves, and what a finished ticket moved is what its vouchers posted.

use std::collections::BTreeSet;

use aftercare_engine::definition::books::Control;

use super::Report;
use crate::app::App;
use crate::catalog::Version;
use crate::store::StoreError;

/// Accounts that carry stock, in any of the definitions that tickets were driven by.
pub type Accounts = BTreeSet<String>;

/// Adds those of one bundle.
pub fn gather(accounts: &mut Accounts, version: &Version) {
    let own = version.library().accounts.iter().filter(|account| account.control == Some(Control::Stock));
    accounts.extend(own.map(|account| account.code.to_string()));
}

pub async fn check(app: &App, report: &mut Report, accounts: &Accounts) -> Result<(), StoreError> {
    for off in app.store.unsound_stock().await? {
        let message = format!(
            "the balance is {} worth {}, the moves sum to {} worth {}",
            off.quantity, off.value, off.moved, off.moved_value
        );
        report.add("stock", format!("{}/{}", off.warehouse, off.part), message);
    }
    for off in app.store.stock_beside_ledger(accounts).await? {
        let message = format!("parts worth {} were moved, {} was posted", off.moved, off.posted);
        report.add("ledger", format!("{}/{}", off.ticket, off.warehouse), message);
    }
    Ok(())
}
