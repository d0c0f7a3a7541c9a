//! A line of a voucher, opened.

use aftercare_engine::effect::Effect;
use aftercare_engine::facts::Value;
use aftercare_engine::ledger::Explanation;
use aftercare_engine::ledger::amount::decimal;
use rust_decimal::Decimal;

use super::{By, Input, Opened, RecomputeError, clause};
use crate::app::App;
use crate::catalog::Version;
use crate::entity::{ticket, voucher, voucher_line};
use crate::store::StoreError;
use crate::verify::replay::decision_of;

/// A line of a voucher, with its amount worked out again.
pub async fn line(app: &App, reference: i64, number: i64) -> Result<Opened, RecomputeError> {
    let voucher = app.store.voucher(reference).await?.ok_or(RecomputeError::NotFound)?;
    let lines = app.store.voucher_lines(&[reference]).await?;
    let line = lines.iter().find(|line| line.line == number).ok_or(RecomputeError::NotFound)?;
    // A reversal turns over what another voucher posted: that one is opened.
    let (origin, turned) = match voucher.reverses {
        Some(first) => (app.store.voucher(first).await?.ok_or(RecomputeError::NotFound)?, true),
        None => (voucher, false),
    };
    let kept: Explanation = serde_json::from_str(&line.explanation)
        .map_err(|error| StoreError::corrupt("voucher line", error))?;
    let version = app.catalog.current();
    let booked = decimal(line.debit + line.credit, &version.currency());
    let mut opened = Opened {
        ticket: origin.ticket.clone(),
        template: origin.template.clone(),
        bundle: None,
        clause: None,
        arithmetic: clause::arithmetic(&kept.amount, &kept.values, booked),
        inputs: kept.values.iter().cloned().map(|(fact, value)| Input { fact, value }).collect(),
        expression: kept.amount.clone(),
        source: kept.source.clone(),
        booked,
        recomputed: None,
        by: By::Hand,
        difference: None,
    };
    if kept.amount.is_empty() {
        return Ok(opened);
    }
    let worked = match step_of(&origin) {
        Some((code, seq, index)) => {
            let ticket = app.store.ticket(code).await?.ok_or(RecomputeError::NotFound)?;
            let own = app.catalog.version(&ticket.bundle).await?;
            opened.by = By::History;
            opened.bundle = Some(ticket.bundle.clone());
            opened.clause = text_at(&own, &kept.source);
            let place = Place { seq, index, turned };
            history(app, &ticket, &place, line, &kept).await?
        }
        None => {
            opened.by = By::Clause;
            opened.clause = text_at(&version, &kept.source);
            clause::again(&kept.amount, &kept.values).map(|amount| amount.abs())
        }
    };
    match worked {
        Ok(amount) => {
            opened.recomputed = Some(amount);
            opened.difference =
                (amount != booked).then(|| format!("it comes to {amount} now, {booked} is booked"));
        }
        Err(reason) => opened.difference = Some(reason),
    }
    Ok(opened)
}

/// Where the effect stands that made a voucher.
struct Place {
    seq: i64,
    index: usize,
    turned: bool,
}

/// Ticket, step and index of the effect that a source names.
fn step_of(voucher: &voucher::Model) -> Option<(&str, i64, usize)> {
    let code = voucher.ticket.as_deref()?;
    let (seq, index) = voucher.source.strip_prefix(code)?.strip_prefix('/')?.split_once('/')?;
    Some((code, seq.parse().ok()?, index.parse().ok()?))
}

/// The amount of the same line when the step is taken again, or what is different.
async fn history(
    app: &App,
    ticket: &ticket::Model,
    place: &Place,
    line: &voucher_line::Model,
    kept: &Explanation,
) -> Result<Result<Decimal, String>, StoreError> {
    let decision = match decision_of(app, ticket, place.seq).await? {
        Ok(decision) => decision,
        Err(difference) => return Ok(Err(difference)),
    };
    let Some(Effect::Voucher(again)) = decision.effects.get(place.index) else {
        return Ok(Err("the step posts no voucher there now".into()));
    };
    // A reversal has credits where the voucher had debits, and debits stand first in both.
    let (debit, credit) = if place.turned { (line.credit, line.debit) } else { (line.debit, line.credit) };
    let same = |other: &&aftercare_engine::ledger::Line| {
        *other.account == *line.account && other.explanation.source == kept.source && other.text == line.text
    };
    let lines = again.lines();
    let by_number = usize::try_from(line.line - 1).ok().and_then(|n| lines.get(n));
    let found = by_number.filter(|_| !place.turned).filter(same).or_else(|| lines.iter().find(same));
    let Some(found) = found else {
        return Ok(Err("the template has no such line now".into()));
    };
    if (found.debit_minor == 0) != (debit == 0) || (found.credit_minor == 0) != (credit == 0) {
        return Ok(Err("it stands on the other side now".into()));
    }
    let now = |fact: &str| found.explanation.values.iter().find(|(other, _)| other == fact);
    // As JSON, in which the kept ones are.
    let is_same =
        |(fact, value): &&(String, Value)| now(fact).is_some_and(|(_, now)| now.to_json() == value.to_json());
    if let Some((fact, value)) = kept.values.iter().find(|value| !is_same(value)) {
        let now = now(fact).map_or_else(|| "nothing".to_owned(), |(_, value)| value.to_string());
        return Ok(Err(format!("`{fact}` was {value}, taken again it is {now}")));
    }
    let currency = app.catalog.current().currency();
    Ok(Ok(decimal(found.debit_minor + found.credit_minor, &currency)))
}

/// The line of a file that `path:number` names.
pub(super) fn text_at(version: &Version, source: &str) -> Option<String> {
    let (path, number) = source.rsplit_once(':')?;
    let number: usize = number.parse().ok()?;
    let (_, _, text) = version.bundle().sources.iter().find(|(_, known, _)| *known == path)?;
    text.lines().nth(number.checked_sub(1)?).map(|line| line.trim().to_owned())
}
