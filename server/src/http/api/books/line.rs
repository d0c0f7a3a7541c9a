//! A line of the journal or of a ledger on the wire, and where a piece begins.

use aftercare_engine::language::Language;
use aftercare_engine::ledger::Currency;
use chrono::NaiveDate;
use poem_openapi::Object;
use serde_json::Value;

use super::amount;
use crate::app::App;
use crate::http::access::currency;
use crate::http::problem::{Problem, Text};
use crate::reports::{Names, details, title};
use crate::store::read::report::ledger::{BookLine, Place};

/// Most lines of one answer.
const MOST: usize = 1000;

/// A line of the books. Amounts are in major units; one of debit and credit is zero
#[derive(Debug, Object)]
#[oai(rename = "BookLine", skip_serializing_if_is_none)]
pub struct Line {
    pub date: NaiveDate,
    /// Its voucher, under `/api/vouchers/{reference}`
    pub reference: i64,
    /// Number of the voucher, once it is final
    pub number: Option<i64>,
    /// Line of the voucher
    pub line: i64,
    /// Of the voucher: `draft`, `reviewed`, `final`, `reversed`
    pub status: String,
    pub template: String,
    /// Tracking code, under `/api/tickets/{code}`
    pub ticket: Option<String>,
    pub account: String,
    /// Title of the account
    pub title: String,
    /// Detail kind to code
    pub details: Value,
    /// What the details are called
    pub names: String,
    pub text: String,
    pub debit: String,
    pub credit: String,
    /// Debits less credits of the ledger after this line
    pub balance: Option<String>,
}

/// Lines on the wire, each with the balance after it if there is one.
pub async fn told(
    app: &App,
    language: Language,
    lines: Vec<(BookLine, Option<i64>)>,
) -> Result<Vec<Line>, Problem> {
    let (version, currency) = (app.catalog.current(), currency(app));
    let all: Vec<_> = lines.iter().map(|(line, _)| details(&line.details)).collect::<Result<_, _>>()?;
    let names = Names::of(&app.store, all.iter(), language).await?;
    let told = lines.into_iter().zip(&all).map(|((line, balance), details)| Line {
        title: title(&version, &line.account, language),
        names: names.told(details),
        ..plain(line, balance, &currency)
    });
    Ok(told.collect())
}

fn plain(line: BookLine, balance: Option<i64>, currency: &Currency) -> Line {
    Line {
        date: line.date,
        reference: line.reference,
        number: line.voucher_no,
        line: line.line,
        status: line.status,
        template: line.template,
        ticket: line.ticket,
        account: line.account,
        title: String::new(),
        details: serde_json::from_str(&line.details).unwrap_or_default(),
        names: String::new(),
        text: line.text,
        debit: amount(line.debit, currency),
        credit: amount(line.credit, currency),
        balance: balance.map(|balance| amount(balance, currency)),
    }
}

/// How many lines to answer with.
pub fn limit(asked: Option<u64>) -> Result<usize, Problem> {
    let limit = usize::try_from(asked.unwrap_or(200)).unwrap_or(usize::MAX);
    if (1..=MOST).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::parameter(
        "limit",
        Text::why("why-between", vec![("least", "1".to_owned()), ("most", MOST.to_string())]),
    ))
}

/// A place as it is given back in `after`.
pub fn written(place: Place) -> String {
    format!("{}.{}.{}", place.date, place.reference, place.line)
}

/// The place that `after` names.
pub fn place(after: Option<&str>) -> Result<Option<Place>, Problem> {
    let Some(after) = after else { return Ok(None) };
    let read = || {
        let mut parts = after.splitn(3, '.');
        let (date, reference, line) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Place { date: date.parse().ok()?, reference: reference.parse().ok()?, line: line.parse().ok()? })
    };
    read().map(Some).ok_or_else(|| Problem::parameter("after", Text::why("why-next", vec![])))
}
