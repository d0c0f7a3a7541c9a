//! Tables that steps read and write: their columns once, and rows of them as few statements.

use std::sync::OnceLock;

use sea_orm::{DbBackend, DbErr, Statement, Value};

use super::writes::Writes;
use crate::entity;

/// A row of such a table.
pub trait Row: Sized + Send {
    fn table() -> &'static Table;
    /// What is inserted.
    fn values(self) -> Vec<Value>;
    /// The columns in which it differs from what it was, with its values.
    fn changes(&self, before: &Self) -> Vec<(&'static str, Value)>;
    /// A row of SQLite's answer that has the columns of the table.
    fn read(cells: &rusqlite::Row<'_>) -> rusqlite::Result<Self>;
}

/// How rows of a table are asked for and inserted.
pub struct Table {
    pub name: &'static str,
    inserted: &'static [&'static str],
    /// What the database fills in.
    filled: &'static [&'static str],
    /// What stands after the values: what to do when the row is there.
    tail: &'static str,
    /// All columns in SQL.
    columns: OnceLock<String>,
    /// The statement that inserts one row into SQLite.
    one: OnceLock<String>,
}

impl Table {
    /// All columns in SQL, in the order in which a row is read.
    pub fn columns(&self) -> &str {
        self.columns.get_or_init(|| quoted(&[self.inserted, self.filled].concat()))
    }
}

/// All columns of a table, those that the database fills in apart: a column that is forgotten does not compile.
macro_rules! row {
    ($module:ident, $name:literal, [$($column:ident),* $(,)?] $(without $filled:ident)?, $tail:literal) => {
        impl Row for entity::$module::Model {
            fn table() -> &'static Table {
                static TABLE: Table = Table {
                    name: $name,
                    inserted: &[$(stringify!($column)),*],
                    filled: &[$(stringify!($filled))?],
                    tail: $tail,
                    columns: OnceLock::new(),
                    one: OnceLock::new(),
                };
                &TABLE
            }
            fn values(self) -> Vec<Value> {
                let Self { $($column,)* $($filled: _)? } = self;
                vec![$($column.into()),*]
            }
            fn changes(&self, before: &Self) -> Vec<(&'static str, Value)> {
                let mut changes = Vec::new();
                $(if self.$column != before.$column {
                    changes.push((stringify!($column), self.$column.clone().into()));
                })*
                changes
            }
            fn read(cells: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                let mut next = 0..;
                let mut next = || next.next().unwrap_or_default();
                Ok(Self { $($column: cells.get(next())?,)* $($filled: cells.get(next())?)? })
            }
        }
    };
}

