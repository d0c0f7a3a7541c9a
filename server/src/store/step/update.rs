//! Rows that a step changes in place: the ticket, its timer, cards and devices.

use sea_orm::{DbErr, Value};

use super::{DeviceWrite, StepWrite, Written};
use crate::entity::card;
use crate::store::table::statement;
use crate::store::writes::Writes;

/// Moves the ticket on, if it still stands where the decision was made.
pub async fn ticket(transaction: &impl Writes, step: &StepWrite) -> Result<Option<Written>, DbErr> {
    // The indexes of columns that are not named are left alone.
    let mut sql = String::from("UPDATE ticket SET head = ?");
    let mut values: Vec<Value> = vec![step.ticket.head.clone().into()];
    for (column, value) in &step.changes {
        sql.push_str(", ");
        sql.push_str(column);
        sql.push_str(" = ?");
        values.push(value.clone());
    }
    sql.push_str(" WHERE code = ? AND revision = ?");
    values.extend([step.ticket.code.clone().into(), (step.ticket.revision - 1).into()]);
    if transaction.change(statement(transaction.backend(), &sql, values)).await? == 0 {
        return Ok(Some(Written::Stale));
    }
    Ok(if beside(transaction, step).await? { None } else { Some(Written::Again) })
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
        if !card(transaction, &write.card).await? {
            return Ok(Some(Written::Again));
        }
    }
    for write in &step.devices {
        device(transaction, write).await?;
    }
    Ok(None)
}

async fn card(transaction: &impl Writes, row: &card::Model) -> Result<bool, DbErr> {
    let row = row.clone();
    let values: [Value; 18] = [
        row.status.into(),
        row.holder.into(),
        row.sold_on.into(),
        row.stamped.into(),
        row.stamped_on.into(),
        row.stamped_by.into(),
        row.guarantee_from.into(),
        row.guarantee_to.into(),
        row.warranty_from.into(),
        row.warranty_to.into(),
        row.commitment_from.into(),
        row.commitment_to.into(),
        row.extended_from.into(),
        row.extended_to.into(),
        row.updated_at.into(),
        row.version.into(),
        row.number.into(),
        (row.version - 1).into(),
    ];
    let update = statement(
        transaction.backend(),
        "UPDATE card SET status = ?, holder = ?, sold_on = ?, stamped = ?, stamped_on = ?, stamped_by = ?,
         guarantee_from = ?, guarantee_to = ?, warranty_from = ?, warranty_to = ?, commitment_from = ?,
         commitment_to = ?, extended_from = ?, extended_to = ?, updated_at = ?, version = ?
         WHERE number = ? AND version = ?",
        values,
    );
    Ok(transaction.change(update).await? == 1)
}

async fn device(transaction: &impl Writes, write: &DeviceWrite) -> Result<(), DbErr> {
    let backend = transaction.backend();
    let mut sql = String::from("UPDATE device SET version = version + 1, updated_at = ?");
    let mut values: Vec<Value> = vec![write.at.into()];
    for (column, value) in &write.values {
        sql.push_str(&format!(", {column} = ?"));
        values.push(value.clone());
    }
    sql.push_str(" WHERE serial = ?");
    values.push(write.serial.clone().into());
    transaction.change(statement(backend, &sql, values)).await?;
    for id in &write.removed {
        let removed = "UPDATE fitted_part SET removed_on = ? WHERE id = ? AND removed_on IS NULL";
        let values = [write.at.date_naive().into(), (*id).into()];
        transaction.change(statement(backend, removed, values)).await?;
    }
    Ok(())
}
