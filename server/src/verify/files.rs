//! Pictures and papers: their bytes are those that came in.

use super::Report;
use crate::app::App;
use crate::store::{StoreError, chain};

pub async fn check(app: &App, report: &mut Report) -> Result<(), StoreError> {
    for table in crate::store::read::verify::FILES {
        let mut after = 0;
        while let Some((id, hash, body)) = app.store.file_after(table, after).await? {
            after = id;
            if chain::hash_bytes(&body) != hash {
                report.add("file", format!("{table}/{id}"), "the bytes are not those that came in");
            }
        }
    }
    Ok(())
}
