//! Runs over the books: which there are, up to when each is done, what one would post, and its start.

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::definition::run::Every;
use aftercare_engine::ledger::amount::decimal;
use aftercare_engine::ledger::{Currency, Voucher};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde_json::{Value, json};

use super::form::PageForm;
use super::input;
use super::preferences::Calendar;
use super::ticket::step::wrong;
use super::view::View;
use crate::auth;
use crate::http::access::{currency, library};
use crate::http::problem::{Kind, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::run::{Asked, Done, Report, run};

/// Vouchers that are shown of a period; the others are counted.
const SHOWN: usize = 20;
/// Lines that are shown of a voucher.
const LINES: usize = 50;

/// GET /runs
#[handler]
pub async fn show(view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    page(view, &who, None, None).await
}

/// POST /runs/{name}: `deed` is `look` or `start`.
#[handler]
pub async fn submit(view: View, Path(name): Path<String>, form: PageForm) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    who.may_in(&view.app, Permission::RunsStart, None)?;
    let Some(until) = form.get("until").and_then(input::day) else {
        let problem = Problem::parameter("until", Text::Said(view.text("no-day")));
        return page(view, &who, None, Some(&problem)).await;
    };
    let preview = form.get("deed") != Some("start");
    let asked = Asked { name, until, preview, who: who.caller.name.clone() };
    match run(&view.app, &asked).await {
        Ok(report) => page(view, &who, Some((&asked, &report)), None).await,
        Err(error) => {
            let problem = Problem::from(error);
            match problem.kind {
                Kind::Internal => Err(problem),
                _ => page(view, &who, None, Some(&problem)).await,
            }
        }
    }
}

async fn page(
    mut view: View,
    who: &SignedIn,
    came: Option<(&Asked, &Report)>,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    who.may(&view.app, Permission::VouchersRead)?;
    let (library, language) = (library(&view.app), view.writing.language);
    let runs = library.runs.iter().map(|(name, run)| (name, &run.title, run.every));
    let closings = library.closings.iter().map(|(name, closing)| (name, &closing.title, Every::Year));
    let mut all = Vec::new();
    for (name, title, every) in runs.chain(closings) {
        let last = view.app.store.last_period(name).await?;
        all.push(json!({
            "name": name,
            "title": title.best(language),
            "every": every,
            "done_up_to": last.as_ref().map(|row| row.period_to),
            "done_by": last.map(|row| row.actor),
        }));
    }
    view.put("runs", &all);
    let today = view.app.catalog.current().day(view.app.clock.now());
    let until = came.map_or(today, |(asked, _)| asked.until);
    let written = match view.writing.calendar {
        Calendar::Jalali => view.writing.date(until),
        Calendar::Gregorian => until.to_string(),
    };
    view.put("until", &until);
    view.put("until_written", &written);
    view.put("may_start", &auth::may(&who.caller, &library.roles, Permission::RunsStart).is_ok());
    let currency = currency(&view.app);
    view.put("came", &came.map(|(asked, report)| told(&view, asked, report, &currency)));
    view.put("wrong", &problem.map(|problem| wrong(problem, language).texts));
    let status = problem.map_or(StatusCode::OK, |problem| problem.kind.status());
    view.page_with("runs.html", status)
}

/// What a run did, or would do.
fn told(view: &View, asked: &Asked, report: &Report, currency: &Currency) -> Value {
    let library = library(&view.app);
    let language = view.writing.language;
    let title = library.runs.get(&asked.name).map(|run| &run.title);
    let title = title.or_else(|| Some(&library.closings.get(&asked.name)?.title));
    let voucher = |voucher: &Voucher| {
        let line = |line: &aftercare_engine::ledger::Line| {
            let account = library.accounts.get(&line.account);
            json!({
                "account": line.account,
                "title": account.map(|account| account.title.best(language)),
                "details": line.details.values().collect::<Vec<_>>(),
                "debit": (line.debit_minor > 0).then(|| decimal(line.debit_minor, currency)),
                "credit": (line.credit_minor > 0).then(|| decimal(line.credit_minor, currency)),
            })
        };
        json!({
            "date": voucher.header().date,
            "text": voucher.header().text,
            "total": decimal(voucher.total().minor(), currency),
            "lines": voucher.lines().iter().take(LINES).map(line).collect::<Vec<_>>(),
            "more": voucher.lines().len().saturating_sub(LINES),
        })
    };
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let period = |done: &Done| {
        json!({
            "from": done.period.from,
            "to": done.period.to,
            "items": done.items,
            "posted": if asked.preview { count(done.vouchers.len()) } else { done.wrote.vouchers },
            "written": if asked.preview { count(done.statements.len()) } else { done.wrote.statements },
            "vouchers": done.vouchers.iter().take(SHOWN).map(voucher).collect::<Vec<_>>(),
            "more": done.vouchers.len().saturating_sub(SHOWN),
        })
    };
    json!({
        "name": asked.name,
        "title": title.map(|title| title.best(language)),
        "preview": asked.preview,
        "periods": report.periods.iter().map(period).collect::<Vec<_>>(),
    })
}
