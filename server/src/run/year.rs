//! The end of a fiscal year: the oldest that is not closed, all its vouchers in one transaction or none.

use std::sync::Arc;

use aftercare_engine::definition::run::Every;
use aftercare_engine::ledger::Voucher;
use aftercare_engine::run::closing::{Books, Standing};
use aftercare_engine::run::{Closing, Period};

use super::{Asked, Done, Report, RunError, done_row, pending};
use crate::app::App;
use crate::catalog::Version;
use crate::effects::voucher::rows;
use crate::store::read::balances::Stands;
use crate::store::run::{self as store, ItemWrite, Wrote};
use crate::store::voucher::entry::unfinished;
use crate::store::{StoreError, closing as closed};

/// Closes the oldest year that has ended by the day and is not closed.
pub async fn run(
    app: &App,
    version: &Arc<Version>,
    closing: &Arc<Closing>,
    asked: &Asked,
) -> Result<Report, RunError> {
    let Some(period) = period(app, version, closing, asked).await? else { return Ok(Report::default()) };
    if !asked.preview
        && let Some(run) = pending(app, version, period.to).await?
    {
        return Err(RunError::Pending { run, up_to: period.to });
    }
    let count = app.store.vouchers_up_to(period.to).await?;
    let standing = app.store.standing(period.to).await?;
    let vouchers = work(version, closing, standing, period)?;
    let mut done = Done {
        period,
        items: vouchers.iter().map(|voucher| voucher.lines().len()).sum(),
        wrote: Wrote::default(),
        vouchers,
        statements: Vec::new(),
    };
    if !asked.preview {
        done.wrote = write(app, version, closing, asked, &done, count).await?;
    }
    Ok(Report { periods: vec![done] })
}

async fn period(
    app: &App,
    version: &Version,
    closing: &Closing,
    asked: &Asked,
) -> Result<Option<Period>, StoreError> {
    let Some(company) = version.company() else { return Ok(None) };
    let since = match app.store.last_period(&closing.name).await? {
        Some(done) => done.period_to.succ_opt(),
        None => app.store.first_posting().await?,
    };
    let ended = since.map(|since| Period::ended(Every::Year, since, asked.until, &company.fiscal_year));
    Ok(ended.and_then(|ended| ended.first().copied()))
}

fn work(
    version: &Version,
    closing: &Closing,
    standing: Vec<Stands>,
    period: Period,
) -> Result<Vec<Voucher>, RunError> {
    let Some(company) = version.company() else { return Ok(Vec::new()) };
    let read = |one: Stands| {
        let details = serde_json::from_str(&one.details);
        let details = details.map_err(|error| StoreError::corrupt("voucher line", error))?;
        Ok(Standing { account: one.account.into(), details, balance: one.balance })
    };
    let standing = standing.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    let books = Books {
        accounts: &version.library().accounts,
        currency: &version.currency(),
        language: version.language(),
        year: &company.fiscal_year,
    };
    closing.work(&books, &standing, period).map_err(|error| StoreError::corrupt("balance", error).into())
}

async fn write(
    app: &App,
    version: &Version,
    closing: &Closing,
    asked: &Asked,
    done: &Done,
    count: i64,
) -> Result<Wrote, RunError> {
    let (name, period, now) = (closing.name.to_string(), done.period, app.clock.now());
    let mut item = ItemWrite::default();
    for (n, voucher) in done.vouchers.iter().enumerate() {
        let mut write = rows(version, voucher, format!("run/{name}/{}/{n}", period.to), &asked.who, now)?;
        write.voucher.event.clone_from(&name);
        item.vouchers.push(write);
    }
    let row = done_row(app, version, &name, asked, done);
    app.store
        .write(move |tx| {
            Box::pin(async move {
                closed::hold_posting(tx).await?;
                store::hold(tx, &name).await?;
                if let Some(up_to) = closed::closed_up_to(tx).await?.filter(|up_to| period.to <= *up_to) {
                    return Err(RunError::Closed { up_to, date: period.to });
                }
                if let Some((count, oldest)) = unfinished(tx, period.to).await? {
                    return Err(RunError::Unfinished { count, up_to: period.to, oldest });
                }
                if store::vouchers_up_to(tx, period.to).await? != count {
                    return Err(RunError::Moved);
                }
                let wrote = store::items(tx, vec![item]).await?;
                store::finish(tx, row).await?;
                Ok(wrote)
            })
        })
        .await
}
