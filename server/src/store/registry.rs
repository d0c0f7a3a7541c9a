//! The registers: stores, branches, people, products, devices, parts.
//!
//! What all of them share is here, by their descriptions: pages by key, some by key, written under the version
//! that was seen, taken out. What is special about one (phones of customers, roles of users, sessions) has a file
//! of its own.

pub mod card;
pub mod category;
pub mod customer;
pub mod import;
pub mod known_device;
pub mod reach;

pub mod password_link;
pub mod searched;
pub mod second_factor;
pub mod serial;
pub mod session;
pub mod user;

use std::collections::HashSet;

use aftercare_engine::text::folded;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, QueryResult, Statement, Value};

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::table::{placeholder, statement};
use crate::auth::Scope;
use crate::register::Register;
use crate::register::value::Cell;

/// Most rows in one statement; fewer come as powers of two, so that there are few different statements.
const LARGEST: usize = 128;
/// Most keys in one question.
const KEYS: usize = 500;

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// In the order of the register's own columns.
    pub cells: Vec<Cell>,
    pub version: i64,
}

impl Row {
    pub fn key(&self) -> &str {
        match self.cells.first() {
            Some(Cell::Text(Some(key))) => key,
            _ => "",
        }
    }
}

/// An entry to write.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Put {
    pub cells: Vec<Cell>,
    /// The words by which it is found, folded.
    pub search: String,
    /// The version that was seen; 0: there must be none.
    pub seen: i64,
}

/// A piece of a register in the order of its keys.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// Folded texts, of which an entry has one.
    pub search: Vec<String>,
    /// Last key of the piece before.
    pub after: Option<String>,
    /// Whose entries, of those registers that hang on tickets; none: everybody's.
    pub scope: Option<Scope>,
    pub limit: u64,
}

/// Rows after a key, at most `limit`.
pub async fn page(
    db: &impl ConnectionTrait,
    register: &Register,
    window: &Window,
) -> Result<Vec<Row>, StoreError> {
    let (key, mut values, mut all) = (register.key().column, Vec::<Value>::new(), Vec::new());
    if let Some(after) = &window.after {
        all.push(format!("\"{key}\" > ?"));
        values.push(after.as_str().into());
    }
    if let Some((condition, of)) = window.scope.as_ref().and_then(|scope| reach::condition(register, scope)) {
        all.push(condition);
        values.extend(of);
    }
    let mut any = Vec::new();
    let raw = register.stored().filter(|field| register.searched.contains(&field.name));
    let columns: Vec<&str> = raw.map(|field| field.column).collect();
    for text in window.search.iter().filter(|text| !text.is_empty()) {
        // What no register door has written yet has no words of its own.
        for column in ["search_key"].iter().chain(&columns) {
            any.push(format!("lower(\"{column}\") LIKE ? ESCAPE '\\'"));
            values.push(format!("%{}%", escaped(text)).into());
        }
    }
    if !any.is_empty() {
        all.push(format!("({})", any.join(" OR ")));
    }
    let mut sql = select(register);
    if !all.is_empty() {
        sql.push_str(&format!(" WHERE {}", all.join(" AND ")));
    }
    sql.push_str(&format!(" ORDER BY \"{key}\" LIMIT {}", window.limit));
    let rows = db.query_all_raw(statement(db.get_database_backend(), &sql, values)).await?;
    Ok(rows.iter().map(|row| read(register, row)).collect::<Result<_, _>>()?)
}

/// The rows with these keys that are there.
pub async fn some(
    db: &impl ConnectionTrait,
    register: &Register,
    keys: &[&str],
) -> Result<Vec<Row>, StoreError> {
    let mut found = Vec::with_capacity(keys.len());
    for keys in keys.chunks(KEYS) {
        let sql = format!("{} WHERE \"{}\" IN ", select(register), register.key().column);
        for row in db.query_all_raw(within(db, sql, keys)).await? {
            found.push(read(register, &row)?);
        }
    }
    Ok(found)
}

/// The row with this key.
pub async fn one(
    db: &impl ConnectionTrait,
    register: &Register,
    key: &str,
) -> Result<Option<Row>, StoreError> {
    Ok(some(db, register, &[key]).await?.pop())
}

/// Which of these keys are there.
pub async fn existing(
    db: &impl ConnectionTrait,
    register: &Register,
    keys: &[&str],
) -> Result<HashSet<String>, StoreError> {
    let (key, mut found) = (register.key().column, HashSet::new());
    for keys in keys.chunks(KEYS) {
        let sql = format!("SELECT \"{key}\" AS found FROM \"{}\" WHERE \"{key}\" IN ", register.table);
        for row in db.query_all_raw(within(db, sql, keys)).await? {
            found.insert(row.try_get("", "found")?);
        }
    }
    Ok(found)
}

