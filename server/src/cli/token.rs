//! `aftercare token`: a token for a program, or the first sign-in of a new installation.

use clap::Args;

use super::{Exit, Failure, open, print};
use crate::auth::token;
use crate::config::Settings;
use crate::store::StoreError;
use crate::store::registry::session::{self, SessionKind};

/// Print an API token for a user
///
/// It is shown once; the store keeps only its hash. It holds as long as the settings' `sessions.token_days` say,
/// or until the user is made inactive or loses a role.
#[derive(Args, Debug)]
pub struct Token {
    /// Sign-in name
    #[arg(value_name = "USER")]
    user: String,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    #[command(flatten)]
    settings: Settings,
}

impl Token {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            let found =
                session::caller(app.store.reader(), &self.user).await.map_err(Failure::environment)?;
            if found.is_none() {
                return Err(Failure::usage(format!("there is no active user `{}`", self.user)));
            }
            let (secret, hash) =
                token::new().ok_or_else(|| Failure::environment("there is no randomness"))?;
            let (now, length) = (app.clock.now(), app.config.sessions.token);
            let begun = app.store.write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    session::begin(tx, &hash, &self.user, SessionKind::Token, self.label, now, length).await
                })
            });
            begun.await.map_err(Failure::environment)?;
            print::line(secret);
            Ok(Exit::Fine)
        })
    }
}
