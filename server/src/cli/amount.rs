//! An amount as text: its clause, its values, its arithmetic, and whether it comes to the same again.

use aftercare_engine::explain::Explainer;
use aftercare_engine::language::Language;

use super::{Exit, Failure, print};
use crate::app::App;
use crate::recompute::{self, By, RecomputeError};

/// All lines of a voucher. Exit code 1 when one does not come to the same.
pub async fn of_voucher(app: &App, reference: i64) -> Result<Exit, Failure> {
    let lines = app.store.voucher_lines(&[reference]).await.map_err(Failure::environment)?;
    if lines.is_empty() {
        return Err(Failure::usage(format!("there is no voucher {reference} with lines")));
    }
    let mut is_same = true;
    for line in lines {
        let opened = recompute::line(app, reference, line.line).await.map_err(Failure::environment)?;
        let side = if line.debit > 0 { "debit" } else { "credit" };
        print::line(format!("{reference}/{}  {side} {}  {}", line.line, line.account, opened.booked));
        if opened.by == By::Hand {
            print::line("    written by hand");
            continue;
        }
        print::line(format!("    {}  [{}]", opened.expression, opened.source));
        for input in &opened.inputs {
            let value = input.value.to_string();
            let value = if value.contains('{') { "…" } else { &value };
            print::line(format!("    {} = {value}", input.fact));
        }
        print::line(format!("    {}", opened.arithmetic));
        let by = if opened.by == By::History {
            "the ticket's history, taken again"
        } else {
            "the clause, worked out again"
        };
        match &opened.difference {
            None => print::line(format!("    {by}: the same")),
            Some(difference) => print::line(format!("    {by}: {difference}")),
        }
        is_same &= opened.difference.is_none();
    }
    Ok(if is_same { Exit::Fine } else { Exit::Problems })
}

/// A charge line. Exit code 1 when it does not come to the same.
pub async fn of_charge(app: &App, code: &str, line: i64, language: Language) -> Result<Exit, Failure> {
    let ticket = app.store.ticket(code).await.map_err(Failure::environment)?;
    let ticket = ticket.ok_or_else(|| Failure::usage(format!("there is no ticket `{code}`")))?;
    let opened = recompute::charge(app, &ticket, line).await.map_err(|error| match error {
        RecomputeError::NotFound => Failure::usage(format!("ticket `{code}` has no charge line {line}")),
        RecomputeError::Store(error) => Failure::environment(error),
    })?;
    let version = app.catalog.version(&ticket.bundle).await.map_err(Failure::environment)?;
    if let (Some(ruling), Some(chart)) = (&opened.ruling, version.chart(&ticket.process)) {
        let told = Explainer::new(chart, language).ruling(ruling);
        let (source, clause) = opened.source.clone().unwrap_or_default();
        print::line(format!("{}  [{source}]  {clause}", told.rule));
        for condition in told.conditions {
            let mark = if condition.holds { '✓' } else { '✗' };
            print::line(format!("  {mark} {}  [{}]", condition.text, condition.source));
        }
    }
    for step in &opened.steps {
        print::line(format!("  {:<13} {} = {}", step.key, step.arithmetic, step.amount));
    }
    for difference in &opened.differences {
        print::line(format!("  {}", difference.message));
    }
    let same = opened.differences.is_empty();
    if same {
        print::line("  the ticket's history, taken again: the same");
    }
    Ok(if same { Exit::Fine } else { Exit::Problems })
}
