//! POST /api/users/{key}/password-link: somebody gets the link to set a password.

use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::app::App;
use crate::http::api::Tag;
use crate::http::api::registry::list::in_reach;
use crate::http::once::Silent;
use crate::http::password_link::send;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::register::find;

pub struct Invite(pub App);

#[OpenApi(tag = "Tag::Registers")]
impl Invite {
    /// Sends a user the link to set a password, the first one or another
    ///
    /// It goes by e-mail, holds for a day and works once; who asks for it does not see it, and the password that holds
    /// stays until it is used. 422: the user has no e-mail address.
    #[oai(path = "/users/:key/password-link", method = "post")]
    async fn invite(&self, who: SignedIn, key: Path<String>) -> Result<Silent, Problem> {
        invite(&self.0, &who, &key.0).await?;
        Ok(Silent::done())
    }
}

/// Sends it, for whoever may change the user.
pub async fn invite(app: &App, who: &SignedIn, name: &str) -> Result<(), Problem> {
    let users = find("users").ok_or_else(Problem::unavailable)?;
    who.may(app, users.write)?;
    in_reach(app, who, users, name).await?;
    let owner = app.store.user(name).await?.ok_or_else(|| Problem::not_found("user", name))?;
    send(app, &owner, &who.caller.name).await
}
