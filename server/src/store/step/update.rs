//! Rows that a step changes in place: the ticket, its timer, cards and devices.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Value};

use super::{DeviceWrite, StepWrite, Written};
use crate::entity::{card, ticket};
use crate::store::table::statement;

const TICKET: &str = "UPDATE ticket SET revision = ?, configuration = ?, fields = ?, decided = ?, timers = ?, \
    states = ?, progress = ?, category = ?, finished = ?, lines = ?, gross = ?, paid = ?, customer = ?, \
    device = ?, product = ?, product_category = ?, technician = ?, agency = ?, partner = ?, due_at = ?, \
    closed_at = ?, updated_at = ?, head = ?, children = ? WHERE code = ? AND revision = ?";

/// Most tickets moved on in one piece.
const LARGEST: usize = 32;

/// Moves the tickets on, if they all still stand where the decisions were made.
pub async fn tickets(
    transaction: &DatabaseTransaction,
    steps: &mut [StepWrite],
) -> Result<Option<Written>, DbErr> {
    // No number is in the row's hash, so the chain can be closed before the numbers are given.
    let moved = steps.iter_mut().filter(|step| step.opening.is_none());
    let moved: Vec<&ticket::Model> = moved
        .map(|step| {
            step.close_chain();
            &step.ticket
        })
        .collect();
    let backend = transaction.get_database_backend();
    let mut rest = moved.as_slice();
    while !rest.is_empty() {
        // SQLite takes several statements in one piece; powers of two, so that few different ones are prepared.
        let count = if backend == DbBackend::Sqlite { LARGEST.min(1 << rest.len().ilog2()) } else { 1 };
        let (piece, later) = rest.split_at(count);
        let values = piece.iter().flat_map(|row| values(row));
        let update = statement(backend, &vec![TICKET; count].join(";"), values);
        if transaction.execute_raw(update).await?.rows_affected() != u64::try_from(count).unwrap_or(0) {
            return Ok(Some(Written::Stale));
        }
        rest = later;
    }
    for step in steps.iter().filter(|step| step.opening.is_none()) {
        if !beside(transaction, step).await? {
            return Ok(Some(Written::Again));
        }
    }
    Ok(None)
}

fn values(row: &ticket::Model) -> [Value; 26] {
    let row = row.clone();
    [
        row.revision.into(),
        row.configuration.into(),
        row.fields.into(),
        row.decided.into(),
        row.timers.into(),
        row.states.into(),
        row.progress.into(),
        row.category.into(),
        row.finished.into(),
        row.lines.into(),
        row.gross.into(),
        row.paid.into(),
        row.customer.into(),
        row.device.into(),
        row.product.into(),
        row.product_category.into(),
        row.technician.into(),
        row.agency.into(),
        row.partner.into(),
        row.due_at.into(),
        row.closed_at.into(),
        row.updated_at.into(),
        row.head.into(),
        row.children.into(),
        row.code.into(),
        (row.revision - 1).into(),
    ]
}

/// The timer that came due and the charge lines taken out. False: the timer is no longer ours.
async fn beside(transaction: &DatabaseTransaction, step: &StepWrite) -> Result<bool, DbErr> {
    let backend = transaction.get_database_backend();
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
        if transaction.execute_raw(fired).await?.rows_affected() == 0 {
            return Ok(false);
        }
    }
    for line in &step.uncharged {
        let delete = "DELETE FROM charge_line WHERE ticket = ? AND line = ?";
        let values = [step.ticket.code.clone().into(), (*line).into()];
        transaction.execute_raw(statement(backend, delete, values)).await?;
    }
    Ok(true)
}

/// Changes cards and devices.
pub async fn registers(
    transaction: &DatabaseTransaction,
    step: &StepWrite,
) -> Result<Option<Written>, DbErr> {
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

async fn card(transaction: &DatabaseTransaction, row: &card::Model) -> Result<bool, DbErr> {
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
        transaction.get_database_backend(),
        "UPDATE card SET status = ?, holder = ?, sold_on = ?, stamped = ?, stamped_on = ?, stamped_by = ?,
         guarantee_from = ?, guarantee_to = ?, warranty_from = ?, warranty_to = ?, commitment_from = ?,
         commitment_to = ?, extended_from = ?, extended_to = ?, updated_at = ?, version = ?
         WHERE number = ? AND version = ?",
        values,
    );
    Ok(transaction.execute_raw(update).await?.rows_affected() == 1)
}

async fn device(transaction: &DatabaseTransaction, write: &DeviceWrite) -> Result<(), DbErr> {
    let backend = transaction.get_database_backend();
    let mut sql = String::from("UPDATE device SET version = version + 1, updated_at = ?");
    let mut values: Vec<Value> = vec![write.at.into()];
    for (column, value) in &write.values {
        sql.push_str(&format!(", {column} = ?"));
        values.push(value.clone());
    }
    sql.push_str(" WHERE serial = ?");
    values.push(write.serial.clone().into());
    transaction.execute_raw(statement(backend, &sql, values)).await?;
    for id in &write.removed {
        let removed = "UPDATE fitted_part SET removed_on = ? WHERE id = ? AND removed_on IS NULL";
        let values = [write.at.date_naive().into(), (*id).into()];
        transaction.execute_raw(statement(backend, removed, values)).await?;
    }
    Ok(())
}
