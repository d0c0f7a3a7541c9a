//! The second factor at signing in: a code of the authenticator, or one of the spare codes, each once.

use crate::app::App;
use crate::auth::{token, totp};
use crate::store::StoreError;

/// Whether somebody must bring a second factor.
pub async fn is_needed(app: &App, user: &str) -> Result<bool, StoreError> {
    Ok(app.store.second_factor(user).await?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Whether a code is right; it is used up by asking.
pub async fn fits(app: &App, user: &str, code: &str) -> Result<bool, StoreError> {
    let Some(factor) = app.store.second_factor(user).await? else { return Ok(false) };
    let now = app.clock.now();
    if let Some(step) = totp::step_of(&factor.secret, code, now, factor.last_step) {
        return app.store.use_second_factor(user, step, None, now).await;
    }
    let hash = token::hash(&code.trim().to_lowercase());
    let mut left: Vec<String> =
        serde_json::from_str(&factor.spare).map_err(|error| StoreError::corrupt("spare codes", error))?;
    let before = left.len();
    left.retain(|one| *one != hash);
    if left.len() == before {
        return Ok(false);
    }
    app.store.use_spare_code(user, &factor.spare, &serde_json::json!(left).to_string()).await
}
