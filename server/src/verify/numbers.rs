//! Numbers: 1, 2, 3 … in every series, and as many as its counter has given.

use super::Report;
use crate::app::App;
use crate::store::StoreError;

pub async fn check(app: &App, report: &mut Report) -> Result<(), StoreError> {
    for run in app.store.number_runs().await? {
        if run.first != 1 || run.last != run.count {
            let message = format!("{} numbers from {} to {}: there is a gap", run.count, run.first, run.last);
            report.add("number", run.name, message);
        } else if run.counter.is_some_and(|counter| counter != run.last) {
            let message = format!("the last number is {}, the counter is at {:?}", run.last, run.counter);
            report.add("number", run.name, message);
        }
    }
    Ok(())
}
