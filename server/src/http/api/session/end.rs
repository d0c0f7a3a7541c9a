//! DELETE /api/session: signs out.

use poem_openapi::OpenApi;
use poem_openapi::payload::Response;

use crate::app::App;
use crate::auth::Caller;
use crate::http::api::Tag;
use crate::http::once::Silent;
use crate::http::problem::Problem;
use crate::http::signed_in::{SignedIn, cookie_name};
use crate::store::StoreError;
use crate::store::registry::session;

pub struct End(pub App);

#[OpenApi(tag = "Tag::Session")]
impl End {
    /// Signs out: the token is worth nothing from now on
    #[oai(path = "/session", method = "delete")]
    async fn end(&self, who: SignedIn) -> Result<Response<Silent>, Problem> {
        let gone = end(&self.0, &who.caller).await?;
        Ok(Response::new(Silent::done()).header("Set-Cookie", gone))
    }
}

/// Ends a session. What is answered makes the browser forget its cookie.
pub async fn end(app: &App, caller: &Caller) -> Result<String, Problem> {
    let (name, hash, now) = (caller.name.clone(), caller.session.clone(), app.clock.now());
    app.store
        .write::<_, StoreError, _>(move |tx| {
            Box::pin(async move { session::end(tx, &name, Some(&hash), now).await })
        })
        .await?;
    let https = app.config.is_https();
    let secure = if https { "; Secure" } else { "" };
    Ok(format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}", cookie_name(https)))
}
