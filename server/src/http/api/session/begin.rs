//! POST /api/session: signs in.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use poem::Request;
use poem_openapi::payload::{Json, Response};
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::Me;
use crate::app::App;
use crate::auth::throttle::Throttle;
use crate::auth::{password, token};
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::{address, cookie_name};
use crate::store::StoreError;
use crate::store::registry::session::{self, SessionKind};

pub struct Begin {
    pub app: App,
    pub throttle: Arc<Throttle>,
}

/// A name and a password
#[derive(Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    user: String,
    password: String,
}

/// A session
#[derive(Debug, Object)]
struct Begun {
    /// For programs: send it as `Authorization: Bearer …`. Browsers have it as a cookie that pages cannot read
    token: String,
    expires_at: DateTime<Utc>,
    user: Me,
}

#[OpenApi(tag = "Tag::Session")]
impl Begin {
    /// Signs in
    ///
    /// Sets a cookie for pages and gives a token for programs. Wrong attempts make the next ones wait.
    #[oai(path = "/session", method = "post")]
    async fn begin(
        &self,
        request: &Request,
        body: Body<Credentials>,
    ) -> Result<Response<Json<Begun>>, Problem> {
        let Credentials { user, password } = body.value;
        let (address, now) = (address(request), self.app.clock.now());
        if let Some(seconds) = self.throttle.wait(&user, address, now) {
            let problem =
                Problem::new(Kind::TooMany, "detail-too-many", vec![("seconds", seconds.to_string())]);
            return Err(Problem { retry_after: Some(seconds), ..problem });
        }
        self.check(&user, password, now).await?;
        self.throttle.succeeded(&user, address);
        self.open(user, now).await
    }
}

impl Begin {
    async fn check(&self, name: &str, given: String, now: DateTime<Utc>) -> Result<(), Problem> {
        let row = self.app.store.user(name).await?;
        let hash = row.filter(|row| row.active).and_then(|row| row.password);
        match password::verify(given, hash).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.throttle.failed(name, now);
                tracing::info!(user.name = %name, "A sign-in as `{name}` failed");
                Err(Problem::new(Kind::Unauthorized, "detail-wrong-password", vec![]))
            }
            Err(password::Busy) => Err(Problem::unavailable()),
        }
    }

    async fn open(&self, name: String, now: DateTime<Utc>) -> Result<Response<Json<Begun>>, Problem> {
        let length = self.app.config.sessions.absolute;
        let (secret, hash) = token::new().ok_or_else(Problem::unavailable)?;
        let owner = name.clone();
        self.app
            .store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    session::begin(tx, &hash, &owner, SessionKind::Session, None, now, length).await
                })
            })
            .await?;
        let caller = session::caller(self.app.store.reader(), &name).await.map_err(StoreError::from)?;
        let caller = caller.ok_or_else(Problem::unauthorized)?;
        let expires_at = now + TimeDelta::from_std(length).unwrap_or_default();
        let https = self.app.config.is_https();
        let cookie = format!(
            "{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}",
            cookie_name(https),
            length.as_secs(),
            if https { "; Secure" } else { "" },
        );
        let begun = Begun { token: secret, expires_at, user: Me::of(&self.app, &caller) };
        Ok(Response::new(Json(begun)).header("Set-Cookie", cookie))
    }
}
