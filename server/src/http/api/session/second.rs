//! The second factor: set up, proved, asked for at signing in, taken away. What the authenticator shares with us is
//! sealed in the store and shown once; a code of it, or a spare one, counts once.

use std::sync::Arc;

use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::auth::seal::{Seal, SealError};
use crate::auth::throttle::Throttle;
use crate::auth::{token, totp};
use crate::entity::second_factor;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::notice::{self, Notice};
use crate::http::once::Silent;
use crate::http::portal::company;
use crate::http::problem::{FieldError, Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::StoreError;
use crate::store::registry::second_factor::Change;

pub struct Second {
    pub app: App,
    pub throttle: Arc<Throttle>,
}

/// What an authenticator is told, once
#[derive(Debug, Object)]
pub struct Shared {
    /// In base 32, to be typed
    pub secret: String,
    /// The same as an address, to be shown as a QR code
    pub address: String,
}

/// A code
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    /// Of the authenticator; where it is lost, a spare one
    code: String,
}

/// Spare codes
#[derive(Debug, Object)]
struct Spare {
    /// Each lets you in once; they are not shown again
    spare: Vec<String>,
}

#[OpenApi(tag = "Tag::Session")]
impl Second {
    /// Begins a second factor: what the authenticator is told. It counts when it is proved
    #[oai(path = "/session/second-factor", method = "post")]
    async fn begin(&self, who: SignedIn) -> Result<Json<Shared>, Problem> {
        Ok(Json(begin(&self.app, &who).await?))
    }

    /// Proves it by a code; other sessions end, and spare codes are given
    #[oai(path = "/session/second-factor", method = "put")]
    async fn prove(&self, who: SignedIn, body: Body<Code>) -> Result<Json<Spare>, Problem> {
        Ok(Json(Spare { spare: prove(&self.app, &self.throttle, &who, &body.value.code).await? }))
    }

    /// Takes it away, by a code
    #[oai(path = "/session/second-factor/end", method = "post")]
    async fn end(&self, who: SignedIn, body: Body<Code>) -> Result<Silent, Problem> {
        end(&self.app, &self.throttle, &who, &body.value.code).await?;
        Ok(Silent::done())
    }
}

/// Begins one. What was begun and not proved is replaced; one that counts stays.
pub async fn begin(app: &App, who: &SignedIn) -> Result<Shared, Problem> {
    // Whoever finds an open browser could otherwise lock its owner out.
    who.proved(app)?;
    let name = &who.caller.name;
    if is_needed(app, name).await? {
        return Err(Problem::new(Kind::Conflict, "detail-second-factor-there", vec![]));
    }
    let secret = totp::new().ok_or_else(Problem::unavailable)?;
    let sealed = seal(app)?.seal(name, &secret).map_err(|error| no_seal(&error))?;
    app.store.begin_second_factor(name, &sealed).await?;
    Ok(shared(app, who, secret))
}

/// What was begun and is not proved yet, to be shown again. What cannot be opened any more is begun anew.
pub async fn begun(app: &App, who: &SignedIn) -> Result<Option<Shared>, Problem> {
    let factor = app.store.second_factor(&who.caller.name).await?;
    let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_none()) else { return Ok(None) };
    Ok(opened(app, &factor).ok().map(|secret| shared(app, who, secret)))
}

/// Proves what was begun. The spare codes come back.
pub async fn prove(
    app: &App,
    throttle: &Throttle,
    who: &SignedIn,
    code: &str,
) -> Result<Vec<String>, Problem> {
    let (name, now) = (&who.caller.name, app.clock.now());
    if let Some(seconds) = throttle.wait(name, None, now) {
        return Err(Problem::too_many(seconds));
    }
    let spare = totp::spare().ok_or_else(Problem::unavailable)?;
    let hashes: Vec<String> = spare.iter().map(|code| token::hash(code)).collect();
    let factor = app.store.second_factor(name).await?.filter(|factor| factor.confirmed_at.is_none());
    let Some(factor) = factor else {
        return Err(Problem::new(Kind::Conflict, "detail-second-factor-none", vec![]));
    };
    let step = totp::step_of(&opened(app, &factor)?, code, now, factor.last_step);
    let Some(step) = step else {
        throttle.failed(name, now);
        return Err(wrong());
    };
    let told = notice(app, who, Notice::SecondFactor).await?;
    let change = Change { user: name.clone(), but: who.caller.session.clone(), message: told, at: now };
    if !app.store.prove_second_factor(step, json!(hashes).to_string(), change).await? {
        return Err(wrong());
    }
    Ok(spare)
}

