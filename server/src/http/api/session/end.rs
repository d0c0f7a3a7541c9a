//! DELETE /api/session: signs out.

use poem_openapi::OpenApi;
use poem_openapi::payload::{Json, Response};
use serde_json::Value;

use crate::app::App;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::{SignedIn, cookie_name};
use crate::store::StoreError;
use crate::store::registry::session;

pub struct End(pub App);

#[OpenApi(tag = "Tag::Session")]
impl End {
    /// Signs out: the token is worth nothing from now on
    #[oai(path = "/session", method = "delete")]
    async fn end(&self, who: SignedIn) -> Result<Response<Json<Value>>, Problem> {
        let (name, hash, now) = (who.caller.name.clone(), who.caller.session.clone(), self.0.clock.now());
        self.0
            .store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move { session::end(tx, &name, Some(&hash), now).await })
            })
            .await?;
        let https = self.0.config.is_https();
        let secure = if https { "; Secure" } else { "" };
        let gone = format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}", cookie_name(https));
        Ok(Response::new(Json(serde_json::json!({}))).header("Set-Cookie", gone))
    }
}
