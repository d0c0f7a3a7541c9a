//! What a run writes: some items at a time, then that the period is done. What was written before is left alone.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use super::StoreError;
use super::step::{Numbering, REFERENCES, VoucherWrite, take};
use super::table::insert_all;
use crate::entity::{run_period, statement, voucher};

/// What one item brings.
#[derive(Clone, Debug, Default)]
pub struct ItemWrite {
    pub vouchers: Vec<VoucherWrite>,
    /// The statement, and how it gets its number.
    pub statement: Option<(Numbering, statement::Model)>,
}

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wrote {
    pub vouchers: i64,
    pub statements: i64,
}

/// Holds back everybody else who writes for this run, until the transaction ends.
pub async fn hold(tx: &DatabaseTransaction, run: &str) -> Result<(), StoreError> {
    // Nothing is counted: the counter's row is what both databases lock.
    Ok(take(tx, &format!("run/{run}"), 0).await.map(drop)?)
}

/// Writes items that are not there yet: a run that was cut off goes on where it was.
pub async fn items(tx: &DatabaseTransaction, items: Vec<ItemWrite>) -> Result<Wrote, StoreError> {
    let sources: Vec<&str> =
        items.iter().flat_map(|item| &item.vouchers).map(|write| write.voucher.source.as_str()).collect();
    let posted: BTreeSet<String> = voucher::Entity::find()
        .select_only()
        .column(voucher::Column::Source)
        .filter(voucher::Column::Source.is_in(sources))
        .into_tuple()
        .all(tx)
        .await?
        .into_iter()
        .collect();
    let mut wrote = Wrote::default();
    let (mut vouchers, mut lines, mut statements) = (Vec::new(), Vec::new(), Vec::new());
    for item in items {
        for mut write in item.vouchers.into_iter().filter(|write| !posted.contains(&write.voucher.source)) {
            write.refer(take(tx, REFERENCES, 1).await?);
            vouchers.push(write.voucher);
            lines.extend(write.lines);
            wrote.vouchers += 1;
        }
        if let Some((numbering, mut row)) = item.statement
            && !is_written(tx, &row).await?
        {
            row.number = (numbering.format)(take(tx, &numbering.counter, 1).await?);
            statements.push(row);
            wrote.statements += 1;
        }
    }
    insert_all(tx, vouchers).await?;
    insert_all(tx, lines).await?;
    insert_all(tx, statements).await?;
    Ok(wrote)
}

async fn is_written(tx: &DatabaseTransaction, row: &statement::Model) -> Result<bool, StoreError> {
    let same = statement::Entity::find()
        .filter(statement::Column::Run.eq(&row.run))
        .filter(statement::Column::PeriodTo.eq(row.period_to))
        .filter(statement::Column::Party.eq(&row.party));
    Ok(same.one(tx).await?.is_some())
}

/// How many vouchers there are up to a day.
pub async fn vouchers_up_to(db: &impl ConnectionTrait, day: NaiveDate) -> Result<i64, StoreError> {
    let count = voucher::Entity::find().filter(voucher::Column::Date.lte(day)).count(db).await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Notes that a period is done; false if somebody else has done it.
pub async fn finish(tx: &DatabaseTransaction, row: run_period::Model) -> Result<bool, StoreError> {
    let key = (row.run.clone(), row.period_to);
    if run_period::Entity::find_by_id(key).one(tx).await?.is_some() {
        return Ok(false);
    }
    insert_all(tx, vec![row]).await?;
    Ok(true)
}
