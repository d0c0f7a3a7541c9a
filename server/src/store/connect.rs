//! Connections: how they are opened and what they may do.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use log_level::quiet;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, ConnectOptions as _};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr};

use super::near::{self, Near};
use super::reader::{Connections, Reader};

/// How long a writer waits for another process's lock before it says that the database is busy.
const BUSY: Duration = Duration::from_secs(5);
/// After so many pages the log is folded into the database: each time costs the disk two waits.
pub(super) const FOLDED: &str = "4000";
/// Readers side by side, per process.
const READERS: usize = 4;
/// So much of the file is read where the system keeps it, without a copy of each page; what is beyond it and what is
/// written are not. A page that the disk cannot give ends the process, as one does that it cannot take.
const MAPPED: &str = "2147418112";
/// Connections to PostgreSQL, per process.
const POSTGRES: u32 = 16;
/// How long somebody waits for one of them before being told to come again.
const QUEUED: Duration = Duration::from_secs(2);

mod log_level {
    //! SQL text is not logged: it may hold what customers told us.
    use sea_orm::ConnectOptions;

    pub fn quiet(options: &mut ConnectOptions) {
        options.sqlx_logging(false).record_stmt_in_spans(false).test_before_acquire(false);
    }
}

/// Where the schema is brought up and, on PostgreSQL, where writes go. On SQLite one connection: durable (`synchronous=FULL`) and in WAL mode.
pub async fn writers(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    quiet(&mut options);
    if is_sqlite(url) {
        options.max_connections(1).map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY)
                .pragma("wal_autocheckpoint", FOLDED)
        });
    } else {
        options.max_connections(POSTGRES).acquire_timeout(QUEUED).test_before_acquire(true);
    }
    Database::connect(options).await
}

/// Where reads go, long ones and short ones. On SQLite connections that cannot write; on PostgreSQL the same pool.
pub fn readers(url: &str, writers: &DatabaseConnection) -> Result<(Reader, Near), DbErr> {
    let Some(file) = file(url)? else {
        return Ok((Reader::Pool(writers.clone()), Near::Pool(writers.clone())));
    };
    let options = SqliteConnectOptions::from_str(url).map_err(|error| DbErr::Conn(runtime(error)))?;
    let options = options
        .read_only(true)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .statement_cache_capacity(400)
        .pragma("mmap_size", MAPPED)
        .disable_statement_logging();
    let reader = Reader::Own(Arc::new(Connections::new(options, READERS)));
    Ok((reader, Near::Own(Arc::new(near::Connections::new(file)))))
}

/// Where whoever watches the server asks whether the database answers. On PostgreSQL a connection of its own, opened
/// when it is first needed: with all others in use the server is busy, but it works.
pub async fn watchers(url: &str, near: &Near) -> Result<Near, DbErr> {
    if is_sqlite(url) {
        return Ok(near.clone());
    }
    let mut options = ConnectOptions::new(url);
    quiet(&mut options);
    options.max_connections(1).connect_lazy(true).acquire_timeout(QUEUED).test_before_acquire(true);
    Ok(Near::Pool(Database::connect(options).await?))
}

/// The file of a SQLite database; none for another one.
pub fn file(url: &str) -> Result<Option<PathBuf>, DbErr> {
    if !is_sqlite(url) {
        return Ok(None);
    }
    let options = SqliteConnectOptions::from_str(url).map_err(|error| DbErr::Conn(runtime(error)))?;
    Ok(Some(options.get_filename().to_owned()))
}

fn runtime(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(error.into())
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}