/// Takes it away, for whoever has a code of it.
pub async fn end(app: &App, throttle: &Throttle, who: &SignedIn, code: &str) -> Result<(), Problem> {
    let (name, now) = (&who.caller.name, app.clock.now());
    if let Some(seconds) = throttle.wait(name, None, now) {
        return Err(Problem::too_many(seconds));
    }
    if !fits(app, name, code).await? {
        throttle.failed(name, now);
        return Err(wrong());
    }
    let told = notice(app, who, Notice::NoSecondFactor).await?;
    let change = Change { user: name.clone(), but: who.caller.session.clone(), message: told, at: now };
    Ok(app.store.end_second_factor(change).await?)
}

async fn notice(app: &App, who: &SignedIn, what: Notice) -> Result<crate::entity::outbox::Model, Problem> {
    let owner = app.store.user(&who.caller.name).await?.ok_or_else(Problem::unauthorized)?;
    Ok(notice::message(app, &owner, what, app.clock.now()))
}

fn wrong() -> Problem {
    Problem::fields(vec![FieldError::new("code", "field-second-factor", vec![])])
}

fn shared(app: &App, who: &SignedIn, secret: String) -> Shared {
    let address = totp::address(&secret, &company(app, who.language), &who.caller.name);
    Shared { secret, address }
}

fn seal(app: &App) -> Result<Seal, Problem> {
    Seal::of(&app.config).map_err(|error| no_seal(&error))
}

/// What is sealed cannot be opened, or nothing can be sealed: nobody but whoever runs the server can mend that.
fn no_seal(error: &SealError) -> Problem {
    tracing::error!("Secrets cannot be sealed or opened: {error}");
    Problem::new(Kind::Unavailable, "detail-no-seal", vec![])
}

/// What the authenticator knows. What was kept before there was a seal is plain.
fn opened(app: &App, factor: &second_factor::Model) -> Result<String, Problem> {
    if !Seal::is_sealed(&factor.secret) {
        return Ok(factor.secret.clone());
    }
    seal(app)?.open(&factor.user_name, &factor.secret).map_err(|error| no_seal(&error))
}

/// Whether somebody must bring a second factor.
pub async fn is_needed(app: &App, user: &str) -> Result<bool, StoreError> {
    Ok(app.store.second_factor(user).await?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Whether a code is right; it is used up by asking. A spare one needs no seal: it lets its owner in when the key of
/// the seal is lost.
pub async fn fits(app: &App, user: &str, code: &str) -> Result<bool, Problem> {
    let Some(factor) = app.store.second_factor(user).await? else { return Ok(false) };
    let hash = token::hash(&code.trim().to_lowercase());
    let mut left: Vec<String> =
        serde_json::from_str(&factor.spare).map_err(|error| StoreError::corrupt("spare codes", error))?;
    let before = left.len();
    left.retain(|one| *one != hash);
    if left.len() < before {
        return Ok(app.store.use_spare_code(user, &factor.spare, &json!(left).to_string()).await?);
    }
    let secret = opened(app, &factor)?;
    let Some(step) = totp::step_of(&secret, code, app.clock.now(), factor.last_step) else {
        return Ok(false);
    };
    // Used for the first time since there is a seal: from now on it is sealed.
    let sealed = match Seal::is_sealed(&factor.secret) {
        true => factor.secret,
        false => seal(app)?.seal(user, &secret).map_err(|error| no_seal(&error))?,
    };
    Ok(app.store.use_second_factor(user, step, sealed).await?)
}