row!(
    ticket,
    "ticket",
    [
        code,
        process,
        bundle,
        revision,
        configuration,
        fields,
        decided,
        timers,
        states,
        progress,
        category,
        finished,
        lines,
        gross,
        paid,
        channel,
        shop,
        branch,
        customer,
        device,
        product,
        product_category,
        technician,
        agency,
        partner,
        opened_at,
        opened_by,
        due_at,
        closed_at,
        updated_at,
        head,
        parent,
        children
    ],
    ""
);
row!(ticket_asked, "ticket_asked", [ticket, agency, at], " ON CONFLICT (ticket, agency) DO NOTHING");
row!(ticket_link, "ticket_link", [source, parent, child, invoke, link, process, state, why, at], "");
row!(fact_set, "fact_set", [hash, body], " ON CONFLICT (hash) DO NOTHING");
row!(
    ticket_event,
    "ticket_event",
    [
        ticket,
        seq,
        at,
        actor,
        roles,
        origin,
        event,
        data,
        outcome,
        from_states,
        to_states,
        fields,
        trace,
        effects,
        facts,
        bundle,
        prev_hash,
        hash
    ],
    ""
);
row!(
    charge_line,
    "charge_line",
    [
        ticket,
        line,
        kind,
        code,
        description,
        quantity,
        list,
        covered,
        net,
        vat,
        gross,
        cost,
        covered_percent,
        payment_class,
        decision,
        status,
        body
    ],
    " ON CONFLICT (ticket, line) DO UPDATE SET kind = excluded.kind, code = excluded.code, \
     description = excluded.description, quantity = excluded.quantity, list = excluded.list, \
     covered = excluded.covered, net = excluded.net, vat = excluded.vat, gross = excluded.gross, \
     cost = excluded.cost, covered_percent = excluded.covered_percent, \
     payment_class = excluded.payment_class, decision = excluded.decision, status = excluded.status, \
     body = excluded.body"
);
row!(decision, "decision", [source, ticket, seq, rule, fact, value, conditions, bundle, at], "");
row!(payment, "payment", [source, ticket, seq, direction, amount, method, reference, actor, at], "");
row!(
    document,
    "document",
    [
        source, ticket, seq, series, counter, serial, number, lines, net, vat, gross, rounding, fields,
        due_at, actor, at
    ],
    ""
);
row!(
    voucher,
    "voucher",
    [
        reference_no,
        source,
        event,
        template,
        date,
        fiscal_year,
        currency,
        status,
        voucher_no,
        kind,
        text,
        detail,
        ticket,
        reverses,
        reversed_by,
        total,
        prepared_by,
        prepared_at,
        reviewed_by,
        reviewed_at,
        approved_by,
        approved_at,
        finalised_by,
        finalised_at
    ],
    ""
);
row!(
    run_period,
    "run_period",
    [run, period_from, period_to, items, vouchers, statements, bundle, actor, at],
    ""
);
row!(
    statement,
    "statement",
    [
        number,
        run,
        period_from,
        period_to,
        kind,
        party,
        currency,
        opening,
        debit,
        credit,
        closing,
        lines,
        actor,
        at
    ],
    ""
);
row!(
    voucher_line,
    "voucher_line",
    [
        voucher,
        line,
        account,
        memo,
        party_kind,
        party,
        details,
        text,
        explanation,
        debit,
        credit,
        currency,
        date
    ],
    ""
);
row!(stock_balance, "stock_balance", [warehouse, part, quantity, value, version], "");
row!(
    device,
    "device",
    [
        serial,
        product,
        status,
        owner,
        parent,
        batch,
        produced_on,
        sold_on,
        installed_on,
        usage,
        repairs,
        attributes,
        created_at,
        updated_at,
        version
    ],
    ""
);
row!(stock_move, "stock_move", [source, warehouse, part, kind, quantity, value, ticket, seq, actor, at], "");
row!(
    task,
    "task",
    [
        source, ticket, kind, title, to_kind, to_name, branch, due_at, remind_at, status, created_by,
        created_at, done_at, done_by, result
    ] without id,
    ""
);
row!(
    timer,
    "timer",
    [ticket, name, event, data, due_at, within, state, left_ms, set_by, fired_at, tries, claim, lease_until],
    // A row without an event only changes the state of the timer that is there.
    " ON CONFLICT (ticket, name) DO UPDATE SET \
     event = CASE excluded.event WHEN '' THEN timer.event ELSE excluded.event END, \
     data = CASE excluded.event WHEN '' THEN timer.data ELSE excluded.data END, \
     within = CASE excluded.event WHEN '' THEN timer.within ELSE excluded.within END, \
     due_at = excluded.due_at, state = excluded.state, left_ms = excluded.left_ms, \
     set_by = excluded.set_by, fired_at = excluded.fired_at, tries = 0, claim = NULL, lease_until = NULL"
);
row!(
    outbox,
    "outbox",
    [
        effect,
        ticket,
        seq,
        channel,
        lane,
        recipient,
        recipient_name,
        to_kind,
        to_code,
        message,
        language,
        subject,
        body,
        status,
        attempt,
        claim,
        lease_until,
        next_at,
        last_error,
        provider_ref,
        created_at,
        sent_at
    ] without id,
    ""
);
row!(
    incident,
    "incident",
    [kind, ticket, subject, message, detail, status, opened_at, resolved_at, resolved_by, resolution] without id,
    ""
);
row!(
    card,
    "card",
    [
        number,
        device,
        status,
        kind,
        partner,
        holder,
        issued_on,
        sold_on,
        store,
        seller,
        invoice_no,
        stamped,
        stamped_on,
        stamped_by,
        guarantee_from,
        guarantee_to,
        warranty_from,
        warranty_to,
        commitment_from,
        commitment_to,
        extended_from,
        extended_to,
        created_at,
        updated_at,
        version
    ],
    ""
);
row!(card_change, "card_change", [card, ticket, source, change, reason, before, after, actor, at] without id, "");
row!(
    fitted_part,
    "fitted_part",
    [device, part, serial, old_serial, fitted_on, removed_on, covered_to, ticket, source] without id,
    ""
);
row!(idempotency, "idempotency", [principal, route, key, body_hash, status, answer, at], "");

