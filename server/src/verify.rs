//! `verify`: does the store say the truth? It reads everything and changes nothing.
//!
//! Chains that are broken, sums that differ, numbers with gaps, tickets that are not what their history makes of
//! them, timers of states that nobody is in, rows without their origin: each is a finding with the row to look at.

mod cards;
mod chains;
mod family;
mod files;
mod money;
mod numbers;
mod orphans;
pub mod replay;
mod seals;
mod stock;
mod timers;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::app::App;
use crate::entity::history_seal;
use crate::store::StoreError;

/// Most findings of one kind that are told one by one.
const TOLD: usize = 50;

/// What can be wrong, and the row that a finding of this kind names.
pub const KINDS: [(&str, &str); 15] = [
    ("chain", "TICKET/STEP: a history row was changed, or one is missing"),
    ("seal", "seal N, TICKET/STEP or voucher REFERENCE: it is not what was sealed, or is gone"),
    ("file", "TABLE/ID: the bytes of a picture or paper are not those that came in"),
    ("state", "TICKET/STEP: taken again, the history leads elsewhere"),
    ("charge", "TICKET: its sums are not those of its charge lines and payments"),
    ("payment", "TICKET/STEP/EFFECT: no voucher of the step has the amount"),
    ("balance", "voucher REFERENCE: debit and credit differ"),
    ("product", "ACCOUNT/PRODUCT: the balance kept of it is not the sum of its lines"),
    ("number", "SERIES: a number is missing or was given twice"),
    ("stock", "WAREHOUSE/PART: the balance is not the sum of its moves"),
    ("ledger", "TICKET/WAREHOUSE: what was moved is not what was posted"),
    ("timer", "TICKET/TIMER: it waits for a state that is not active, or is not what the ticket says"),
    ("card", "CARD: it is not what its last change made of it"),
    ("link", "TICKET: it and the tickets that it opened do not know of each other"),
    ("orphan", "ROW: it comes from a step that is not there"),
];

/// What was looked at and what is wrong.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub tickets: usize,
    pub steps: usize,
    pub vouchers: usize,
    /// When what was new was last sealed; what was written later can be cut off unseen.
    pub sealed_at: Option<DateTime<Utc>>,
    pub findings: Vec<Finding>,
    /// Findings beyond those told.
    pub more: usize,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// One of [`KINDS`].
    pub kind: &'static str,
    /// The row: tracking code and step, voucher, warehouse and part, card.
    pub subject: String,
    pub message: String,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }

    fn add(&mut self, kind: &'static str, subject: impl Into<String>, message: impl Into<String>) {
        debug_assert!(KINDS.iter().any(|(known, _)| *known == kind), "`{kind}` is no kind of finding");
        if self.findings.iter().filter(|finding| finding.kind == kind).count() < TOLD {
            self.findings.push(Finding { kind, subject: subject.into(), message: message.into() });
        } else {
            self.more += 1;
        }
    }
}

/// Looks at everything.
pub async fn verify(app: &App) -> Result<Report, StoreError> {
    with_seals(app, &[]).await
}

/// The same, with seals that were kept outside the database.
pub async fn with_seals(app: &App, aside: &[history_seal::Model]) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let mut after = String::new();
    let mut accounts = stock::Accounts::new();
    loop {
        let tickets = app.store.tickets_after(&after, 200).await?;
        let Some(last) = tickets.last() else { break };
        after.clone_from(&last.code);
        for ticket in &tickets {
            let history = app.store.history(&ticket.code).await?;
            let version = app.catalog.version(&ticket.bundle).await?;
            report.tickets += 1;
            report.steps += history.len();
            chains::check(&mut report, ticket, &history);
            money::check_charges(app, &mut report, ticket).await?;
            timers::check(app, &mut report, &version, ticket).await?;
            replay::check(app, &mut report, &version, ticket, &history).await?;
            stock::gather(&mut accounts, &version);
            family::check(app, &mut report, ticket, &history).await?;
        }
    }
    money::check_books(app, &mut report).await?;
    stock::check(app, &mut report, &accounts).await?;
    cards::check(app, &mut report).await?;
    numbers::check(app, &mut report).await?;
    orphans::check(app, &mut report).await?;
    family::check_links(app, &mut report).await?;
    files::check(app, &mut report).await?;
    seals::check(app, &mut report, aside).await?;
    Ok(report)
}
