//! How somebody gets a first password, or another one when it is forgotten: by a link that holds for a day and works
//! once. Nobody else ever knows the password, whoever asks for the link; and a second factor stays what it is.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::notice::{self, Notice};
use super::portal::company;
use super::problem::{FieldError, Kind, Problem};
use crate::app::App;
use crate::auth::{password, token};
use crate::entity::{password_link, user};
use crate::i18n::Language;

/// How long a link holds.
const HOLDS: TimeDelta = TimeDelta::days(1);

/// Sends a user the link. Who asks for it does not see it.
pub async fn send(app: &App, owner: &user::Model, asked_by: &str) -> Result<(), Problem> {
    if owner.email.as_deref().is_none_or(str::is_empty) {
        return Err(Problem::fields(vec![FieldError::new("email", "field-required", vec![])]));
    }
    let now = app.clock.now();
    let (link, row) = new(app, owner, asked_by, now)?;
    let message = notice::with_link(app, owner, Notice::PasswordLink, &link, now);
    Ok(app.store.give_password_link(row, Some(message)).await?)
}

/// A link for whoever runs the server to hand over: the first person of a company has nobody to ask.
pub async fn hand_out(app: &App, owner: &user::Model) -> Result<String, Problem> {
    let (link, row) = new(app, owner, "", app.clock.now())?;
    app.store.give_password_link(row, None).await?;
    Ok(link)
}

fn new(
    app: &App,
    owner: &user::Model,
    asked_by: &str,
    now: DateTime<Utc>,
) -> Result<(String, password_link::Model), Problem> {
    let (secret, token_hash) = token::new().ok_or_else(Problem::unavailable)?;
    let row = password_link::Model {
        user_name: owner.name.clone(),
        token_hash,
        asked_by: asked_by.to_owned(),
        expires_at: now + HOLDS,
    };
    Ok((format!("{}/welcome/{secret}", app.config.home().trim_end_matches('/')), row))
}

/// Whose link it is, if it holds and its owner may sign in.
pub async fn owner(
    app: &App,
    secret: &str,
) -> Result<Option<(Arc<user::Model>, password_link::Model)>, Problem> {
    let Some(link) = app.store.password_link(&token::hash(secret), app.clock.now()).await? else {
        return Ok(None);
    };
    let owner = app.store.user(&link.user_name).await?.filter(|owner| owner.active);
    Ok(owner.map(|owner| (owner, link)))
}

/// Sets the password of the link's owner.
pub async fn set(app: &App, secret: &str, new: String) -> Result<(), Problem> {
    let gone = || Problem::new(Kind::NotFound, "detail-password-link", vec![]);
    let (owner, link) = owner(app, secret).await?.ok_or_else(gone)?;
    let hash = acceptable(app, new, &owner).await?;
    let now = app.clock.now();
    let told = notice::message(app, &owner, Notice::Password, now);
    if !app.store.use_password_link(link, hash, told, now).await? {
        return Err(gone());
    }
    Ok(())
}

/// The hash of a password that is good enough.
pub async fn acceptable(app: &App, new: String, owner: &user::Model) -> Result<String, Problem> {
    let context = context(app, owner).await?;
    if !password::is_acceptable(new.clone(), context).await.map_err(|_| Problem::unavailable())? {
        let values = vec![("least", password::LEAST.to_string())];
        return Err(Problem::fields(vec![FieldError::new("new", "field-password", values)]));
    }
    password::hash(new).await.map_err(|_| Problem::unavailable())
}

/// Words that a guesser would try first here: of the person, of the company, and the brands that it looks after.
async fn context(app: &App, owner: &user::Model) -> Result<Vec<String>, Problem> {
    let mut words = vec!["aftercare".to_owned(), owner.name.clone(), owner.full_name.clone()];
    words.extend(owner.email.clone());
    words.extend(owner.phone.clone());
    words.extend(Language::ALL.map(|language| company(app, language)));
    words.extend(app.store.brands().await?);
    Ok(words)
}
