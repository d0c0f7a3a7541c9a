//! `aftercare invite`: the first password of a new installation, or another one where no mail goes out.

use clap::Args;

use super::{Exit, Failure, open, print};
use crate::config::Settings;
use crate::http::password_link::hand_out;

/// Print a link by which a user sets a password
///
/// It holds for a day, works once, and takes the place of one that was given before. What holds until then stays: the
/// password, and the second factor in any case.
#[derive(Args, Debug)]
pub struct Invite {
    /// Sign-in name
    #[arg(value_name = "USER")]
    user: String,
    #[command(flatten)]
    settings: Settings,
}

impl Invite {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            let found = app.store.user(&self.user).await.map_err(Failure::environment)?;
            let owner = found.filter(|owner| owner.active);
            let owner =
                owner.ok_or_else(|| Failure::usage(format!("there is no active user `{}`", self.user)))?;
            print::line(hand_out(&app, &owner).await.map_err(Failure::environment)?);
            Ok(Exit::Fine)
        })
    }
}
