//! DELETE by key: an entry that nothing refers to.

use super::asking;
use super::change::{own, stale};
use super::list::in_reach;
use crate::app::App;
use crate::http::once::{Silent, Stop, once, refers};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::register::Register;
use crate::register::check::present;
use crate::store::registry;
use crate::store::step::Key;

/// Takes the entry out if it still has this version.
pub async fn remove(
    app: &App,
    who: &SignedIn,
    register: &'static Register,
    key: String,
    version: i64,
    request: Option<Key>,
) -> Result<Silent, Problem> {
    in_reach(app, who, register, &key).await?;
    let asking = asking(app, who, register, "removed")?;
    once(app, request, move |tx| {
        Box::pin(async move {
            let there = present(tx, register, &asking.locale, &[&key]).await?.pop();
            let there = there.ok_or_else(|| Problem::not_found(register.one, key.as_str()))?;
            own(register, &asking, &there)?;
            let removed = registry::remove(tx, register, &key, version).await;
            if !removed.map_err(|error| refers(error, "detail-in-use"))? {
                return Err(stale(register, version, there, &asking).into());
            }
            Ok::<_, Stop>(Silent::done())
        })
    })
    .await
}