/// Rows that wait to be inserted. SQLite takes them one by one, by the same few statements for ever: a statement
/// costs it no more than a row. PostgreSQL, to which every statement is a way, takes many at once; their number is
/// a power of two, so that there are few different statements to prepare.
pub struct Inserts {
    backend: DbBackend,
    waiting: Vec<(&'static Table, usize, Vec<Value>)>,
}

/// Most rows of one statement.
fn largest(backend: DbBackend) -> usize {
    if backend == DbBackend::Sqlite { 1 } else { 64 }
}

impl Inserts {
    pub fn new(backend: DbBackend) -> Self {
        Self { backend, waiting: Vec::new() }
    }

    pub fn add<R: Row>(&mut self, rows: impl IntoIterator<Item = R>) {
        let rows: Vec<R> = rows.into_iter().collect();
        let mut left = rows.len();
        let mut rows = rows.into_iter();
        while left > 0 {
            let count = largest(self.backend).min(1 << left.ilog2());
            self.waiting.push((R::table(), count, rows.by_ref().take(count).flat_map(Row::values).collect()));
            left -= count;
        }
    }

    /// Inserts them in their order.
    pub async fn write(self, transaction: &impl Writes) -> Result<(), DbErr> {
        for (table, count, values) in self.waiting {
            let sql = match self.backend {
                DbBackend::Sqlite => table.one.get_or_init(|| insert_sql(table, 1, self.backend)).clone(),
                backend => insert_sql(table, count, backend),
            };
            transaction.change(Statement::from_sql_and_values(self.backend, sql, values)).await?;
        }
        Ok(())
    }
}

/// Inserts rows of one table.
pub async fn insert_all<R: Row>(transaction: &impl Writes, rows: Vec<R>) -> Result<(), DbErr> {
    let mut inserts = Inserts::new(transaction.backend());
    inserts.add(rows);
    inserts.write(transaction).await
}

fn insert_sql(table: &Table, rows: usize, backend: DbBackend) -> String {
    let width = table.inserted.len();
    let mut sql = format!("INSERT INTO \"{}\" ({}) VALUES ", table.name, quoted(table.inserted));
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            if column > 0 {
                sql.push_str(", ");
            }
            placeholder(&mut sql, backend, row * width + column + 1);
        }
        sql.push(')');
    }
    sql.push_str(table.tail);
    sql
}

/// `?` or `$1`, as the dialect has it.
pub fn placeholder(sql: &mut String, backend: DbBackend, number: usize) {
    match backend {
        DbBackend::Postgres => {
            sql.push('$');
            sql.push_str(&number.to_string());
        }
        _ => sql.push('?'),
    }
}

fn quoted(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ")
}

/// A statement written with `?`, in the dialect of the database.
pub fn statement<V: IntoIterator<Item = Value>>(backend: DbBackend, text: &str, values: V) -> Statement {
    if backend == DbBackend::Sqlite {
        return Statement::from_sql_and_values(backend, text, values);
    }
    let mut sql = String::with_capacity(text.len() + 16);
    let mut number = 0;
    for piece in text.split_inclusive('?') {
        match piece.strip_suffix('?') {
            Some(before) => {
                sql.push_str(before);
                number += 1;
                placeholder(&mut sql, backend, number);
            }
            None => sql.push_str(piece),
        }
    }
    Statement::from_sql_and_values(backend, sql, values)
}
