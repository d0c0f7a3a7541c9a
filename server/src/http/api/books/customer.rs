//! GET /api/customers/{code}/account: what is owed and why, papers, payments, devices, open requests.

use std::collections::BTreeSet;

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::language::Language;
use aftercare_engine::ledger::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::line::{Line, limit, place, told, written};
use super::{amount, days};
use crate::app::App;
use crate::facts::in_language;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::api::tickets::Summary;
use crate::http::api::tickets::summary::Telling;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::reports::customer::account;
use crate::store::read::report::customer::{Owned, Paid, Paper};

pub struct CustomerAccount(pub App);

/// A customer's account. Amounts are in major units; what the customer owes is above zero
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Account {
    customer: String,
    name: String,
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
    /// What was owed before the first line here
    opening: String,
    lines: Vec<Line>,
    /// What is owed after the last line here
    closing: String,
    /// Give it as `after` to get what follows; absent: this was all
    next: Option<String>,
    documents: Vec<AccountPaper>,
    payments: Vec<AccountPayment>,
    devices: Vec<AccountDevice>,
    open_tickets: Vec<Summary>,
}

/// A numbered document
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct AccountPaper {
    number: String,
    /// `invoice`, `quotation`, `credit_note`, …
    series: String,
    ticket: String,
    /// With VAT and rounding
    gross: String,
    at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
}

/// Money received or paid back
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct AccountPayment {
    ticket: String,
    /// `in` or `out`
    direction: String,
    amount: String,
    method: String,
    reference: Option<String>,
    at: DateTime<Utc>,
}

/// A device of the customer
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct AccountDevice {
    serial: String,
    product: String,
    name: String,
    status: String,
    /// Finished repairs
    repairs: i64,
    /// Its warranty card
    card: Option<String>,
    guarantee_to: Option<NaiveDate>,
    warranty_to: Option<NaiveDate>,
    extended_to: Option<NaiveDate>,
}

#[OpenApi(tag = "Tag::Books")]
impl CustomerAccount {
    /// A customer's account with everything around it
    ///
    /// Customers see their own. Staff need the right to read vouchers.
    #[oai(path = "/customers/:code/account", method = "get")]
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
    ) -> Result<Json<Account>, Problem> {
        self.told(&who, &code.0, (from.0, to.0), (after.0.as_deref(), limit.0)).await.map(Json)
    }
}

impl CustomerAccount {
    /// The account of the fiscal year so far.
    pub async fn of(&self, who: &SignedIn, code: &str) -> Result<Account, Problem> {
        self.told(who, code, (None, None), (None, None)).await
    }

    async fn told(
        &self,
        who: &SignedIn,
        code: &str,
        (from, to): (Option<NaiveDate>, Option<NaiveDate>),
        (after, limit): (Option<&str>, Option<u64>),
    ) -> Result<Account, Problem> {
        let is_own = who.caller.customer.as_deref() == Some(code);
        if !is_own {
            who.may_in(&self.0, Permission::VouchersRead, None)?;
        }
        let customer = self.0.store.customer(code).await?;
        let customer = customer.ok_or_else(|| Problem::not_found("customer", code))?.customer.clone();
        let span = days(&self.0, from, to)?;
        let (after, limit) = (place(after)?, self::limit(limit)?);
        let found = account(&self.0, code, span, after, limit).await?;
        let (currency, language) = (currency(&self.0), who.language);
        let told_amount = |minor: i64| amount(minor, &currency);
        let closing = found.ledger.lines.last().map_or(found.ledger.opening, |(_, balance)| *balance);
        let lines = found.ledger.lines.into_iter().map(|(line, balance)| (line, Some(balance))).collect();
        let mut open_tickets = Vec::with_capacity(found.open.len());
        for row in &found.open {
            let chart = crate::http::api::tickets::chart(&self.0, row).await?;
            let telling = Telling {
                chart: Some(&chart),
                language,
                currency: &currency,
                outside: is_own,
                party: &BTreeSet::new(),
                asking: &[],
            };
            open_tickets.push(Summary::of(row, None, &telling));
        }
        Ok(Account {
            customer: code.to_owned(),
            name: customer.name,
            from: span.from,
            to: span.to,
            currency: currency.code.to_string(),
            opening: told_amount(found.ledger.opening),
            lines: told(&self.0, language, lines).await?,
            closing: told_amount(closing),
            next: found.ledger.next.map(written),
            documents: found.papers.into_iter().map(|paper| paper_of(paper, &currency)).collect(),
            payments: found.payments.into_iter().map(|paid| payment_of(paid, &currency)).collect(),
            devices: found.devices.into_iter().map(|device| device_of(device, language)).collect(),
            open_tickets,
        })
    }
}

fn paper_of(paper: Paper, currency: &Currency) -> AccountPaper {
    AccountPaper {
        gross: amount(paper.gross + paper.rounding, currency),
        number: paper.number,
        series: paper.series,
        ticket: paper.ticket,
        at: paper.at,
        due_at: paper.due_at,
    }
}

fn payment_of(paid: Paid, currency: &Currency) -> AccountPayment {
    AccountPayment {
        amount: amount(paid.amount, currency),
        ticket: paid.ticket,
        direction: paid.direction,
        method: paid.method,
        reference: paid.reference,
        at: paid.at,
    }
}

fn device_of(device: Owned, language: Language) -> AccountDevice {
    AccountDevice {
        name: in_language(&device.name, language),
        serial: device.serial,
        product: device.product,
        status: device.status,
        repairs: device.repairs,
        card: device.card,
        guarantee_to: device.guarantee_to,
        warranty_to: device.warranty_to,
        extended_to: device.extended_to,
    }
}
