//! Reports over tickets: those opened within some days are told apart by the fields that a report's file names, and
//! its columns are added up.

use std::collections::{BTreeMap, HashMap};

use aftercare_engine::ledger::amount::decimal;
use aftercare_engine::report::{Content, Report, Ticket};
use aftercare_engine::rules::RuleError;
use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::customer::moments;
use crate::app::App;
use crate::auth::Scope;
use crate::entity::ticket;
use crate::facts::stored_fields;
use crate::store::StoreError;
use crate::store::read::report::Span;
use crate::store::read::search::{After, TicketFilter};

/// Tickets read at once.
const PIECE: u64 = 500;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    pub report: &'a Report,
    /// Those of the report's fields that make rows.
    pub by: Vec<&'a str>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub scope: &'a Scope,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum Unreported {
    /// An expression of the report's file has no answer for a ticket.
    #[error("{}: {ticket}: {}", error.source_line, error.message)]
    Failed { ticket: String, error: Box<RuleError> },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("bundle {bundle} has no `{process}`")]
    NoChart { bundle: String, process: String },
}

/// The numbers, in the order of the report's columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Values of the fields that make the row, none where a ticket has none; the fullest rows first.
    pub rows: Vec<(Vec<Option<String>>, Vec<Decimal>)>,
    pub total: Vec<Decimal>,
}

/// Works the report out.
pub async fn tell(app: &App, asked: &Asked<'_>) -> Result<Told, Unreported> {
    let version = app.catalog.current();
    let (from, before) = moments(&version, &Span::days(asked.from, asked.to));
    let filter = TicketFilter {
        processes: asked.report.processes.iter().map(ToString::to_string).collect(),
        opened_from: Some(from),
        opened_before: Some(before),
        ..TicketFilter::default()
    };
    let mut total = vec![Decimal::ZERO; asked.report.columns.len()];
    let (mut rows, mut after) = (BTreeMap::<Vec<Option<String>>, Vec<Decimal>>::new(), None);
    loop {
        let piece = app.store.tickets(&filter, asked.scope, after.as_ref(), PIECE).await?;
        let Some(last) = piece.last() else { break };
        after = Some(After { opened_at: last.opened_at, code: last.code.clone() });
        let posted = posted(app, asked.report, &piece).await?;
        for ticket in &piece {
            let (key, numbers) = of_ticket(app, asked, ticket, &posted).await?;
            let row = rows.entry(key).or_insert_with(|| vec![Decimal::ZERO; numbers.len()]);
            for sums in [row, &mut total] {
                sums.iter_mut().zip(&numbers).for_each(|(sum, number)| *sum += number);
            }
        }
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|(_, numbers)| std::cmp::Reverse(numbers.first().copied().unwrap_or_default()));
    Ok(Told { rows, total })
}

/// Amounts by ticket, template and account, in minor units.
type Posted = HashMap<String, HashMap<(String, String), i64>>;

/// What was posted for these tickets; nothing is looked for where no column asks.
async fn posted(app: &App, report: &Report, tickets: &[ticket::Model]) -> Result<Posted, StoreError> {
    let mut posted = Posted::new();
    if report.columns.iter().any(|column| matches!(column.content, Content::Posted { .. })) {
        let codes: Vec<String> = tickets.iter().map(|ticket| ticket.code.clone()).collect();
        for row in app.store.posted_for(&codes).await? {
            posted.entry(row.ticket).or_default().insert((row.template, row.account), row.amount);
        }
    }
    Ok(posted)
}

/// The row that a ticket belongs to, and its numbers.
async fn of_ticket(
    app: &App,
    asked: &Asked<'_>,
    ticket: &ticket::Model,
    posted: &Posted,
) -> Result<(Vec<Option<String>>, Vec<Decimal>), Unreported> {
    let version = app.catalog.version(&ticket.bundle).await?;
    let chart = version.chart(&ticket.process).ok_or_else(|| Unreported::NoChart {
        bundle: ticket.bundle.clone(),
        process: ticket.process.clone(),
    })?;
    let (fields, states) = (stored_fields(ticket, chart)?, ticket.states.split(' ').collect::<Vec<_>>());
    let current = app.catalog.current();
    let (today, currency) = (current.day(app.clock.now()), current.currency());
    let known = Ticket { chart, fields: &fields, states: &states, today };
    let own = posted.get(&ticket.code);
    let amount = |template: &str, account: &str| {
        let minor = own.and_then(|own| own.get(&(template.to_owned(), account.to_owned())));
        decimal(minor.copied().unwrap_or_default(), &currency)
    };
    let numbers = asked
        .report
        .numbers(&known, &amount)
        .map_err(|error| Unreported::Failed { ticket: ticket.code.clone(), error: Box::new(error) })?;
    let key = asked.by.iter().map(|field| asked.report.key(&known, field).map(Into::into)).collect();
    Ok((key, numbers))
}
