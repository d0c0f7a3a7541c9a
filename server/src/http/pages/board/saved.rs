//! Views of the board that somebody has given a name, beside the filters.

use poem::{Response, handler};
use serde_json::{Value, json};

use super::Query;
use crate::entity::saved_filter::Model;
use crate::http::pages::form::PageForm;
use crate::http::pages::view::{View, to};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

/// Longest name, in characters.
const LONGEST: usize = 40;
/// Most views of a person.
const MOST: usize = 20;

/// The reader's views; the one that is shown is marked.
pub async fn of(view: &View, who: &SignedIn, query: &Query) -> Result<Vec<Value>, Problem> {
    let now = query.text();
    let saved = view.app.store.saved_filters(&who.caller.name).await?;
    let shown = |row: Model| json!({"name": row.name, "href": format!("/tickets?{}", row.query), "current": row.query == now});
    Ok(saved.into_iter().map(shown).collect())
}

/// POST /saved-filters: keeps a view, or forgets it when the form says so.
#[handler]
pub async fn submit(view: View, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let (store, user) = (&view.app.store, who.caller.name.clone());
    if let Some(name) = form.get("forget") {
        store.forget_filter(&user, name).await?;
        return Ok(to("/tickets"));
    }
    let name: String = form.get("name").unwrap_or_default().trim().chars().take(LONGEST).collect();
    let typed = form_urlencoded::parse(form.get("query").unwrap_or_default().as_bytes());
    // Written anew, so that nothing but an address's own pairs is kept.
    let query = Query(typed.into_owned().collect());
    let is_room = store.saved_filters(&user).await?.len() < MOST;
    if !name.is_empty() && is_room {
        store.save_filter(Model { user_name: user, name, query: query.text() }).await?;
    }
    Ok(to(&query.address()))
}
