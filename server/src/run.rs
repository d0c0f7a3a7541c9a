//! Runs over the books: every item of every period that has ended, worked out by the engine and written once.
//!
//! A run is cut off without harm: what is written stays, and the next start goes on with what is not. Amounts
//! follow from the books themselves, so nothing is posted twice. A preview writes nothing.

mod ledger;
pub mod statement;
mod year;

use std::sync::Arc;

use aftercare_engine::ledger::Voucher;
use aftercare_engine::rules::RuleError;
use aftercare_engine::run::{Period, Run};
use chrono::NaiveDate;
use tracing::info;

use crate::app::App;
use crate::catalog::Version;
use crate::effects::voucher::rows;
use crate::entity::run_period;
use crate::facts::item::of_item;
use crate::store::read::balances::Over;
use crate::store::run::{self as store, ItemWrite, Wrote};
use crate::store::step::VoucherWrite;
use crate::store::{StoreError, closing};
use ledger::{Item, Previewed};
use statement::Told;

/// Items written in one transaction.
const CHUNK: usize = 64;

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub name: String,
    /// Periods that have ended by this day.
    pub until: NaiveDate,
    /// Work out, write nothing.
    pub preview: bool,
    pub who: String,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub periods: Vec<Done>,
}

/// What came of one period.
#[derive(Clone, Debug)]
pub struct Done {
    pub period: Period,
    pub items: usize,
    pub wrote: Wrote,
    /// What was or would be posted.
    pub vouchers: Vec<Voucher>,
    pub statements: Vec<crate::entity::statement::Model>,
}

/// Why a run does not go.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("there is no run `{0}`")]
    Unknown(String),
    #[error("{until} is not over yet: it is {today}")]
    Future { until: NaiveDate, today: NaiveDate },
    #[error("the books are closed up to {up_to}, so nothing can be posted on {date}")]
    Closed { up_to: NaiveDate, date: NaiveDate },
    #[error("{count} vouchers up to {up_to} are not final, the oldest is {oldest}")]
    Unfinished { count: i64, up_to: NaiveDate, oldest: i64 },
    #[error("the run `{run}` is not done up to {up_to}")]
    Pending { run: String, up_to: NaiveDate },
    #[error("a voucher of the year came in meanwhile; start again")]
    Moved,
    #[error("`{code}`: {error}")]
    Item { code: String, error: RuleError },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Goes through all periods that have ended and are not done.
pub async fn run(app: &App, asked: &Asked) -> Result<Report, RunError> {
    let version = app.catalog.current();
    let today = version.day(app.clock.now());
    if asked.until > today && !asked.preview {
        return Err(RunError::Future { until: asked.until, today });
    }
    if let Some(closing) = version.library().closings.get(&asked.name) {
        return year::run(app, &version, closing, asked).await;
    }
    let run = version.library().runs.get(&asked.name).cloned();
    let run = run.ok_or_else(|| RunError::Unknown(asked.name.clone()))?;
    let mut report = Report::default();
    let mut previewed = Previewed::default();
    for period in periods(app, &version, &run, asked.until).await? {
        let turn = Turn { app, version: &version, run: &run, period, asked };
        report.periods.push(turn.take(&mut previewed).await?);
    }
    Ok(report)
}

/// A run that posts and has a period up to a day that is not done.
async fn pending(app: &App, version: &Version, up_to: NaiveDate) -> Result<Option<String>, StoreError> {
    for (name, run) in version.library().runs.iter().filter(|(_, run)| !run.vouchers.is_empty()) {
        if !periods(app, version, run, up_to).await?.is_empty() {
            return Ok(Some(name.clone()));
        }
    }
    Ok(None)
}

/// That a period is done, as it is kept.
fn done_row(app: &App, version: &Version, run: &str, asked: &Asked, done: &Done) -> run_period::Model {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    run_period::Model {
        run: run.to_owned(),
        period_from: done.period.from,
        period_to: done.period.to,
        items: count(done.items),
        vouchers: count(done.vouchers.len()),
        statements: count(done.statements.len()),
        bundle: version.hash().to_owned(),
        actor: asked.who.clone(),
        at: app.clock.now(),
    }
}

/// Periods that are not done, oldest first: from the last one done, or from the first line on the accounts.
async fn periods(
    app: &App,
    version: &Version,
    run: &Run,
    until: NaiveDate,
) -> Result<Vec<Period>, StoreError> {
    let Some(company) = version.company() else { return Ok(Vec::new()) };
    let since = match app.store.last_period(&run.name).await? {
        Some(done) => done.period_to.succ_opt(),
        None => app.store.first_day(&accounts(run), run.by.word()).await?,
    };
    let since = since.map(|since| Period::ended(run.every, since, until, &company.fiscal_year));
    Ok(since.unwrap_or_default())
}

