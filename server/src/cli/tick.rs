//! `aftercare tick`: moves the demo's clock.

use aftercare_engine::deadline::Length;
use aftercare_engine::explain::Explainer;
use aftercare_engine::language::Language;
use chrono::{DateTime, Utc};
use clap::Args;

use super::{Exit, Failure, open, print};
use crate::app::App;
use crate::config::Settings;
use crate::entity::ticket_event;
use crate::store::StoreError;
use crate::telemetry;
use crate::tick::tick;

/// Move the demo's clock forward and fire what comes due on the way
///
/// A server that runs on the same store follows within a second. Sign-ins end by this clock too. The clock of a
/// store that is not a demo is not moved.
#[derive(Args, Debug)]
pub struct Tick {
    /// How far, such as `90 minutes`, `3 days` or `2 working days`
    #[arg(long, value_name = "LENGTH", required_unless_present = "to", value_parser = Length::parse)]
    by: Option<Length>,
    /// To which moment, RFC 3339
    #[arg(long, value_name = "TIME", conflicts_with = "by")]
    to: Option<DateTime<Utc>>,
    #[command(flatten)]
    settings: Settings,
}

impl Tick {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        telemetry::start(&config.log);
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            if !crate::demo::is_demo(&app).await.map_err(Failure::environment)? {
                return Err(Failure::usage("this store is not a demo: its clock is not moved"));
            }
            let now = app.clock.now();
            let to = match (self.to, &self.by) {
                (Some(to), _) => to,
                (None, Some(length)) => app.catalog.current().calendar(None).add(now, length),
                (None, None) => now,
            };
            if to < now {
                return Err(Failure::usage(format!("it is {} already", shown(&app, now))));
            }
            let fired = tick(&app, to).await.map_err(Failure::environment)?;
            for step in &fired {
                print::line(line(&app, step).await.map_err(Failure::environment)?);
            }
            let count = match fired.len() {
                0 => "nothing came due".to_owned(),
                1 => "1 timer led on".to_owned(),
                count => format!("{count} timers led on"),
            };
            print::line(format!("It is {} now; {count}", shown(&app, app.clock.now())));
            Ok(Exit::Fine)
        })
    }
}

/// A step that a timer has taken.
async fn line(app: &App, step: &ticket_event::Model) -> Result<String, StoreError> {
    let version = app.catalog.version(&step.bundle).await?;
    let process = app.store.ticket(&step.ticket).await?.map(|ticket| ticket.process).unwrap_or_default();
    let trace = serde_json::from_str::<Vec<_>>(&step.trace).unwrap_or_default();
    let mut moves = Vec::new();
    if let Some(chart) = version.chart(&process) {
        let explainer = Explainer::new(chart, Language::En);
        moves = explainer.moves(&trace);
        if moves.is_empty() {
            // It led nowhere else: where the ticket stood is what there is to tell.
            moves = step.to_states.split_whitespace().filter_map(|path| explainer.state(path)).collect();
        }
    }
    let text = format!("{}  {}  {}  {}", shown(app, step.at), step.ticket, step.event, moves.join("; "));
    Ok(text.trim_end().to_owned())
}

/// A moment by the company's clock.
fn shown(app: &App, at: DateTime<Utc>) -> String {
    at.with_timezone(&app.catalog.current().library().zone()).format("%Y-%m-%d %H:%M").to_string()
}
