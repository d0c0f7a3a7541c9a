//! POST /api/session: signs in.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use poem::Request;
use poem_openapi::payload::{Json, Response};
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::{Me, second};
use crate::app::App;
use crate::auth::throttle::Throttle;
use crate::auth::{Caller, password, token};
use crate::entity::user;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::notice::{self, Notice};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::{address, caller, cookie_name};
use crate::store::StoreError;
use crate::store::outbox;
use crate::store::registry::known_device;
use crate::store::registry::session::{self, SessionKind};
use crate::store::registry::user as users;

/// Longest name that anybody has, in characters: what is longer is not even remembered as tried.
const LONGEST: usize = 100;

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
    /// Of the authenticator, or a spare one, for whoever has a second factor
    #[oai(default)]
    #[serde(default)]
    code: Option<String>,
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
        let Credentials { user, password, code } = body.value;
        let old = request.header("authorization").is_none().then(|| caller(request)).flatten();
        let address = address(&self.app, request);
        let program = request.header("user-agent").unwrap_or_default();
        let device = Device::Program(format!("{program} {address:?}"));
        let asked = Asked { user, password, code, address, device, old };
        let Opened { secret, expires_at, caller, .. } = sign_in(&self.app, &self.throttle, asked).await?;
        let cookie = cookie(&self.app, &secret);
        let begun = Begun { token: secret, expires_at, user: Me::of(&self.app, &caller) };
        Ok(Response::new(Json(begun)).header("Set-Cookie", cookie))
    }
}

/// Who wants to sign in.
pub struct Asked {
    pub user: String,
    pub password: String,
    /// Of the second factor.
    pub code: Option<String>,
    pub address: Option<IpAddr>,
    /// What the browser keeps to be known again, or what a program calls itself.
    pub device: Device,
    /// Whose session the browser has held so far: it ends, since nobody should sign in into an old one.
    pub old: Option<Arc<Caller>>,
}

/// From what somebody signs in.
pub enum Device {
    /// A browser with the secret that it got at an earlier sign-in, if there was one.
    Browser(Option<String>),
    /// A program, by the name that it gives itself and its address.
    Program(String),
}

/// A session that has begun.
pub struct Opened {
    pub secret: String,
    /// For the browser to keep, if it is to be known again.
    pub device: Option<String>,
    pub expires_at: DateTime<Utc>,
    pub caller: Caller,
}

/// Checks name and password and begins a session. Wrong attempts make the next ones wait.
pub async fn sign_in(app: &App, throttle: &Throttle, asked: Asked) -> Result<Opened, Problem> {
    let row = checked(app, throttle, &asked, "detail-wrong-sign-in").await?;
    open(app, &row, asked.device, asked.old, app.clock.now()).await
}

