//! `verify`: does the store say the truth? It reads everything and changes nothing.
//!
//! Chains that are broken, sums that differ, numbers with gaps, tickets that are not what their history makes of
//! them, rows without their origin: each is a finding with the row to look at.

mod chains;
mod family;
mod money;
mod numbers;
mod orphans;
mod replay;

use serde::Serialize;

use crate::app::App;
use crate::store::StoreError;

/// Most findings of one kind that are told one by one.
const TOLD: usize = 50;

/// What was looked at and what is wrong.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub tickets: usize,
    pub steps: usize,
    pub vouchers: usize,
    pub findings: Vec<Finding>,
    /// Findings beyond those told.
    pub more: usize,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `chain`, `state`, `balance`, `number`, `stock`, `charge`, `link`, `orphan`.
    pub kind: &'static str,
    /// The row: tracking code and step, voucher, warehouse and part.
    pub subject: String,
    pub message: String,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }

    fn add(&mut self, kind: &'static str, subject: impl Into<String>, message: impl Into<String>) {
        if self.findings.iter().filter(|finding| finding.kind == kind).count() < TOLD {
            self.findings.push(Finding { kind, subject: subject.into(), message: message.into() });
        } else {
            self.more += 1;
        }
    }
}

/// Looks at everything.
pub async fn verify(app: &App) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let mut after = String::new();
    loop {
        let tickets = app.store.tickets_after(&after, 200).await?;
        let Some(last) = tickets.last() else { break };
        after.clone_from(&last.code);
        for ticket in &tickets {
            let history = app.store.history(&ticket.code).await?;
            report.tickets += 1;
            report.steps += history.len();
            chains::check(&mut report, ticket, &history);
            money::check_charges(app, &mut report, ticket).await?;
            replay::check(app, &mut report, ticket, &history).await?;
            family::check(app, &mut report, ticket, &history).await?;
        }
    }
    money::check_books(app, &mut report).await?;
    numbers::check(app, &mut report).await?;
    orphans::check(app, &mut report).await?;
    family::check_links(app, &mut report).await?;
    Ok(report)
}
