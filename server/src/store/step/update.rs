//! Rows that a step changes in place: the ticket, its timer, cards and devices.

use sea_orm::{DbBackend, DbErr, Value};

use super::{DeviceWrite, StepWrite, Written};
use crate::store::read::party::balance_of;
use crate::store::table::{replace, statement};
use crate::store::writes::Writes;

/// Moves the ticket on, if it still stands where the decision was made.
pub async fn ticket(transaction: &impl Writes, step: &StepWrite) -> Result<Option<Written>, DbErr> {
    // The indexes of columns that are not named are left alone.
    let mut sql = String::from("UPDATE ticket SET head = ?");
    let mut values: Vec<Value> = vec![step.ticket.head.clone().into()];
    for (column, value) in &step.changes {
        // Whose ticket it is is said once; after that only merging two customers changes it.
        let new = if *column == "customer" { "coalesce(customer, ?)" } else { "?" };
        sql.push_str(&format!(", {column} = {new}"));
        values.push(value.clone());
    }
    sql.push_str(" WHERE code = ? AND revision = ?");
    values.extend([step.ticket.code.clone().into(), (step.ticket.revision - 1).into()]);
    if transaction.change(statement(transaction.backend(), &sql, values)).await? == 0 {
        return Ok(Some(Written::Stale));
    }
    if step.ticket.finished {
        end_tasks(transaction, step).await?;
    }
    Ok(if beside(transaction, step).await? { None } else { Some(Written::Again) })
}

/// What the process gave somebody to do is over with it. What a person gave is that person's business.
async fn end_tasks(transaction: &impl Writes, step: &StepWrite) -> Result<(), DbErr> {
    let sql = "UPDATE task SET status = 'done', done_at = ?, done_by = ?
         WHERE ticket = ? AND status = 'open' AND source IS NOT NULL";
    let values = [step.event.at.into(), step.event.actor.clone().into(), step.ticket.code.clone().into()];
    transaction.change(statement(transaction.backend(), sql, values)).await?;
    Ok(())
}

/// Whether the customer of a new ticket has become part of another one since the ticket was decided.
pub async fn customer(transaction: &impl Writes, step: &StepWrite) -> Result<Option<Written>, DbErr> {
    let Some(code) = &step.ticket.customer else { return Ok(None) };
    let merged = "SELECT count(*) FROM customer WHERE code = ? AND merged_into IS NOT NULL";
    let merged = statement(transaction.backend(), merged, [code.as_str().into()]);
    Ok(transaction.number(merged).await?.filter(|count| *count > 0).map(|_| Written::Again))
}

/// Whether the agency still owes what it owed when it was allowed to owe more. Of two steps at once, one waits here.
pub async fn owed(transaction: &impl Writes, step: &StepWrite) -> Result<Option<Written>, DbErr> {
    let Some(owed) = &step.owed else { return Ok(None) };
    let backend = transaction.backend();
    if backend == DbBackend::Postgres {
        let hold = "SELECT code FROM agency WHERE code = ? FOR UPDATE";
        transaction.texts(statement(backend, hold, [owed.agency.as_str().into()])).await?;
    }
    let now = transaction.number(balance_of(backend, "agency", &owed.agency, &owed.accounts)).await?;
    Ok((now.unwrap_or_default() != owed.seen).then_some(Written::Again))
}

/// The timer that came due and the charge lines taken out. False: the timer is no longer ours.
async fn beside(transaction: &impl Writes, step: &StepWrite) -> Result<bool, DbErr> {
    let backend = transaction.backend();
    if let Some((timer, claim)) = &step.fired {
        let fired = statement(
            backend,
            "UPDATE timer SET state = 'fired', fired_at = ?, claim = NULL, lease_until = NULL
             WHERE ticket = ? AND name = ? AND state = 'armed' AND claim = ?",
            [
                step.event.at.into(),
                step.ticket.code.clone().into(),
                timer.clone().into(),
                claim.clone().into(),
            ],
        );
        if transaction.change(fired).await? == 0 {
            return Ok(false);
        }
    }
    for line in &step.uncharged {
        let delete = "DELETE FROM charge_line WHERE ticket = ? AND line = ?";
        let values = [step.ticket.code.clone().into(), (*line).into()];
        transaction.change(statement(backend, delete, values)).await?;
    }
    Ok(true)
}

/// Changes cards and devices.
pub async fn registers(transaction: &impl Writes, step: &StepWrite) -> Result<Option<Written>, DbErr> {
    for write in step.cards.iter().filter(|write| write.issue.is_none()) {
        if !replace(transaction, write.card.clone(), write.card.version - 1).await? {
            return Ok(Some(Written::Again));
        }
    }
    for write in &step.devices {
        if !device(transaction, write).await? {
            return Ok(Some(Written::Again));
        }
    }
    Ok(None)
}

/// False: the device is no longer what the step was decided on.
async fn device(transaction: &impl Writes, write: &DeviceWrite) -> Result<bool, DbErr> {
    let backend = transaction.backend();
    let mut sql = String::from("UPDATE device SET version = ?, updated_at = ?");
    let mut values: Vec<Value> = vec![(write.seen + 1).into(), write.at.into()];
    for (column, value) in &write.values {
        sql.push_str(&format!(", {column} = ?"));
        values.push(value.clone());
    }
    sql.push_str(" WHERE serial = ? AND version = ?");
    values.extend([write.serial.clone().into(), write.seen.into()]);
    if transaction.change(statement(backend, &sql, values)).await? == 0 {
        return Ok(false);
    }
    for id in &write.removed {
        let removed = "UPDATE fitted_part SET removed_on = ? WHERE id = ? AND removed_on IS NULL";
        let values = [write.at.date_naive().into(), (*id).into()];
        transaction.change(statement(backend, removed, values)).await?;
    }
    Ok(true)
}
