//! The same rows, written by a bare loop over SQLite with prepared statements: what a step cannot be cheaper than.
//!
//! The rows are those that the server wrote for its steps. They are read before the clock runs. A second loop also
//! reads what others may have changed since the step before, which nobody who decides can do without.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

/// One statement with its values.
struct Write {
    sql: String,
    values: Vec<Value>,
}

/// What one step looked at and wrote, in order.
pub struct Step {
    looks: Vec<Write>,
    writes: Vec<Write>,
}

/// Whether the loop also reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    No,
    Yes,
}

/// What a step looks at: where the registers stand, the ticket, and what hangs on it and on its device.
const BY_TICKET: [&str; 3] = [
    "SELECT * FROM ticket WHERE code = ?",
    "SELECT * FROM charge_line WHERE ticket = ? ORDER BY line",
    "SELECT revision FROM register_revision WHERE ? IS NOT NULL",
];
const BY_DEVICE: [&str; 3] = [
    "SELECT * FROM device WHERE serial = ?",
    "SELECT * FROM card WHERE device = ? ORDER BY issued_on DESC, number DESC",
    "SELECT * FROM fitted_part WHERE device = ? AND removed_on IS NULL ORDER BY id",
];

/// Rows of these tables name the step that made them.
const BY_SEQ: [&str; 4] = ["decision", "payment", "document", "outbox"];
const BY_SOURCE: [&str; 5] = ["task", "stock_move", "card_change", "fitted_part", "voucher"];
/// What the row that is there takes over from a newer one.
const TIMER: &str = " ON CONFLICT (ticket, name) DO UPDATE SET due_at = excluded.due_at, \
    state = excluded.state, left_ms = excluded.left_ms, set_by = excluded.set_by, tries = 0";
const CHARGE: &str = " ON CONFLICT (ticket, line) DO UPDATE SET status = excluded.status, \
    decision = excluded.decision, body = excluded.body";

/// As durable as the server, and with as much memory.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
    PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000";

/// A database file without its history's next steps.
pub struct Loop(Connection);

impl Loop {
    /// A copy of the server's database as it is now.
    pub fn copy(server: &Path, to: &Path) -> Self {
        watch(server).backup("main", to, None).expect("a copy");
        let copy = Connection::open(to).expect("the copy");
        copy.execute_batch(SETTINGS).expect("its settings");
        copy.set_prepared_statement_cache_capacity(200);
        Self(copy)
    }

    /// Writes all steps, so many a commit.
    pub fn write(&self, steps: &[Step], a_commit: usize, looks: Looks) -> Duration {
        let begun = Instant::now();
        for batch in steps.chunks(a_commit) {
            self.0.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
            for step in batch {
                if looks == Looks::Yes {
                    step.looks.iter().for_each(|look| self.look(look));
                }
                for write in &step.writes {
                    let mut statement = self.0.prepare_cached(&write.sql).expect("a statement");
                    let result = statement.execute(params_from_iter(&write.values));
                    result.unwrap_or_else(|error| panic!("{}: {error}", write.sql));
                }
            }
            self.0.execute_batch("COMMIT").expect("a commit");
        }
        begun.elapsed()
    }

    /// Reads every value of every row.
    fn look(&self, question: &Write) {
        let mut statement = self.0.prepare_cached(&question.sql).expect("a question");
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(&question.values)).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            for column in 0..columns {
                std::hint::black_box(row.get_ref(column).expect("a value"));
            }
        }
    }
}

fn watch(file: &Path) -> Connection {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the server's database")
}

/// What the server wrote for the steps of these tickets, in the order of time.
pub fn steps_of(server: &Path, codes: &[String]) -> Vec<Step> {
    let rows = Rows(watch(server));
    let mut steps = Vec::new();
    for code in codes {
        let answers = rows.answers(code);
        for event in rows.all("ticket_event", "ticket = ?1 AND seq > 1 ORDER BY seq", &[code]) {
            steps.push((event["at"].clone(), rows.step(code, &event, &answers)));
        }
    }
    steps.sort_by(|(a, _), (b, _)| text(a).cmp(text(b)));
    steps.into_iter().map(|(_, step)| step).collect()
}

type Row = BTreeMap<String, Value>;

struct Rows(Connection);

impl Rows {
    fn all(&self, table: &str, filter: &str, values: &[&str]) -> Vec<Row> {
        let sql = format!("SELECT * FROM {table} WHERE {filter}");
        let mut statement = self.0.prepare_cached(&sql).expect("a question");
        let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let rows = statement.query_map(params_from_iter(values), |row| {
            names.iter().enumerate().map(|(n, name)| Ok((name.clone(), row.get(n)?))).collect()
        });
        rows.expect("rows").collect::<Result<_, _>>().expect("rows")
    }

    /// Kept answers of a ticket by revision.
    fn answers(&self, code: &str) -> BTreeMap<String, Row> {
        let rows = self.all("idempotency", "key LIKE ?1 || '-%'", &[code]);
        rows.into_iter().map(|row| (text(&row["key"]).to_owned(), row)).collect()
    }

