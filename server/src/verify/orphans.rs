//! Rows that say they come from a step that is not there.

use super::Report;
use crate::app::App;
use crate::store::StoreError;

pub async fn check(app: &App, report: &mut Report) -> Result<(), StoreError> {
    for (table, subject) in app.store.orphans().await? {
        report.add(
            "orphan",
            subject,
            format!("a row of {table} comes from a step that is not in the history"),
        );
    }
    Ok(())
}