fn accounts(run: &Run) -> Vec<String> {
    run.accounts.iter().map(ToString::to_string).collect()
}

/// One period of a run.
struct Turn<'a> {
    app: &'a App,
    version: &'a Arc<Version>,
    run: &'a Arc<Run>,
    period: Period,
    asked: &'a Asked,
}

impl Turn<'_> {
    async fn take(&self, previewed: &mut Previewed) -> Result<Done, RunError> {
        let accounts = accounts(self.run);
        let over =
            Over { accounts: &accounts, by: self.run.by.word(), from: self.period.from, to: self.period.to };
        let mut sums = self.app.store.sums(&over).await?;
        previewed.lay_over(&mut sums, &over);
        let items = ledger::items(sums, self.run, self.version)?;
        let told = match self.run.statement {
            Some(_) => Told::look(self, &over).await?,
            None => Told::default(),
        };
        let mut done = Done {
            period: self.period,
            items: items.len(),
            wrote: Wrote::default(),
            vouchers: Vec::new(),
            statements: Vec::new(),
        };
        for some in items.chunks(CHUNK) {
            let mut writes = Vec::with_capacity(some.len());
            for item in some {
                writes.push(self.item(item, &told, &mut done).await?);
            }
            if !self.asked.preview {
                let wrote = self.write(writes).await?;
                done.wrote.vouchers += wrote.vouchers;
                done.wrote.statements += wrote.statements;
            }
        }
        if self.asked.preview {
            previewed.keep(&done.vouchers);
        } else {
            self.finish(&done).await?;
        }
        Ok(done)
    }

    async fn item(&self, item: &Item, told: &Told, done: &mut Done) -> Result<ItemWrite, RunError> {
        let (run, period) = (self.run, self.period);
        let mut facts = of_item(self.app, self.version, run.by, &item.code, period).await?;
        facts.insert("balance".into(), item.fact(run, &self.version.currency()));
        let worked = run
            .work(self.version.library(), facts, period.to)
            .map_err(|error| RunError::Item { code: item.code.clone(), error })?;
        let mut write = ItemWrite::default();
        for (n, voucher) in worked.vouchers.iter().enumerate() {
            write.vouchers.push(self.voucher(item, n, voucher)?);
        }
        if let Some(series) = run.statement.as_deref().filter(|_| item.is_told() || told.is_late(item)) {
            let row = statement::row(self, item, told, &worked.vouchers)?;
            done.statements.push(row.clone());
            write.statement = Some((statement::numbering(self.version, series, period.to), row));
        }
        done.vouchers.extend(worked.vouchers);
        Ok(write)
    }

    /// The voucher's rows. Its source names run, period, item and template, so that there is never a second.
    fn voucher(&self, item: &Item, n: usize, voucher: &Voucher) -> Result<VoucherWrite, StoreError> {
        let source = format!("run/{}/{}/{}/{n}", self.run.name, self.period.to, item.code);
        let mut write = rows(self.version, voucher, source, &self.asked.who, self.app.clock.now())?;
        write.voucher.event = self.run.name.to_string();
        write.voucher.ticket = item.ticket(self.run);
        Ok(write)
    }

    async fn write(&self, writes: Vec<ItemWrite>) -> Result<Wrote, RunError> {
        let (date, run) = (self.period.to, self.run.name.to_string());
        let posts = writes.iter().any(|write| !write.vouchers.is_empty());
        self.app
            .store
            .write(move |tx| {
                Box::pin(async move {
                    store::hold(tx, &run).await?;
                    if let Some(up_to) = closing::closed_up_to(tx).await?
                        && posts
                        && date <= up_to
                    {
                        return Err(RunError::Closed { up_to, date });
                    }
                    Ok(store::items(tx, writes).await?)
                })
            })
            .await
    }

    async fn finish(&self, done: &Done) -> Result<(), StoreError> {
        let row = done_row(self.app, self.version, &self.run.name, self.asked, done);
        let own = self
            .app
            .store
            .write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    store::hold(tx, &row.run).await?;
                    store::finish(tx, row).await
                })
            })
            .await?;
        if own {
            let (run, to) = (&self.run.name, self.period.to);
            info!(run.name = %run, run.vouchers = done.wrote.vouchers, "Run `{run}` is done up to {to}");
        }
        Ok(())
    }
}
