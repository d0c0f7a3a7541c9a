//! The states of vouchers: note, draft, reviewed, final, reversed. No other SQL changes them.
//!
//! Each change names the state it expects, so that of two people at once one finds it changed. Numbers come
//! from counter rows that are taken after everything that may refuse: what is rolled back leaves no hole.

pub mod entry;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
};

use super::StoreError;
use super::step::{REFERENCES, VoucherWrite, take};
use super::table::{insert_all, statement};
use crate::entity::{voucher, voucher_line};

/// What became of making vouchers final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finalised {
    Done(Vec<Series>),
    /// The oldest one that nobody has reviewed: it may not be left behind.
    Draft {
        reference: i64,
        date: NaiveDate,
    },
    /// None is left, or somebody else took them at the same time.
    Nothing,
}

/// The numbers given in a fiscal year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub fiscal_year: String,
    pub first: i64,
    pub last: i64,
}

#[derive(FromQueryResult)]
struct Waiting {
    fiscal_year: String,
    count: i64,
}

/// A voucher with its lines in order.
pub async fn one(
    tx: &DatabaseTransaction,
    reference: i64,
) -> Result<Option<(voucher::Model, Vec<voucher_line::Model>)>, StoreError> {
    let Some(row) = voucher::Entity::find_by_id(reference).one(tx).await? else { return Ok(None) };
    let lines = voucher_line::Entity::find().filter(voucher_line::Column::Voucher.eq(reference));
    let lines = lines.order_by_asc(voucher_line::Column::Line).all(tx).await?;
    Ok(Some((row, lines)))
}

/// Marks a draft as reviewed; false if it is none.
pub async fn review(
    tx: &DatabaseTransaction,
    reference: i64,
    who: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let change = statement(
        tx.get_database_backend(),
        "UPDATE voucher SET status = 'reviewed', reviewed_by = ?, reviewed_at = ?
         WHERE reference_no = ? AND status = 'draft'",
        [who.into(), now.into(), reference.into()],
    );
    Ok(tx.execute_raw(change).await?.rows_affected() == 1)
}

/// Makes all vouchers up to a day final and numbers them by day, then by entry, in each fiscal year.
pub async fn finalise(
    tx: &DatabaseTransaction,
    up_to: NaiveDate,
    who: &str,
    now: DateTime<Utc>,
) -> Result<Finalised, StoreError> {
    if let Some(draft) = oldest_draft(tx, up_to).await? {
        return Ok(Finalised::Draft { reference: draft.reference_no, date: draft.date });
    }
    let mut given = Vec::new();
    for Waiting { fiscal_year, count } in waiting(tx, up_to).await? {
        // From here on, others who make vouchers of this year final wait for us.
        let first = take(tx, &format!("voucher/{fiscal_year}"), count).await?;
        let changed = number(tx, &fiscal_year, up_to, first, who, now).await?;
        if i64::try_from(changed).ok() != Some(count) {
            return Ok(Finalised::Nothing);
        }
        given.push(Series { fiscal_year, first, last: first + count - 1 });
    }
    Ok(if given.is_empty() { Finalised::Nothing } else { Finalised::Done(given) })
}

async fn oldest_draft(
    tx: &DatabaseTransaction,
    up_to: NaiveDate,
) -> Result<Option<voucher::Model>, StoreError> {
    let drafts = voucher::Entity::find()
        .filter(voucher::Column::Status.eq("draft"))
        .filter(voucher::Column::Date.lte(up_to))
        .order_by_asc(voucher::Column::Date)
        .order_by_asc(voucher::Column::ReferenceNo);
    Ok(drafts.one(tx).await?)
}

/// How many are reviewed in each fiscal year; years in one order, so that no two people wait for each other.
async fn waiting(tx: &DatabaseTransaction, up_to: NaiveDate) -> Result<Vec<Waiting>, StoreError> {
    let count = statement(
        tx.get_database_backend(),
        "SELECT fiscal_year, CAST(count(*) AS BIGINT) AS count FROM voucher
         WHERE status = 'reviewed' AND date <= ? GROUP BY fiscal_year ORDER BY fiscal_year",
        [up_to.into()],
    );
    let rows = tx.query_all_raw(count).await?;
    Ok(rows.iter().map(|row| Waiting::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

async fn number(
    tx: &DatabaseTransaction,
    fiscal_year: &str,
    up_to: NaiveDate,
    first: i64,
    who: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let change = statement(
        tx.get_database_backend(),
        "UPDATE voucher SET status = 'final', voucher_no = ? + sorted.place, finalised_by = ?, finalised_at = ?
         FROM (SELECT reference_no, row_number() OVER (ORDER BY date, reference_no) AS place FROM voucher
               WHERE status = 'reviewed' AND fiscal_year = ? AND date <= ?) AS sorted
         WHERE voucher.reference_no = sorted.reference_no AND voucher.status = 'reviewed'",
        [(first - 1).into(), who.into(), now.into(), fiscal_year.into(), up_to.into()],
    );
    Ok(tx.execute_raw(change).await?.rows_affected())
}

/// Puts a reversal beside a final voucher and links the two; its reference, or none if the voucher is not
/// final.
pub async fn reverse(
    tx: &DatabaseTransaction,
    reference: i64,
    mut reversal: VoucherWrite,
) -> Result<Option<i64>, StoreError> {
    let own = take(tx, REFERENCES, 1).await?;
    let change = statement(
        tx.get_database_backend(),
        "UPDATE voucher SET status = 'reversed', reversed_by = ? WHERE reference_no = ? AND status = 'final'",
        [own.into(), reference.into()],
    );
    if tx.execute_raw(change).await?.rows_affected() != 1 {
        return Ok(None);
    }
    reversal.refer(own);
    insert_all(tx, vec![reversal.voucher]).await?;
    insert_all(tx, reversal.lines).await?;
    Ok(Some(own))
}
