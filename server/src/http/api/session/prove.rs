//! PUT /api/session/proof: whoever has signed in shows once more who they are, before something grave.

use std::sync::Arc;

use poem::Request;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::begin::{Asked, Device, checked};
use crate::app::App;
use crate::auth::throttle::Throttle;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::once::Silent;
use crate::http::problem::Problem;
use crate::http::signed_in::{SignedIn, address};
use crate::store::StoreError;
use crate::store::registry::session;

pub struct Prove {
    pub app: App,
    pub throttle: Arc<Throttle>,
}

/// What shows who somebody is
#[derive(Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    pub password: String,
    /// Of the authenticator, or a spare one, for whoever has a second factor
    #[oai(default)]
    #[serde(default)]
    pub code: Option<String>,
}

#[OpenApi(tag = "Tag::Session")]
impl Prove {
    /// Shows once more who you are
    ///
    /// What is grave, such as reversing a voucher, closing a period, paying money back or changing a user, is answered with 401 and the
    /// problem `reauthenticate` when the password was given more than some minutes ago. After this call it can be sent
    /// again, under the same key. A program's token is never asked.
    #[oai(path = "/session/proof", method = "put")]
    async fn prove(&self, request: &Request, who: SignedIn, body: Body<Proof>) -> Result<Silent, Problem> {
        prove(&self.app, &self.throttle, request, &who, body.value).await?;
        Ok(Silent::done())
    }
}

/// Notes at the caller's session that the password was right just now.
pub async fn prove(
    app: &App,
    throttle: &Throttle,
    request: &Request,
    who: &SignedIn,
    proof: Proof,
) -> Result<(), Problem> {
    let asked = Asked {
        user: who.caller.name.clone(),
        password: proof.password,
        code: proof.code,
        address: address(app, request),
        device: Device::Browser(None),
        old: None,
    };
    checked(app, throttle, &asked, "detail-wrong-password").await?;
    let (session, now) = (who.caller.session.clone(), app.clock.now());
    app.store
        .write::<_, StoreError, _>(move |tx| Box::pin(async move { session::prove(tx, &session, now).await }))
        .await?;
    Ok(())
}
