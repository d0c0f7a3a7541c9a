//! What stands on accounts by a detail, and what moved them: what runs and statements go by.
//!
//! Notes have no lines, so they are in no balance; drafts are.

use aftercare_engine::ledger::DetailKind;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, QuerySelect};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Value};

use crate::entity::{run_period, statement as paper};
use crate::store::table::statement;
use crate::store::{Store, StoreError};

/// Sums of one account for one detail, in minor units: debits less credits before, then both sides.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Sums {
    pub code: String,
    pub account: String,
    pub before: i64,
    pub debit: i64,
    pub credit: i64,
}

/// What stands on an account for some details, in minor units: debits less credits.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Stands {
    pub account: String,
    /// JSON: details by kind.
    pub details: String,
    pub balance: i64,
}

/// A line that moved an account.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Movement {
    pub code: String,
    pub date: NaiveDate,
    pub reference: i64,
    pub ticket: Option<String>,
    pub text: String,
    pub debit: i64,
    pub credit: i64,
    pub entered_at: DateTime<Utc>,
}

/// Days of a card's terms.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Terms {
    pub guarantee_from: Option<NaiveDate>,
    pub guarantee_to: Option<NaiveDate>,
    pub warranty_to: Option<NaiveDate>,
}

/// Which accounts, by which of their details, over which days.
#[derive(Clone, Copy, Debug)]
pub struct Over<'a> {
    pub accounts: &'a [String],
    /// The detail's word.
    pub by: &'a str,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Over<'_> {
    fn marks(&self) -> String {
        vec!["?"; self.accounts.len()].join(", ")
    }

    fn accounts(&self) -> impl Iterator<Item = Value> {
        self.accounts.iter().map(|account| Value::from(account.as_str()))
    }
}

/// The expression for a detail of a line. A customer who has become part of another one counts as that one.
pub(super) fn detail(backend: DbBackend, by: &str) -> String {
    let own = written_detail(backend, by);
    if by != DetailKind::Customer.word() {
        return own;
    }
    format!(
        "coalesce((SELECT c.merged_into FROM customer c WHERE c.code = {own} AND c.merged_into IS NOT NULL), {own})"
    )
}

/// The expression for a detail as it was written.
pub(super) fn written_detail(backend: DbBackend, by: &str) -> String {
    match backend {
        DbBackend::Sqlite => format!("json_extract(l.details, '$.{by}')"),
        _ => format!("(l.details::jsonb ->> '{by}')"),
    }
}