    fn step(&self, code: &str, event: &Row, answers: &BTreeMap<String, Row>) -> Step {
        let Value::Integer(seq) = event["seq"] else { panic!("a number") };
        let (seq_text, source) = (seq.to_string(), format!("{code}/{seq}/"));
        let mut writes = vec![self.ticket(code, seq, event)];
        let facts = self.all("fact_set", "hash = ?1", &[text(&event["facts"])]);
        writes.extend(facts.iter().map(|row| insert("fact_set", row, " ON CONFLICT (hash) DO NOTHING")));
        writes.push(insert("ticket_event", event, ""));
        for id in charged(text(&event["effects"])) {
            let lines = self.all("charge_line", "ticket = ?1 AND line = CAST(?2 AS INTEGER)", &[code, &id]);
            writes.extend(lines.iter().map(|row| insert("charge_line", row, CHARGE)));
        }
        for table in BY_SEQ {
            for row in self.all(table, "ticket = ?1 AND seq = CAST(?2 AS INTEGER)", &[code, &seq_text]) {
                writes.push(insert(table, &row, ""));
                if table == "outbox" {
                    writes.extend(delivery(&row));
                }
            }
        }
        for row in self.all("timer", "ticket = ?1 AND set_by LIKE ?2 || '%'", &[code, &source]) {
            writes.push(insert("timer", &row, TIMER));
        }
        for table in BY_SOURCE {
            for row in self.all(table, "ticket = ?1 AND source LIKE ?2 || '%'", &[code, &source]) {
                writes.push(insert(table, &row, ""));
                if let Some(Value::Integer(reference)) = row.get("reference_no") {
                    let lines =
                        self.all("voucher_line", "voucher = CAST(?1 AS INTEGER)", &[&reference.to_string()]);
                    writes.extend(lines.iter().map(|row| insert("voucher_line", row, "")));
                }
            }
        }
        let answer = answers.get(&format!("{code}-{}", seq - 1)).expect("the kept answer");
        writes.push(insert("idempotency", answer, ""));
        Step { looks: self.looks(code), writes }
    }

    fn looks(&self, code: &str) -> Vec<Write> {
        let ticket = self.all("ticket", "code = ?1", &[code]).pop().expect("the ticket");
        let look = |sql: &str, value: &Value| Write { sql: sql.into(), values: vec![value.clone()] };
        let of_ticket = BY_TICKET.map(|sql| look(sql, &ticket["code"]));
        of_ticket.into_iter().chain(BY_DEVICE.map(|sql| look(sql, &ticket["device"]))).collect()
    }

    /// What this step changed in the ticket, as far as its history tells; its other columns are not touched.
    fn ticket(&self, code: &str, seq: i64, event: &Row) -> Write {
        let ticket = self.all("ticket", "code = ?1", &[code]).pop().expect("the ticket");
        let kept = ["configuration", "fields", "decided", "timers", "progress", "due_at"];
        let mut row: Row = kept.map(|column| (column.to_owned(), ticket[column].clone())).into();
        row.insert("revision".into(), Value::Integer(seq));
        row.insert("states".into(), event["to_states"].clone());
        row.insert("updated_at".into(), event["at"].clone());
        row.insert("head".into(), event["hash"].clone());
        let set: Vec<String> = row.keys().map(|column| format!("{column} = ?")).collect();
        let sql = format!("UPDATE ticket SET {} WHERE code = ? AND revision = ?", set.join(", "));
        let key = [Value::Text(code.to_owned()), Value::Integer(seq - 1)];
        Write { sql, values: row.into_values().chain(key).collect() }
    }
}

/// Numbers of the charge lines that a step wrote.
fn charged(effects: &str) -> Vec<String> {
    let effects: serde_json::Value = serde_json::from_str(effects).expect("effects");
    let charges = effects.as_array().into_iter().flatten().filter_map(|effect| effect.get("charge"));
    let lines = charges.flat_map(|charge| ["added", "changed"].map(|key| charge.get(key).cloned()));
    let lines = lines.flatten().filter_map(|lines| lines.as_array().cloned()).flatten();
    lines.filter_map(|line| Some(line.get("id")?.to_string())).collect()
}

/// The server's worker has meanwhile noted that the message is delivered: one more write of that row.
fn delivery(row: &Row) -> Option<Write> {
    if !matches!(row["attempt"], Value::Integer(1..)) {
        return None;
    }
    let note = "UPDATE outbox SET status = 'sent', sent_at = next_at, attempt = 1 WHERE id = ?";
    Some(Write { sql: note.into(), values: vec![row["id"].clone()] })
}

fn insert(table: &str, row: &Row, tail: &str) -> Write {
    let columns: Vec<&str> = row.keys().map(String::as_str).collect();
    let marks = vec!["?"; columns.len()].join(", ");
    let sql = format!("INSERT INTO {table} ({}) VALUES ({marks}){tail}", columns.join(", "));
    Write { sql, values: row.values().cloned().collect() }
}

fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        _ => "",
    }
}
