//! Vouchers that people enter: notes, drafts out of notes, the third signature, papers.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Value,
};

use crate::entity::{attachment, voucher};
use crate::store::step::{REFERENCES, VoucherWrite, take};
use crate::store::table::{insert_all, statement};
use crate::store::{Store, StoreError};

/// Puts a note or draft in; its reference.
pub async fn enter(tx: &DatabaseTransaction, mut write: VoucherWrite) -> Result<i64, StoreError> {
    let reference = take(tx, REFERENCES, 1).await?;
    write.refer(reference);
    write.voucher.source = format!("hand/{reference}");
    insert_all(tx, vec![write.voucher]).await?;
    insert_all(tx, write.lines).await?;
    Ok(reference)
}

/// Puts what was entered in the place of a note, which may become a draft; false if it is no note any more.
pub async fn change_note(
    tx: &DatabaseTransaction,
    reference: i64,
    mut write: VoucherWrite,
) -> Result<bool, StoreError> {
    write.refer(reference);
    let row = write.voucher;
    let change = statement(
        tx.get_database_backend(),
        "UPDATE voucher SET status = ?, date = ?, fiscal_year = ?, kind = ?, text = ?, detail = ?, total = ?,
           prepared_by = ?, prepared_at = ? WHERE reference_no = ? AND status = 'note'",
        [
            row.status.into(),
            row.date.into(),
            row.fiscal_year.into(),
            row.kind.into(),
            row.text.into(),
            row.detail.into(),
            row.total.into(),
            row.prepared_by.into(),
            row.prepared_at.into(),
            Value::from(reference),
        ],
    );
    if tx.execute_raw(change).await?.rows_affected() != 1 {
        return Ok(false);
    }
    insert_all(tx, write.lines).await?;
    Ok(true)
}

/// Puts the third signature under a reviewed voucher; false if it is not reviewed.
pub async fn approve(
    tx: &DatabaseTransaction,
    reference: i64,
    who: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let change = statement(
        tx.get_database_backend(),
        "UPDATE voucher SET approved_by = ?, approved_at = ? WHERE reference_no = ? AND status = 'reviewed'",
        [who.into(), now.into(), reference.into()],
    );
    Ok(tx.execute_raw(change).await?.rows_affected() == 1)
}

/// How many vouchers up to a day are not final, and the oldest of them.
pub async fn unfinished(
    tx: &DatabaseTransaction,
    up_to: NaiveDate,
) -> Result<Option<(i64, i64)>, StoreError> {
    let open = || {
        voucher::Entity::find()
            .filter(voucher::Column::Status.is_in(["note", "draft", "reviewed"]))
            .filter(voucher::Column::Date.lte(up_to))
    };
    let oldest = open()
        .order_by_asc(voucher::Column::Date)
        .order_by_asc(voucher::Column::ReferenceNo)
        .select_only()
        .column(voucher::Column::ReferenceNo);
    let Some(oldest) = oldest.into_tuple().one(tx).await? else { return Ok(None) };
    let count = i64::try_from(open().count(tx).await?).unwrap_or(i64::MAX);
    Ok(Some((count, oldest)))
}

/// Puts a paper to a voucher; its id, or none if there are as many as there may be.
pub async fn attach(
    tx: &DatabaseTransaction,
    row: attachment::Model,
    most: u64,
) -> Result<Option<i64>, StoreError> {
    let own = attachment::Entity::find().filter(attachment::Column::Voucher.eq(row.voucher));
    if own.count(tx).await? >= most {
        return Ok(None);
    }
    let new = attachment::ActiveModel { id: NotSet, ..row.into() };
    Ok(Some(attachment::Entity::insert(new).exec(tx).await?.last_insert_id))
}

/// What is known of a paper without its bytes.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Paper {
    pub id: i64,
    pub voucher: i64,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub hash: String,
    pub actor: String,
    pub at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct Place {
    reference_no: i64,
    place: i64,
}

impl Store {
    /// Numbers that vouchers have until they are final: after the final ones of the year, by day and entry. They
    /// change while earlier vouchers come in.
    pub async fn provisional_numbers(&self, references: &[i64]) -> Result<Vec<(i64, i64)>, StoreError> {
        if references.is_empty() {
            return Ok(Vec::new());
        }
        let marks = vec!["?"; references.len()].join(", ");
        let places = format!(
            "SELECT reference_no, place FROM (SELECT v.reference_no,
               CAST(coalesce((SELECT max(f.voucher_no) FROM voucher f WHERE f.fiscal_year = v.fiscal_year), 0)
                 + row_number() OVER (PARTITION BY v.fiscal_year ORDER BY v.date, v.reference_no) AS BIGINT) AS place
             FROM voucher v WHERE v.status IN ('draft', 'reviewed')) AS sorted WHERE reference_no IN ({marks})"
        );
        let values = references.iter().map(|reference| Value::from(*reference));
        let rows = self.reader().query_all_raw(statement(self.backend(), &places, values)).await?;
        let places = rows.iter().map(|row| Place::from_query_result(row, ""));
        places.map(|place| Ok(place.map(|place| (place.reference_no, place.place))?)).collect()
    }

    /// Papers of vouchers, oldest first.
    pub async fn papers(&self, references: &[i64]) -> Result<Vec<Paper>, StoreError> {
        let papers = attachment::Entity::find()
            .select_only()
            .columns([
                attachment::Column::Id,
                attachment::Column::Voucher,
                attachment::Column::Name,
                attachment::Column::MediaType,
                attachment::Column::Size,
                attachment::Column::Hash,
                attachment::Column::Actor,
                attachment::Column::At,
            ])
            .filter(attachment::Column::Voucher.is_in(references.to_vec()))
            .order_by_asc(attachment::Column::Id);
        Ok(papers.into_model::<Paper>().all(self.reader()).await?)
    }

    /// One paper with its bytes.
    pub async fn paper(&self, voucher: i64, id: i64) -> Result<Option<attachment::Model>, StoreError> {
        let paper = attachment::Entity::find_by_id(id).filter(attachment::Column::Voucher.eq(voucher));
        Ok(paper.one(self.reader()).await?)
    }
}
