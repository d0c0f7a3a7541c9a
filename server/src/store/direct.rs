//! A connection to SQLite that is called directly: a statement is a function call in the thread that asks.
//!
//! sqlx gives each of its connections a thread, sends every statement there and every row back. That takes longer
//! than the statements of a step, of which there are some twenty. This is for them alone: the few tables that
//! steps read and write, by the columns of [`table`](super::table). It must never be asked anything long.

mod value;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection, OpenFlags};
use sea_orm::{DbBackend, DbErr, RuntimeErr, Statement};

use super::connect::FOLDED;
use super::table::Row;
use super::writes::Writes;

/// How long a writer waits for another process's lock before it says that the database is busy.
const BUSY: Duration = Duration::from_secs(5);
/// Statements kept prepared.
const PREPARED: usize = 200;
/// The writer flushes its log itself. Its pages fit in memory (16 MB): none is written before the commit.
const WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384";

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    Read,
    /// Whoever commits sees to it that the disk has it.
    Write,
}

/// The connection. The lock is for the compiler: whoever has one has it alone.
pub struct Direct(Mutex<Connection>);

impl Direct {
    /// Opens a database that is there.
    pub fn open(file: &Path, may: May) -> Result<Self, DbErr> {
        let access = match may {
            May::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
            May::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        let open = || {
            let connection = Connection::open_with_flags(file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            connection.set_prepared_statement_cache_capacity(PREPARED);
            connection.busy_timeout(BUSY)?;
            connection.execute_batch("PRAGMA foreign_keys = ON")?;
            // A statement stays as it was planned: otherwise each new value may have it planned anew.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            if may == May::Write {
                connection.execute_batch(WRITER)?;
                connection.execute_batch(&format!("PRAGMA wal_autocheckpoint = {FOLDED}"))?;
            }
            Ok(connection)
        };
        let connection = open().map_err(|error| DbErr::Conn(told(&error)))?;
        Ok(Self(Mutex::new(connection)))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A statement that was given up is reset before it is used again.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what has no values and no answer that matters, such as `BEGIN`.
    pub fn say(&self, text: &str) -> Result<(), DbErr> {
        let connection = self.connection();
        let say = || connection.prepare_cached(text)?.raw_query().next().map(drop);
        say().map_err(|error| DbErr::Exec(told(&error)))
    }

    /// Whether what was begun is still open: after some failures SQLite undoes it all by itself.
    pub fn is_in_transaction(&self) -> bool {
        !self.connection().is_autocommit()
    }

    /// Changes how the connection works. SQLite does so when it reads the text: a kept statement would do nothing.
    pub fn pragma(&self, text: &str) -> Result<(), DbErr> {
        self.connection().execute_batch(text).map_err(|error| DbErr::Exec(told(&error)))
    }

    /// All rows of an answer whose columns are those of the row's table.
    pub fn rows<R: Row>(&self, statement: &Statement) -> Result<Vec<R>, DbErr> {
        let connection = self.connection();
        let ask = || {
            let mut prepared = prepared(&connection, statement)?;
            let mut rows = prepared.raw_query();
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(R::read(row)?);
            }
            Ok(all)
        };
        ask().map_err(|error| DbErr::Query(told(&error)))
    }

    /// The number in the first row of an answer.
    pub fn first_number(&self, statement: &Statement) -> Result<Option<i64>, DbErr> {
        self.first(statement, |row| row.get(0))
    }

    /// What stands in the first row of an answer. All of it is done, whatever it is.
    fn first<T>(
        &self,
        statement: &Statement,
        read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, DbErr> {
        let connection = self.connection();
        let ask = || {
            let mut prepared = prepared(&connection, statement)?;
            let mut rows = prepared.raw_query();
            let first = rows.next()?.map(&read).transpose()?;
            while rows.next()?.is_some() {}
            Ok(first)
        };
        ask().map_err(|error| DbErr::Query(told(&error)))
    }
}

impl Writes for Direct {
    fn backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn change(&self, statement: Statement) -> Result<u64, DbErr> {
        let connection = self.connection();
        let changed = prepared(&connection, &statement).and_then(|mut prepared| prepared.raw_execute());
        changed.map(|rows| rows as u64).map_err(|error| DbErr::Exec(told(&error)))
    }

    async fn number(&self, statement: Statement) -> Result<Option<i64>, DbErr> {
        self.first_number(&statement)
    }

    async fn texts(&self, statement: Statement) -> Result<Vec<String>, DbErr> {
        let texts = self.first(&statement, |row| {
            (0..row.as_ref().column_count()).map(|n| row.get(n)).collect::<rusqlite::Result<_>>()
        })?;
        Ok(texts.unwrap_or_default())
    }
}

fn prepared<'c>(connection: &'c Connection, statement: &Statement) -> rusqlite::Result<CachedStatement<'c>> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    for (n, value) in (1..).zip(statement.values.iter().flat_map(|values| &values.0)) {
        prepared.raw_bind_parameter(n, value::bound(value)?)?;
    }
    Ok(prepared)
}

/// The error with its code, in the words in which sqlx tells it.
fn told(error: &rusqlite::Error) -> RuntimeErr {
    let text = match error {
        rusqlite::Error::SqliteFailure(code, message) => {
            let message = message.clone().unwrap_or_else(|| code.to_string());
            format!("error returned from database: (code: {}) {message}", code.extended_code)
        }
        other => other.to_string(),
    };
    RuntimeErr::Internal(text)
}
