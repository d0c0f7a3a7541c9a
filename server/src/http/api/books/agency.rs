//! GET /api/agencies/{code}/account: what is owed and why, statements, and our goods in its hands.

use aftercare_engine::definition::messages::Permission;
use chrono::NaiveDate;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use rust_decimal::Decimal;

use super::line::{Line, limit, place, told, written};
use super::{amount, days};
use crate::app::App;
use crate::facts::in_language;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::reports::agency::account;

pub struct AgencyAccount(pub App);

/// The account of an agency or partner company. Amounts are in major units; what it owes us is above zero, what we
/// owe it below
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct OwnAccount {
    pub agency: String,
    pub name: String,
    /// `service`, `sales`, `both`, `partner`
    pub kind: String,
    /// `active` or `suspended`
    pub status: String,
    /// Last day of its vetting
    pub vetted_to: Option<NaiveDate>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub currency: String,
    /// What was owed before the first line here
    pub opening: String,
    pub lines: Vec<Line>,
    /// What is owed after the last line here
    pub closing: String,
    /// Give it as `after` to get what follows; absent: this was all
    pub next: Option<String>,
    pub statements: Vec<StatementLine>,
    /// Parts of ours in its hands
    pub consigned: Vec<Consigned>,
}

/// A statement, in full under `/api/statements/{number}`
#[derive(Debug, Object)]
#[oai(rename = "AccountStatement")]
pub struct StatementLine {
    pub number: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// As the statement says it: above zero on the side of its accounts
    pub closing: String,
}

/// A part of ours in the hands of an agency
#[derive(Debug, Object)]
pub struct Consigned {
    pub part: String,
    pub name: String,
    /// A decimal number
    pub quantity: String,
}

#[OpenApi(tag = "Tag::Books")]
impl AgencyAccount {
    /// An agency's account with its statements and our goods in its hands
    ///
    /// Agencies and partners see their own. Staff need the right to read vouchers.
    #[oai(path = "/agencies/:code/account", method = "get")]
    async fn account(
        &self,
        who: SignedIn,
        code: Path<String>,
        /// First day; left out: of the fiscal year
        from: Query<Option<NaiveDate>>,
        /// Last day; left out: today
        to: Query<Option<NaiveDate>>,
        /// The `next` of the piece before
        after: Query<Option<String>>,
        /// 1 to 1000, 200 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<OwnAccount>, Problem> {
        let asked = Span { from: from.0, to: to.0, after: after.0, limit: limit.0 };
        account_of(&self.0, &who, &code.0, asked).await.map(Json)
    }
}

/// Which piece of the account.
#[derive(Debug, Default)]
pub struct Span {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub after: Option<String>,
    pub limit: Option<u64>,
}

/// The account of an agency, if the caller may see it.
pub async fn account_of(app: &App, who: &SignedIn, code: &str, asked: Span) -> Result<OwnAccount, Problem> {
    if who.own_agency(app).as_deref() != Some(code) {
        who.may_in(app, Permission::VouchersRead, None)?;
    }
    let agency = app.store.agency(code).await?.ok_or_else(|| Problem::not_found("agency", code))?;
    let span = days(app, asked.from, asked.to)?;
    let (after, limit) = (place(asked.after.as_deref())?, limit(asked.limit)?);
    let found = account(app, &agency, span, after, limit).await?;
    let (currency, language) = (currency(app), who.language);
    let closing = found.ledger.lines.last().map_or(found.ledger.opening, |(_, balance)| *balance);
    let lines = found.ledger.lines.into_iter().map(|(line, balance)| (line, Some(balance))).collect();
    let statements = found.statements.into_iter().map(|row| StatementLine {
        number: row.number,
        from: row.period_from,
        to: row.period_to,
        closing: amount(row.closing, &currency),
    });
    let consigned = found.consigned.into_iter().map(|(held, part)| Consigned {
        name: part.map(|part| in_language(&part.name, language)).unwrap_or_default(),
        part: held.part,
        quantity: Decimal::new(held.quantity, 3).normalize().to_string(),
    });
    Ok(OwnAccount {
        agency: agency.code.clone(),
        name: in_language(&agency.name, language),
        kind: agency.kind.clone(),
        status: agency.status.clone(),
        vetted_to: agency.vetted_to,
        from: span.from,
        to: span.to,
        opening: amount(found.ledger.opening, &currency),
        lines: told(app, language, lines).await?,
        closing: amount(closing, &currency),
        next: found.ledger.next.map(written),
        statements: statements.collect(),
        consigned: consigned.collect(),
        currency: currency.code.to_string(),
    })
}
