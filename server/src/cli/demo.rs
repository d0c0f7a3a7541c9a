//! `aftercare demo`: fills an empty store with the demo company.

use aftercare_engine::language::Language;
use chrono::{DateTime, Utc};
use clap::Args;

use super::{Exit, Failure, open, print};
use crate::app::App;
use crate::config::Settings;
use crate::demo;
use crate::telemetry;

/// Fill an empty store with the demo company and its last three months
#[derive(Args, Debug)]
pub struct Demo {
    #[command(flatten)]
    pub settings: Settings,
    /// The same seed at the same time makes the same company
    #[arg(long, default_value_t = demo::SEED)]
    pub seed: u64,
    /// How many tickets it has seen
    #[arg(long, default_value_t = demo::TICKETS)]
    pub tickets: usize,
    /// What time it is for the company, RFC 3339; its clock goes on from there. The present if left out
    #[arg(long, value_name = "TIME")]
    pub at: Option<DateTime<Utc>>,
}

impl Demo {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        telemetry::start(&config.log);
        open::runtime()?.block_on(async {
            let app = open::app(config).await?;
            if let Some(at) = self.at {
                begin_at(&app, at).await?;
            }
            open::put_into_service(&app).await?;
            fill(&app, self.seed, self.tickets).await?;
            print::all(&sign_ins(&app));
            Ok(Exit::Fine)
        })
    }
}

/// Moves the clock of a store that nobody works with yet.
async fn begin_at(app: &App, at: DateTime<Utc>) -> Result<(), Failure> {
    if !demo::is_empty(app).await.map_err(Failure::environment)? {
        return Err(Failure::environment(demo::DemoError::NotEmpty));
    }
    app.tick(at - app.clock.now()).await.map_err(Failure::environment)?;
    Ok(())
}

/// Fills the store and says what is in it now.
pub async fn fill(app: &App, seed: u64, tickets: usize) -> Result<(), Failure> {
    print::line("Making the demo company and its last three months …");
    let walked = demo::fill(app, seed, tickets).await.map_err(Failure::environment)?;
    print::line(format!(
        "{} tickets, {} steps, {} timers fired; {} steps were refused, as they would be",
        walked.tickets, walked.steps, walked.timers, walked.refused
    ));
    Ok(())
}

/// Who can sign in, one a line under the other.
pub fn sign_ins(app: &App) -> String {
    let version = app.catalog.current();
    let mut text = format!("  Password  {} for everybody\n", demo::PASSWORD);
    for (row, (name, role)) in version.library().roles.iter().enumerate() {
        let label = if row == 0 { "Sign in" } else { "" };
        text += &format!("  {label:<9} {:<22} {}\n", name.value, role.title.best(Language::En));
    }
    text
}
