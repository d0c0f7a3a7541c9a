//! Vouchers: looked at, reviewed by a second person, made final in order, taken back by their reverse.

pub mod approve;
mod attachments;
mod enter;
mod export;
pub mod finalise;
pub mod list;
mod open;
pub mod reverse;
pub mod review;
pub mod show;

use aftercare_engine::ledger::amount::{Currency, decimal};
use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use crate::app::App;
use crate::entity::{voucher, voucher_line};
use crate::http::once::Stop;
use crate::http::problem::Problem;
use crate::store::{Transaction, voucher as store};

/// Where a voucher is to be found, from what is told of it.
fn place(json: &Value) -> Option<Vec<String>> {
    Some(vec!["vouchers".into(), json["reference"].as_i64()?.to_string()])
}

/// A voucher. Amounts are in major units
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Voucher {
    /// Order of entry, never used again
    pub reference: i64,
    /// Gap-free within the fiscal year, given when it is made final
    pub number: Option<i64>,
    /// The number that it has until then, by day and entry; earlier vouchers that come in move it
    pub provisional_number: Option<i64>,
    pub template: String,
    /// What happened
    pub event: String,
    pub date: NaiveDate,
    pub fiscal_year: String,
    /// `note`, `draft`, `reviewed`, `final`, `reversed`
    pub status: String,
    /// `ordinary`, `memo` or `closing`
    pub kind: String,
    pub text: String,
    /// Tracking code
    pub ticket: Option<String>,
    /// Reference of the voucher that it takes back
    pub reverses: Option<i64>,
    /// Reference of the voucher that takes it back
    pub reversed_by: Option<i64>,
    pub total: String,
    pub currency: String,
    pub prepared_by: String,
    pub prepared_at: DateTime<Utc>,
    pub reviewed_by: Option<String>,
    pub reviewed_at: Option<DateTime<Utc>>,
    pub approved_by: Option<String>,
    pub approved_at: Option<DateTime<Utc>>,
    pub finalised_by: Option<String>,
    pub finalised_at: Option<DateTime<Utc>>,
    pub lines: Vec<Line>,
    /// Papers that belong to it
    pub attachments: Vec<attachments::Attached>,
    /// What was half entered, of a note
    pub note: Option<Value>,
}

/// A line of a voucher: one of debit and credit is zero
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Line {
    pub line: i64,
    pub account: String,
    /// `customer`, `agency`, `partner`, `technician`
    pub party_kind: Option<String>,
    pub party: Option<String>,
    /// All details that the account asks for: kind to code
    pub details: Value,
    pub text: String,
    pub debit: String,
    pub credit: String,
    /// Why the amount is what it is
    pub explanation: Value,
}

/// The routes.
pub fn routes(app: &App) -> impl OpenApi + use<> {
    (
        // Before `show`: `export` is no reference.
        (export::Export(app.clone()), open::Open(app.clone())),
        (list::List(app.clone()), show::Show(app.clone())),
        (enter::Enter(app.clone()), approve::Approve(app.clone()), attachments::Attachments(app.clone())),
        (review::Review(app.clone()), finalise::Finalise(app.clone()), reverse::Reverse(app.clone())),
    )
}

/// Vouchers with their lines.
pub async fn with_lines(app: &App, rows: Vec<voucher::Model>) -> Result<Vec<Voucher>, Problem> {
    let references: Vec<i64> = rows.iter().map(|row| row.reference_no).collect();
    let lines = app.store.voucher_lines(&references).await?;
    let digits = crate::http::access::currency(app).minor_digits;
    let numbers = app.store.provisional_numbers(&references).await?;
    let mut papers = app.store.papers(&references).await?;
    let told = rows.into_iter().map(|row| {
        let own: Vec<_> = lines.iter().filter(|line| line.voucher == row.reference_no).collect();
        let mut told = with_own_lines(row, &own, digits);
        let number = numbers.iter().find(|(reference, _)| *reference == told.reference);
        told.provisional_number = number.map(|(_, number)| *number);
        let own = papers.extract_if(.., |paper| paper.voucher == told.reference);
        told.attachments = own.map(attachments::Attached::from).collect();
        told
    });
    Ok(told.collect())
}

fn with_own_lines(row: voucher::Model, lines: &[&voucher_line::Model], digits: u8) -> Voucher {
    let currency = Currency::new(row.currency.as_str(), digits);
    let lines = lines.iter().map(|line| told_line(line, &currency)).collect();
    told(row, &currency, lines)
}

/// A voucher as it stands in this transaction.
async fn in_transaction(tx: &Transaction, reference: i64, digits: u8) -> Result<Voucher, Stop> {
    let found = store::one(tx, reference).await?;
    let (row, lines) = found.ok_or_else(|| Problem::not_found("voucher", reference.to_string()))?;
    Ok(with_own_lines(row, &lines.iter().collect::<Vec<_>>(), digits))
}

fn told(row: voucher::Model, currency: &Currency, lines: Vec<Line>) -> Voucher {
    Voucher {
        reference: row.reference_no,
        number: row.voucher_no,
        provisional_number: None,
        note: (row.status == "note").then(|| serde_json::from_str(&row.detail).unwrap_or_default()),
        attachments: Vec::new(),
        template: row.template,
        event: row.event,
        date: row.date,
        fiscal_year: row.fiscal_year,
        status: row.status,
        kind: row.kind,
        text: row.text,
        ticket: row.ticket,
        reverses: row.reverses,
        reversed_by: row.reversed_by,
        total: decimal(row.total, currency).to_string(),
        currency: row.currency,
        prepared_by: row.prepared_by,
        prepared_at: row.prepared_at,
        reviewed_by: row.reviewed_by,
        reviewed_at: row.reviewed_at,
        approved_by: row.approved_by,
        approved_at: row.approved_at,
        finalised_by: row.finalised_by,
        finalised_at: row.finalised_at,
        lines,
    }
}

fn told_line(line: &voucher_line::Model, currency: &Currency) -> Line {
    Line {
        line: line.line,
        account: line.account.clone(),
        party_kind: line.party_kind.clone(),
        party: line.party.clone(),
        details: serde_json::from_str(&line.details).unwrap_or_default(),
        text: line.text.clone(),
        debit: decimal(line.debit, currency).to_string(),
        credit: decimal(line.credit, currency).to_string(),
        explanation: serde_json::from_str(&line.explanation).unwrap_or_default(),
    }
}