/// Whose name and password they are; `wrong` is said otherwise. Wrong attempts make the next ones wait.
pub async fn checked(
    app: &App,
    throttle: &Throttle,
    asked: &Asked,
    wrong: &'static str,
) -> Result<Arc<user::Model>, Problem> {
    let now = app.clock.now();
    if let Some(seconds) = throttle.wait(&asked.user, asked.address, now) {
        return Err(Problem::too_many(seconds));
    }
    if asked.user.chars().count() > LONGEST {
        return Err(Problem::new(Kind::Unauthorized, wrong, vec![]));
    }
    let row = app.store.user(&asked.user).await?.filter(|row| row.active);
    let (is_known, hash) = (row.is_some(), row.as_ref().and_then(|row| row.password.clone()));
    let row = match (password::verify(asked.password.clone(), hash).await, row) {
        (Ok(true), Some(row)) => row,
        (Ok(_), _) => {
            throttle.failed(&asked.user, now);
            // Whoever mistakes one field for the other has typed a password here.
            let name = if is_known { asked.user.as_str() } else { "(nobody)" };
            tracing::info!(user.name = %name, "A sign-in as `{name}` failed");
            return Err(Problem::new(Kind::Unauthorized, wrong, vec![]));
        }
        (Err(password::Busy), _) => return Err(Problem::unavailable()),
    };
    if second::is_needed(app, &asked.user).await? {
        let Some(code) = asked.code.as_deref().filter(|code| !code.trim().is_empty()) else {
            let problem = Problem::new(Kind::Unauthorized, "detail-second-factor", vec![]);
            return Err(problem.with("second_factor", true.into()));
        };
        let fits = second::fits(app, &asked.user, code).await;
        // Whatever goes wrong, the form still asks for a code: a spare one may do.
        if !fits.map_err(|problem| problem.with("second_factor", true.into()))? {
            throttle.failed(&asked.user, now);
            tracing::info!(user.name = %asked.user, "A second factor of `{}` failed", asked.user);
            let problem = Problem::new(Kind::Unauthorized, "detail-wrong-second-factor", vec![]);
            return Err(problem.with("second_factor", true.into()));
        }
    }
    throttle.succeeded(&asked.user, asked.address);
    if let Some(before) = row.password.clone().filter(|hash| password::is_outdated(hash)) {
        renew(app, asked, before).await;
    }
    Ok(row)
}

/// The password is known for a moment: its hash is made with the settings of today. When that fails, the next sign-in
/// does it.
async fn renew(app: &App, asked: &Asked, before: String) {
    let Ok(hash) = password::hash(asked.password.clone()).await else { return };
    let name = asked.user.clone();
    let done = app.store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move { users::rehash(tx, &name, &before, hash).await })
    });
    if let Err(error) = done.await {
        tracing::warn!("The hash of a password could not be renewed: {error}");
    }
}

async fn open(
    app: &App,
    owner: &user::Model,
    device: Device,
    old: Option<Arc<Caller>>,
    now: DateTime<Utc>,
) -> Result<Opened, Problem> {
    let length = app.config.sessions.absolute;
    let (secret, hash) = token::new().ok_or_else(Problem::unavailable)?;
    let (known, device) = match device {
        Device::Browser(Some(kept)) => (token::hash(&kept), Some(kept)),
        Device::Browser(None) => {
            let (kept, hash) = token::new().ok_or_else(Problem::unavailable)?;
            (hash, Some(kept))
        }
        Device::Program(named) => (token::hash(&named), None),
    };
    let told = notice::message(app, owner, Notice::NewDevice, now);
    let name = owner.name.clone();
    let owner = name.clone();
    app.store
        .write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                if let Some(old) = old {
                    session::end(tx, &old.name, Some(&old.session), now).await?;
                }
                if known_device::note(tx, &owner, &known, now).await? {
                    outbox::put(tx, told).await?;
                }
                session::begin(tx, &hash, &owner, SessionKind::Session, None, now, length).await
            })
        })
        .await?;
    let caller = session::caller(app.store.reader(), &name).await.map_err(StoreError::from)?;
    let caller = caller.ok_or_else(Problem::unauthorized)?;
    let expires_at = now + TimeDelta::from_std(length).unwrap_or_default();
    Ok(Opened { secret, device, expires_at, caller })
}

/// The cookie that holds a session.
pub fn cookie(app: &App, secret: &str) -> String {
    let https = app.config.is_https();
    format!(
        "{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}",
        cookie_name(https),
        app.config.sessions.absolute.as_secs(),
        if https { "; Secure" } else { "" },
    )
}

/// Name of the cookie by which a browser is known again. It opens nothing.
pub const DEVICE: &str = "aftercare-device";
/// How long it lives, in seconds: a year.
const DEVICE_LIVES: u32 = 365 * 24 * 3600;

/// The cookie that makes a browser known.
pub fn device_cookie(app: &App, kept: &str) -> String {
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    format!("{DEVICE}={kept}; Path=/sign-in; HttpOnly; SameSite=Lax; Max-Age={DEVICE_LIVES}{secure}")
}
