//! `aftercare run`: works out what the end of a period asks for, and posts it.

use aftercare_engine::language::Language;
use aftercare_engine::ledger::Voucher;
use aftercare_engine::ledger::amount::decimal;
use chrono::NaiveDate;
use clap::Args;

use super::{Exit, Failure, open, print};
use crate::app::App;
use crate::config::Settings;
use crate::run::{Asked, Done, RunError, run};
use crate::telemetry;

/// Run over the books at the end of a period: deferrals, provisions, statements
///
/// Goes through all periods that have ended by the day and are not done. A second run finds nothing to do; one that
/// was cut off goes on where it was. Without a name: which runs there are.
#[derive(Args, Debug)]
pub struct Run {
    /// Name of the run, as in workflows/runs/
    name: Option<String>,
    /// Last day, inclusive; today if left out
    #[arg(long, value_name = "DATE")]
    until: Option<NaiveDate>,
    /// Show what would be posted, and post nothing
    #[arg(long)]
    preview: bool,
    /// In whose name vouchers are prepared
    #[arg(long, value_name = "USER", default_value = "system")]
    by: String,
    #[command(flatten)]
    settings: Settings,
}

impl Run {
    pub fn run(self) -> Result<Exit, Failure> {
        let config = self.settings.load().map_err(Failure::environment)?;
        telemetry::start(&config.log);
        open::runtime()?.block_on(async {
            let app = open::existing(config).await?;
            let Some(name) = self.name else { return list(&app).await };
            let version = app.catalog.current();
            let until = self.until.unwrap_or_else(|| version.day(app.clock.now()));
            let asked = Asked { name, until, preview: self.preview, who: self.by };
            let report = match run(&app, &asked).await {
                Ok(report) => report,
                Err(RunError::Store(error)) => return Err(Failure::environment(error)),
                Err(RunError::Unknown(name)) => return Err(Failure::usage(unknown(&app, &name))),
                Err(other) => {
                    print::problems(&format!("{other}\n"));
                    return Ok(Exit::Problems);
                }
            };
            for done in &report.periods {
                period(&app, done, asked.preview);
            }
            if report.periods.is_empty() {
                print::line(format!("Nothing to do: no period has ended by {until} that is not done"));
            }
            Ok(Exit::Fine)
        })
    }
}

fn unknown(app: &App, name: &str) -> String {
    let version = app.catalog.current();
    let library = version.library();
    let names: Vec<&str> = library.runs.keys().chain(library.closings.keys()).map(String::as_str).collect();
    format!("there is no run `{name}`; there are: {}", names.join(", "))
}

async fn list(app: &App) -> Result<Exit, Failure> {
    let version = app.catalog.current();
    let runs = version.library().runs.iter().map(|(name, run)| (name, &run.title));
    let closings = version.library().closings.iter().map(|(name, closing)| (name, &closing.title));
    for (name, title) in runs.chain(closings) {
        let last = app.store.last_period(name).await.map_err(Failure::environment)?;
        let last = last.map_or_else(|| "never".to_owned(), |row| format!("done up to {}", row.period_to));
        print::line(format!("{name:<24} {:<44} {last}", title.best(Language::En)));
    }
    Ok(Exit::Fine)
}

fn period(app: &App, done: &Done, preview: bool) {
    let (from, to) = (done.period.from, done.period.to);
    if preview {
        for voucher in &done.vouchers {
            print::line(format!("{to}  {}  {}", voucher.header().template, voucher.header().text));
            lines(app, voucher);
        }
        for statement in &done.statements {
            let currency = app.catalog.current().currency();
            let closing = decimal(statement.closing, &currency);
            print::line(format!(
                "{to}  statement  {} {}  balance {closing}",
                statement.kind, statement.party
            ));
        }
        let counts = (done.items, done.vouchers.len(), done.statements.len());
        let (items, vouchers, statements) = counts;
        print::line(format!(
            "{from} to {to}: {items} items would post {vouchers} vouchers and write {statements} statements"
        ));
    } else {
        let (vouchers, statements) = (done.wrote.vouchers, done.wrote.statements);
        print::line(format!(
            "{from} to {to}: {} items, {vouchers} vouchers, {statements} statements",
            done.items
        ));
    }
}

fn lines(app: &App, voucher: &Voucher) {
    let currency = app.catalog.current().currency();
    for line in voucher.lines() {
        let details: Vec<String> =
            line.details.iter().map(|(kind, code)| format!("{} {code}", kind.word())).collect();
        let (side, amount) =
            if line.debit_minor > 0 { ("debit ", line.debit_minor) } else { ("credit", line.credit_minor) };
        let amount = decimal(amount, &currency);
        print::line(format!("    {side}  {}  {amount:>18}  {}", line.account, details.join(", ")));
    }
}
