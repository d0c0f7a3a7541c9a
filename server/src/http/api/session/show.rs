//! GET /api/session: who one is.

use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Me;
use crate::app::App;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

pub struct Show(pub App);

#[OpenApi(tag = "Tag::Session")]
impl Show {
    /// Who I am and what I may do
    #[oai(path = "/session", method = "get")]
    async fn show(&self, who: SignedIn) -> Result<Json<Me>, Problem> {
        Ok(Json(Me::of(&self.0, &who.caller)))
    }
}
