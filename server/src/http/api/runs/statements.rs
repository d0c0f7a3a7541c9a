//! GET /api/statements: what runs have written for technicians, agencies and customers.

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::ledger::DetailKind;
use aftercare_engine::ledger::amount::decimal;
use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::{ApiResponse, Object, OpenApi};

use crate::app::App;
use crate::entity::statement;
use crate::export::csv::{harmless, quoted};
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::run::statement::Line;
use crate::store::StoreError;

pub struct Statements(pub App);

/// A statement of somebody's account over a period. Amounts are in major units
#[derive(Debug, Object)]
pub struct Statement {
    number: String,
    run: String,
    from: NaiveDate,
    to: NaiveDate,
    /// `technician`, `agency`, `customer` …
    kind: String,
    party: String,
    currency: String,
    opening: String,
    debit: String,
    credit: String,
    closing: String,
    lines: Vec<StatementLine>,
    made_by: String,
    made_at: DateTime<Utc>,
}

/// A line of a statement
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct StatementLine {
    date: NaiveDate,
    /// Reference of the voucher; absent: posted with this statement
    reference: Option<i64>,
    /// Tracking code
    ticket: Option<String>,
    text: String,
    debit: String,
    credit: String,
    /// After this line
    balance: String,
    /// What of it was not settled on the last day
    open: String,
}

/// Comma-separated values
#[derive(ApiResponse)]
enum Table {
    #[oai(status = 200, content_type = "text/csv; charset=utf-8")]
    Csv(PlainText<String>),
}

#[OpenApi(tag = "Tag::Books")]
impl Statements {
    /// Statements, newest first
    ///
    /// Agencies, partners, customers and technicians see their own, asked for by `kind` and `party`. Others need the
    /// right to read vouchers.
    #[oai(path = "/statements", method = "get")]
    async fn list(
        &self,
        who: SignedIn,
        /// Name of the run
        run: Query<Option<String>>,
        /// With `party`: `technician`, `agency`, `customer`
        kind: Query<Option<String>>,
        /// Code of the party
        party: Query<Option<String>>,
        /// 1 to 200, 50 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Vec<Statement>>, Problem> {
        let party = kind.0.as_deref().zip(party.0.as_deref());
        if !party.is_some_and(|(kind, code)| self.is_own(&who, kind, code)) {
            who.may_in(&self.0, Permission::VouchersRead, None)?;
        }
        let limit = limit.0.unwrap_or(50).clamp(1, 200);
        let rows = self.0.store.statements(run.0.as_deref(), party, limit).await?;
        rows.into_iter().map(|row| told(&self.0, row)).collect::<Result<_, _>>().map(Json)
    }

    /// One statement
    #[oai(path = "/statements/:number", method = "get")]
    async fn show(&self, who: SignedIn, number: Path<String>) -> Result<Json<Statement>, Problem> {
        self.find(&who, &number.0).await.map(Json)
    }

    /// One statement as a table for spreadsheets
    #[oai(path = "/statements/:number/csv", method = "get")]
    async fn table(&self, who: SignedIn, number: Path<String>) -> Result<Table, Problem> {
        let found = self.find(&who, &number.0).await?;
        let mut table = String::from("date,reference,ticket,text,debit,credit,balance,open\r\n");
        for line in &found.lines {
            let reference = line.reference.map(|reference| reference.to_string()).unwrap_or_default();
            let cells = [
                &line.date.to_string(),
                &reference,
                &harmless(line.ticket.as_deref().unwrap_or_default()),
                &harmless(&line.text),
                &line.debit,
                &line.credit,
                &line.balance,
                &line.open,
            ];
            table += &cells.map(|cell| quoted(cell, ',')).join(",");
            table += "\r\n";
        }
        Ok(Table::Csv(PlainText(table)))
    }
}

impl Statements {
    /// A statement, if the caller may see it.
    pub async fn find(&self, who: &SignedIn, number: &str) -> Result<Statement, Problem> {
        let row = self.0.store.statement(number).await?;
        if !row.as_ref().is_some_and(|row| self.is_own(who, &row.kind, &row.party)) {
            who.may_in(&self.0, Permission::VouchersRead, None)?;
        }
        told(&self.0, row.ok_or_else(|| Problem::not_found("statement", number.to_owned()))?)
    }

    /// Whether this account is the caller's own.
    fn is_own(&self, who: &SignedIn, kind: &str, party: &str) -> bool {
        let kind = DetailKind::ALL.into_iter().find(|one| one.word() == kind);
        match kind {
            Some(DetailKind::Agency | DetailKind::Partner) => {
                who.own_agency(&self.0).as_deref() == Some(party)
            }
            Some(DetailKind::Customer) => who.caller.customer.as_deref() == Some(party),
            Some(DetailKind::Technician) => who.caller.name == party,
            _ => false,
        }
    }
}

/// A statement as it is told.
pub fn told(app: &App, row: statement::Model) -> Result<Statement, Problem> {
    let currency = currency(app);
    let money = |minor: i64| decimal(minor, &currency).to_string();
    let lines: Vec<Line> =
        serde_json::from_str(&row.lines).map_err(|error| StoreError::corrupt("statement", error))?;
    let lines = lines.into_iter().map(|line| StatementLine {
        date: line.date,
        reference: line.reference,
        ticket: line.ticket,
        text: line.text,
        debit: money(line.debit),
        credit: money(line.credit),
        balance: money(line.balance),
        open: money(line.open),
    });
    Ok(Statement {
        number: row.number,
        run: row.run,
        from: row.period_from,
        to: row.period_to,
        kind: row.kind,
        party: row.party,
        opening: money(row.opening),
        debit: money(row.debit),
        credit: money(row.credit),
        closing: money(row.closing),
        currency: row.currency,
        lines: lines.collect(),
        made_by: row.actor,
        made_at: row.at,
    })
}
