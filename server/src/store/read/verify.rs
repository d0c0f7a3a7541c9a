//! What `verify` asks the database: sums and holes, found where the rows are.

mod product;
mod stock;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::entity::{card, card_change, fact_set, ticket, timer, voucher};
use crate::store::table::statement;
use crate::store::{Store, StoreError};

/// Tables with files in them.
pub const FILES: [&str; 3] = ["ticket_file", "register_file", "attachment"];

/// A ticket's lines and payments.
#[derive(Clone, Debug, FromQueryResult)]
pub struct TicketSums {
    pub lines: i64,
    pub paid: i64,
}

/// A voucher whose lines are not what they must be.
#[derive(Clone, Debug, FromQueryResult)]
pub struct VoucherSums {
    pub reference_no: i64,
    pub lines: i64,
    pub debit: i64,
    pub credit: i64,
}

/// A payment that is not in the books.
#[derive(Clone, Debug, FromQueryResult)]
pub struct UnpostedPayment {
    pub source: String,
    pub amount: i64,
    /// What a voucher of the same step says.
    pub posted: Option<i64>,
}

/// The numbers given in one series.
#[derive(Clone, Debug, FromQueryResult)]
pub struct NumberRun {
    pub name: String,
    pub first: i64,
    pub last: i64,
    pub count: i64,
    pub counter: Option<i64>,
}

#[derive(FromQueryResult)]
struct Orphan {
    table_name: String,
    subject: String,
}

impl Store {
    /// Tickets in the order of their codes.
    pub async fn tickets_after(&self, code: &str, most: u64) -> Result<Vec<ticket::Model>, StoreError> {
        Ok(ticket::Entity::find()
            .filter(ticket::Column::Code.gt(code))
            .order_by_asc(ticket::Column::Code)
            .limit(most)
            .all(&self.readers)
            .await?)
    }

    /// The facts that a step was decided on.
    pub async fn fact_set(&self, hash: &str) -> Result<Option<String>, StoreError> {
        Ok(fact_set::Entity::find_by_id(hash).one(&self.readers).await?.map(|row| row.body))
    }

