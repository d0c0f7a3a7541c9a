//! Signing out, by the button in the shell.

use poem::http::header;
use poem::{Response, handler};

use super::form::PageForm;
use super::view::{View, to};
use crate::http::api::session::end::end;
use crate::http::problem::Problem;

/// POST /sign-out
#[handler]
pub async fn submit(view: View, _: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let gone = end(&view.app, &who.caller).await?;
    let mut response = to("/sign-in");
    if let Ok(value) = gone.parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}