impl Store {
    /// The sums of every detail with a line up to the last day, by code and account.
    pub async fn sums(&self, over: &Over<'_>) -> Result<Vec<Sums>, StoreError> {
        let (detail, marks) = (detail(self.backend(), over.by), over.marks());
        let sums = format!(
            "SELECT {detail} AS code, l.account AS account,
               CAST(sum(CASE WHEN v.date < ? THEN l.debit - l.credit ELSE 0 END) AS BIGINT) AS before,
               CAST(sum(CASE WHEN v.date >= ? THEN l.debit ELSE 0 END) AS BIGINT) AS debit,
               CAST(sum(CASE WHEN v.date >= ? THEN l.credit ELSE 0 END) AS BIGINT) AS credit
             FROM voucher_line l JOIN voucher v ON v.reference_no = l.voucher
             WHERE l.account IN ({marks}) AND v.date <= ? AND v.kind <> 'carry' AND {detail} IS NOT NULL
             GROUP BY 1, 2 ORDER BY 1, 2"
        );
        let values = [over.from.into(), over.from.into(), over.from.into()].into_iter();
        let values = values.chain(over.accounts()).chain([over.to.into()]);
        let rows = self.reader().query_all_raw(statement(self.backend(), &sums, values)).await?;
        Ok(rows.iter().map(|row| Sums::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// The lines of the period, by code and then by day.
    pub async fn movements(&self, over: &Over<'_>) -> Result<Vec<Movement>, StoreError> {
        self.moving(over, "v.date >= ? AND v.date <= ?", [over.from.into(), over.to.into()]).await
    }

    /// Lines of days before the period that were entered after a moment, by code and then by day.
    pub async fn late_movements(
        &self,
        over: &Over<'_>,
        after: DateTime<Utc>,
    ) -> Result<Vec<Movement>, StoreError> {
        self.moving(over, "v.date < ? AND v.prepared_at > ?", [over.from.into(), after.into()]).await
    }

    async fn moving(
        &self,
        over: &Over<'_>,
        which: &str,
        values: [Value; 2],
    ) -> Result<Vec<Movement>, StoreError> {
        let (detail, marks) = (detail(self.backend(), over.by), over.marks());
        let lines = format!(
            "SELECT {detail} AS code, v.date AS date, v.reference_no AS reference, v.ticket AS ticket,
               l.text AS text, l.debit AS debit, l.credit AS credit, v.prepared_at AS entered_at
             FROM voucher_line l JOIN voucher v ON v.reference_no = l.voucher
             WHERE l.account IN ({marks}) AND {which} AND v.kind <> 'carry' AND {detail} IS NOT NULL
             ORDER BY 1, v.date, v.reference_no, l.line"
        );
        let values = over.accounts().chain(values);
        let rows = self.reader().query_all_raw(statement(self.backend(), &lines, values)).await?;
        Ok(rows.iter().map(|row| Movement::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// The day of the first voucher with a line on these accounts that has the detail.
    pub async fn first_day(&self, accounts: &[String], by: &str) -> Result<Option<NaiveDate>, StoreError> {
        let marks = vec!["?"; accounts.len()].join(", ");
        let detail = detail(self.backend(), by);
        let first = format!(
            "SELECT min(v.date) AS first FROM voucher_line l JOIN voucher v ON v.reference_no = l.voucher
             WHERE l.account IN ({marks}) AND {detail} IS NOT NULL"
        );
        let values = accounts.iter().map(|account| Value::from(account.as_str()));
        let row = self.reader().query_one_raw(statement(self.backend(), &first, values)).await?;
        Ok(row.map(|row| row.try_get("", "first")).transpose()?.flatten())
    }

    /// What stands on every account that is not a memo account on a day, by account and details; nothing is left out.
    pub async fn standing(&self, on: NaiveDate) -> Result<Vec<Stands>, StoreError> {
        let sums = "SELECT l.account AS account, l.details AS details,
               CAST(sum(l.debit - l.credit) AS BIGINT) AS balance
             FROM voucher_line l JOIN voucher v ON v.reference_no = l.voucher
             WHERE l.date <= ? AND NOT l.memo AND v.kind <> 'carry'
             GROUP BY l.account, l.details HAVING sum(l.debit - l.credit) <> 0 ORDER BY 1, 2";
        let rows = self.reader().query_all_raw(statement(self.backend(), sums, [on.into()])).await?;
        Ok(rows.iter().map(|row| Stands::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// How many vouchers there are up to a day.
    pub async fn vouchers_up_to(&self, day: NaiveDate) -> Result<i64, StoreError> {
        crate::store::run::vouchers_up_to(self.reader(), day).await
    }

    /// The day of the first voucher with a line.
    pub async fn first_posting(&self) -> Result<Option<NaiveDate>, StoreError> {
        let first =
            statement(self.backend(), "SELECT min(date) AS first FROM voucher WHERE status <> 'note'", []);
        let row = self.reader().query_one_raw(first).await?;
        Ok(row.map(|row| row.try_get("", "first")).transpose()?.flatten())
    }

    /// The terms of all cards of a product that have started and are not void.
    pub async fn terms_of_product(&self, product: &str) -> Result<Vec<Terms>, StoreError> {
        let cards = statement(
            self.backend(),
            "SELECT c.guarantee_from, c.guarantee_to, c.warranty_to FROM card c
             JOIN device d ON d.serial = c.device
             WHERE d.product = ? AND c.status <> 'void' AND c.guarantee_from IS NOT NULL",
            [product.into()],
        );
        let rows = self.reader().query_all_raw(cards).await?;
        Ok(rows.iter().map(|row| Terms::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// The last period that a run has finished.
    pub async fn last_period(&self, run: &str) -> Result<Option<run_period::Model>, StoreError> {
        let rows = run_period::Entity::find().filter(run_period::Column::Run.eq(run));
        Ok(rows.order_by_desc(run_period::Column::PeriodTo).one(self.reader()).await?)
    }

    /// The statements that a run has made of the period that ended on a day.
    pub async fn statements_of(&self, run: &str, to: NaiveDate) -> Result<Vec<paper::Model>, StoreError> {
        let rows =
            paper::Entity::find().filter(paper::Column::Run.eq(run)).filter(paper::Column::PeriodTo.eq(to));
        Ok(rows.all(self.reader()).await?)
    }

    /// Statements, newest first; of one party if one is named.
    pub async fn statements(
        &self,
        run: Option<&str>,
        party: Option<(&str, &str)>,
        limit: u64,
    ) -> Result<Vec<paper::Model>, StoreError> {
        let mut query = paper::Entity::find()
            .order_by_desc(paper::Column::PeriodTo)
            .order_by_asc(paper::Column::Number)
            .limit(limit);
        if let Some(run) = run {
            query = query.filter(paper::Column::Run.eq(run));
        }
        if let Some((kind, party)) = party {
            query = query.filter(paper::Column::Kind.eq(kind)).filter(paper::Column::Party.eq(party));
        }
        Ok(query.all(self.reader()).await?)
    }

    /// One statement.
    pub async fn statement(&self, number: &str) -> Result<Option<paper::Model>, StoreError> {
        Ok(paper::Entity::find_by_id(number).one(self.reader()).await?)
    }
}
