//! The start: leads everybody to the page that is theirs.

use poem::{Response, handler};

use super::navigation;
use super::view::{View, to};
use crate::http::problem::Problem;

/// GET /
#[handler]
pub fn show(view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    match navigation::home(&view.app, &who) {
        Some(path) => Ok(to(path)),
        None => view.page("home.html"),
    }
}
