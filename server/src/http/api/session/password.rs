//! PUT /api/session/password: a new password of one's own.

use std::net::IpAddr;
use std::sync::Arc;

use poem::Request;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use crate::app::App;
use crate::auth::password;
use crate::auth::throttle::Throttle;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::notice::{self, Notice};
use crate::http::once::Silent;
use crate::http::password_link::acceptable;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::{SignedIn, address};
use crate::store::registry::{session, user as users};
use crate::store::{StoreError, outbox};

pub struct Password {
    pub app: App,
    pub throttle: Arc<Throttle>,
}

/// The password that holds and the one that shall
#[derive(Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    current: String,
    new: String,
}

#[OpenApi(tag = "Tag::Session")]
impl Password {
    /// A new password; all sessions of the user end, this one too
    #[oai(path = "/session/password", method = "put")]
    async fn change(
        &self,
        request: &Request,
        who: SignedIn,
        body: Body<NewPassword>,
    ) -> Result<Silent, Problem> {
        let NewPassword { current, new } = body.value;
        change(&self.app, &self.throttle, &who, address(&self.app, request), current, new).await?;
        Ok(Silent::done())
    }
}

/// Gives the caller another password, for the one that holds; all sessions end.
pub async fn change(
    app: &App,
    throttle: &Throttle,
    who: &SignedIn,
    from: Option<IpAddr>,
    current: String,
    new: String,
) -> Result<(), Problem> {
    let (name, now) = (who.caller.name.clone(), app.clock.now());
    // Whoever has got hold of a session still has the password to guess.
    if let Some(seconds) = throttle.wait(&name, from, now) {
        return Err(Problem::too_many(seconds));
    }
    let owner = app.store.user(&name).await?.ok_or_else(Problem::unauthorized)?;
    let fits = password::verify(current, owner.password.clone()).await;
    if !fits.map_err(|_| Problem::unavailable())? {
        throttle.failed(&name, now);
        return Err(Problem::new(Kind::Forbidden, "detail-wrong-password", vec![]));
    }
    throttle.succeeded(&name, from);
    let hash = acceptable(app, new, &owner).await?;
    let told = notice::message(app, &owner, Notice::Password, now);
    app.store
        .write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                users::set_password(tx, &name, hash, now).await?;
                session::end(tx, &name, None, now).await?;
                outbox::put(tx, told).await.map(drop)
            })
        })
        .await?;
    Ok(())
}