    /// The next file of a table: its id, its hash, its bytes.
    pub async fn file_after(
        &self,
        table: &str,
        id: i64,
    ) -> Result<Option<(i64, String, Vec<u8>)>, StoreError> {
        let sql = format!("SELECT id, hash, body FROM {table} WHERE id > ? ORDER BY id LIMIT 1");
        let row = self.readers.query_one_raw(statement(self.backend(), &sql, [id.into()])).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((row.try_get("", "id")?, row.try_get("", "hash")?, row.try_get("", "body")?)))
    }

    /// Timers of a ticket that are armed, that stand, or that could not fire.
    pub async fn waiting_timers(&self, ticket: &str) -> Result<Vec<timer::Model>, StoreError> {
        let waiting = timer::Column::State.is_in(["armed", "paused", "failed"]);
        let rows = timer::Entity::find().filter(timer::Column::Ticket.eq(ticket)).filter(waiting);
        Ok(rows.all(&self.readers).await?)
    }

    /// Cards in the order of their numbers.
    pub async fn cards_after(&self, number: &str, most: u64) -> Result<Vec<card::Model>, StoreError> {
        let rows = card::Entity::find().filter(card::Column::Number.gt(number));
        Ok(rows.order_by_asc(card::Column::Number).limit(most).all(&self.readers).await?)
    }

    /// What happened to these cards, oldest first.
    pub async fn card_changes(&self, cards: &[&str]) -> Result<Vec<card_change::Model>, StoreError> {
        let rows = card_change::Entity::find().filter(card_change::Column::Card.is_in(cards.iter().copied()));
        Ok(rows.order_by_asc(card_change::Column::Id).all(&self.readers).await?)
    }

    pub async fn ticket_sums(&self, ticket: &str) -> Result<TicketSums, StoreError> {
        let sql = "SELECT (SELECT CAST(count(*) AS BIGINT) FROM charge_line WHERE ticket = ?) AS lines,
            (SELECT CAST(coalesce(sum(CASE direction WHEN 'in' THEN amount ELSE -amount END), 0) AS BIGINT)
             FROM payment WHERE ticket = ?) AS paid";
        let rows = self.found(sql, [ticket.into(), ticket.into()]).await?;
        Ok(rows.into_iter().next().unwrap_or(TicketSums { lines: 0, paid: 0 }))
    }

    pub async fn count_vouchers(&self) -> Result<usize, StoreError> {
        let count = voucher::Entity::find().count(&self.readers).await?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// Vouchers that do not balance, or have fewer than two lines, or another total than they say.
    pub async fn unsound_vouchers(&self) -> Result<Vec<VoucherSums>, StoreError> {
        let sql = "SELECT v.reference_no AS reference_no, CAST(count(l.line) AS BIGINT) AS lines,
            CAST(coalesce(sum(l.debit), 0) AS BIGINT) AS debit, CAST(coalesce(sum(l.credit), 0) AS BIGINT) AS credit
            FROM voucher v LEFT JOIN voucher_line l ON l.voucher = v.reference_no
            GROUP BY v.reference_no, v.total
            HAVING count(l.line) < 2 OR coalesce(sum(l.debit), 0) <> coalesce(sum(l.credit), 0)
              OR coalesce(sum(l.debit), 0) <> v.total";
        self.found(sql, []).await
    }

    /// Payments of which no voucher of the same step has the amount; with the amount of one that is there.
    pub async fn unposted_payments(&self) -> Result<Vec<UnpostedPayment>, StoreError> {
        // A voucher's source is the ticket, the step, and the effect's place in it.
        let same = "v.ticket = p.ticket AND v.source LIKE p.ticket || '/' || p.seq || '/%'";
        let sql = format!(
            "SELECT p.source AS source, p.amount AS amount,
               (SELECT max(v.total) FROM voucher v WHERE {same}) AS posted
             FROM payment p WHERE NOT EXISTS (SELECT 1 FROM voucher v WHERE {same} AND v.total = p.amount)
             ORDER BY p.source"
        );
        self.found(&sql, []).await
    }

    /// Documents by counter, vouchers by entry order, final vouchers by fiscal year.
    pub async fn number_runs(&self) -> Result<Vec<NumberRun>, StoreError> {
        let sql = "SELECT d.counter AS name, min(d.serial) AS first, max(d.serial) AS last,
              CAST(count(*) AS BIGINT) AS count, max(c.value) AS counter
            FROM document d LEFT JOIN counter c ON c.name = d.counter GROUP BY d.counter
            UNION ALL
            SELECT 'voucher reference', min(reference_no), max(reference_no), CAST(count(*) AS BIGINT),
              (SELECT value FROM counter WHERE name = 'voucher') FROM voucher HAVING count(*) > 0
            UNION ALL
            SELECT 'voucher ' || fiscal_year, min(voucher_no), max(voucher_no), CAST(count(voucher_no) AS BIGINT),
              (SELECT value FROM counter WHERE name = 'voucher/' || fiscal_year)
            FROM voucher WHERE voucher_no IS NOT NULL GROUP BY fiscal_year";
        self.found(sql, []).await
    }

    /// Rows whose step is not in the history.
    pub async fn orphans(&self) -> Result<Vec<(String, String)>, StoreError> {
        let by_step = ["decision", "payment", "document"].map(|table| {
            format!(
                "SELECT '{table}' AS table_name, r.source AS subject FROM {table} r WHERE NOT EXISTS
                 (SELECT 1 FROM ticket_event e WHERE e.ticket = r.ticket AND e.seq = r.seq)"
            )
        });
        let outbox =
            "SELECT 'outbox' AS table_name, r.effect AS subject FROM outbox r WHERE r.seq IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM ticket_event e WHERE e.ticket = r.ticket AND e.seq = r.seq)";
        let moves = "SELECT 'stock_move' AS table_name, r.source AS subject FROM stock_move r
            WHERE r.seq IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM ticket_event e WHERE e.ticket = r.ticket AND e.seq = r.seq)";
        let timers = "SELECT 'timer' AS table_name, r.ticket AS subject FROM timer r
            JOIN ticket t ON t.code = r.ticket WHERE r.state = 'armed' AND t.finished";
        let sql = format!(
            "{} UNION ALL {outbox} UNION ALL {moves} UNION ALL {timers}",
            by_step.join(" UNION ALL ")
        );
        let rows: Vec<Orphan> = self.found(&sql, []).await?;
        Ok(rows.into_iter().map(|row| (row.table_name, row.subject)).collect())
    }

    async fn found<T: FromQueryResult>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = sea_orm::Value>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.readers.query_all_raw(statement(self.backend(), sql, values)).await?;
        rows.iter()
            .map(|row| T::from_query_result(row, ""))
            .collect::<Result<_, _>>()
            .map_err(StoreError::from)
    }
}
