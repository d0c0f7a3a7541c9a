//! Tables that steps write in bulk: their columns once, for rows of many steps in one statement.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, Value};

use crate::entity;

/// Rows in one statement are a power of two, so that there are few different statements to prepare.
const LARGEST: usize = 64;

/// A row that can be inserted.
pub trait Row {
    const TABLE: Table;
    fn values(self) -> Vec<Value>;
}

/// How rows of a table are inserted.
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [&'static str],
    /// What stands after the values: what to do when the row is there.
    pub tail: &'static str,
}

/// All columns of a table but those that the database fills in: a column that is forgotten does not compile.
macro_rules! row {
    ($module:ident, $name:literal, [$($column:ident),* $(,)?] $(without $filled:ident)?, $tail:literal) => {
        impl Row for entity::$module::Model {
            const TABLE: Table =
                Table { name: $name, columns: &[$(stringify!($column)),*], tail: $tail };
            fn values(self) -> Vec<Value> {
                let Self { $($column,)* $($filled: _)? } = self;
                vec![$($column.into()),*]
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
    [voucher, line, account, memo, party_kind, party, details, text, explanation, debit, credit, currency],
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
    [kind, ticket, subject, message, detail, status, opened_at, resolved_at, resolved_by] without id,
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

/// Rows that wait to be inserted: as few statements as there are powers of two in their number.
#[derive(Default)]
pub struct Inserts(Vec<(&'static Table, usize, Vec<Value>)>);

impl Inserts {
    pub fn add<R: Row>(&mut self, rows: Vec<R>) {
        let mut left = rows.len();
        let mut rows = rows.into_iter();
        while left > 0 {
            let count = LARGEST.min(1 << left.ilog2());
            self.0.push((&R::TABLE, count, rows.by_ref().take(count).flat_map(Row::values).collect()));
            left -= count;
        }
    }

    /// Inserts them in their order; at once where the database takes several statements in one piece.
    pub async fn write(self, transaction: &DatabaseTransaction, at_once: bool) -> Result<(), DbErr> {
        let backend = transaction.get_database_backend();
        let statements =
            self.0.into_iter().map(|(table, count, values)| (insert_sql(table, count, backend), values));
        if at_once && backend == DbBackend::Sqlite {
            let (mut sql, mut values) = (String::new(), Vec::new());
            for (one, its) in statements {
                sql.push_str(&one);
                sql.push(';');
                values.extend(its);
            }
            transaction.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            return Ok(());
        }
        for (sql, values) in statements {
            transaction.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        }
        Ok(())
    }
}

/// Inserts rows of one table.
pub async fn insert_all<R: Row>(transaction: &DatabaseTransaction, rows: Vec<R>) -> Result<(), DbErr> {
    let mut inserts = Inserts::default();
    inserts.add(rows);
    inserts.write(transaction, false).await
}

fn insert_sql(table: &Table, rows: usize, backend: DbBackend) -> String {
    let width = table.columns.len();
    let mut sql = format!("INSERT INTO \"{}\" ({}) VALUES ", table.name, quoted(table.columns));
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