/// Writes entries, each under the version that was seen. False: somebody else has written one of them since, and
/// the transaction must not be kept.
pub async fn put(
    tx: &impl ConnectionTrait,
    register: &Register,
    entries: &[Put],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let mut left = entries;
    while !left.is_empty() {
        let count = LARGEST.min(1 << left.len().ilog2());
        let (these, rest) = left.split_at(count);
        left = rest;
        let sql = put_sql(register, count);
        let values = these.iter().flat_map(|entry| put_values(register, entry, now));
        let written = tx.execute_raw(statement(tx.get_database_backend(), &sql, values)).await?;
        if written.rows_affected() < count as u64 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Takes the row out if it still has this version. What is still referred to cannot be taken out.
pub async fn remove(
    tx: &impl ConnectionTrait,
    register: &Register,
    key: &str,
    version: i64,
) -> Result<bool, StoreError> {
    let sql =
        format!("DELETE FROM \"{}\" WHERE \"{}\" = ? AND version = ?", register.table, register.key().column);
    let values = [key.into(), version.into()];
    Ok(tx.execute_raw(statement(tx.get_database_backend(), &sql, values)).await?.rows_affected() == 1)
}

/// What every entry has besides its own columns.
const KEPT: [&str; 4] = ["search_key", "created_at", "updated_at", "version"];

fn put_sql(register: &Register, count: usize) -> String {
    let own: Vec<&str> =
        register.stored().filter(|field| !field.read_only).map(|field| field.column).collect();
    let folded = register.folded.iter().map(|(column, _)| *column);
    let all: Vec<&str> =
        own.iter().chain(register.counted).copied().chain(folded.clone()).chain(KEPT).collect();
    let quoted: Vec<String> = all.iter().map(|column| format!("\"{column}\"")).collect();
    let row = format!("({})", vec!["?"; all.len()].join(", "));
    // An entry keeps its first day and its counts.
    let changed = own.iter().copied().skip(1).chain(folded).chain(["search_key", "updated_at", "version"]);
    let changed: Vec<String> =
        changed.map(|column| format!("\"{column}\" = excluded.\"{column}\"")).collect();
    format!(
        "INSERT INTO \"{table}\" ({}) VALUES {} ON CONFLICT (\"{}\") DO UPDATE SET {} \
         WHERE \"{table}\".version = excluded.version - 1",
        quoted.join(", "),
        vec![row; count].join(", "),
        register.key().column,
        changed.join(", "),
        table = register.table,
    )
}

fn put_values(register: &Register, entry: &Put, now: DateTime<Utc>) -> Vec<Value> {
    let own = register.stored().zip(&entry.cells).filter(|(field, _)| !field.read_only);
    let own = own.map(|(_, cell)| value(cell));
    let counted = register.counted.iter().map(|_| 0_i64.into());
    let kept: [Value; 4] = [entry.search.as_str().into(), now.into(), now.into(), (entry.seen + 1).into()];
    let folded = register.folded.iter().map(|(_, name)| {
        let at = register.stored().position(|field| field.name == *name);
        match at.and_then(|at| entry.cells.get(at)) {
            Some(Cell::Text(Some(text))) => folded(text).into(),
            _ => "".into(),
        }
    });
    own.chain(counted).chain(folded).chain(kept).collect()
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => text.clone().into(),
        Cell::Whole(number) => (*number).into(),
        Cell::YesNo(yes) => (*yes).into(),
        Cell::Day(day) => (*day).into(),
    }
}

fn select(register: &Register) -> String {
    let columns: Vec<String> = register.stored().map(|field| format!("\"{}\"", field.column)).collect();
    format!("SELECT {}, version FROM \"{}\"", columns.join(", "), register.table)
}

fn read(register: &Register, row: &QueryResult) -> Result<Row, DbErr> {
    let cells = register.stored().map(|field| {
        let column = field.column;
        Ok(match field.kind.nothing() {
            Cell::Text(_) => Cell::Text(row.try_get("", column)?),
            Cell::Whole(_) => Cell::Whole(row.try_get("", column)?),
            Cell::YesNo(_) => Cell::YesNo(row.try_get("", column)?),
            Cell::Day(_) => Cell::Day(row.try_get::<Option<NaiveDate>>("", column)?),
        })
    });
    Ok(Row { cells: cells.collect::<Result<_, DbErr>>()?, version: row.try_get("", "version")? })
}

/// A question that ends in a list of keys.
pub(super) fn within(db: &impl ConnectionTrait, mut sql: String, keys: &[&str]) -> Statement {
    let backend = db.get_database_backend();
    sql.push('(');
    for number in 1..=keys.len() {
        if number > 1 {
            sql.push_str(", ");
        }
        placeholder(&mut sql, backend, number);
    }
    sql.push(')');
    let values: Vec<Value> = keys.iter().map(|key| (*key).into()).collect();
    Statement::from_sql_and_values(backend, sql, values)
}

/// Whether a column contains a text, whatever the case of its letters.
pub fn contains<C: ColumnTrait>(column: C, text: &str) -> Expr {
    holds(Expr::col(column.as_column_ref()), text)
}

/// The same for whatever is a text.
pub fn holds(whole: Expr, text: &str) -> Expr {
    let like = LikeExpr::new(format!("%{}%", escaped(&text.trim().to_lowercase()))).escape('\\');
    Expr::expr(Func::lower(whole)).like(like)
}

/// What `LIKE` would take for something else.
fn escaped(text: &str) -> String {
    let escape =
        |letter: char| matches!(letter, '%' | '_' | '\\').then_some('\\').into_iter().chain([letter]);
    text.chars().flat_map(escape).collect()
}
