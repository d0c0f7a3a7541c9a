//! Connections: how they are opened and what they may do.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use log_level::quiet;
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr, RuntimeErr};

use super::reader::{Connections, Reader};

/// How long a writer waits for another process's lock before it says that the database is busy.
const BUSY: Duration = Duration::from_secs(5);
/// Readers side by side, per process.
const READERS: usize = 4;
/// Connections to PostgreSQL, per process.
const POSTGRES: u32 = 16;

mod log_level {
    //! SQL text is not logged: it may hold what customers told us.
    use sea_orm::ConnectOptions;

    pub fn quiet(options: &mut ConnectOptions) {
        options.sqlx_logging(false).record_stmt_in_spans(false).test_before_acquire(false);
    }
}

/// Where writes go. On SQLite one connection: durable (`synchronous=FULL`) and in WAL mode.
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
                .statement_cache_capacity(400)
        });
    } else {
        options.max_connections(POSTGRES).acquire_timeout(BUSY).test_before_acquire(true);
    }
    Database::connect(options).await
}

/// Where reads go. On SQLite connections that cannot write; on PostgreSQL the same pool.
pub fn readers(url: &str, writers: &DatabaseConnection) -> Result<Reader, DbErr> {
    if writers.get_database_backend() != DbBackend::Sqlite {
        return Ok(Reader::Pool(writers.clone()));
    }
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))?;
    let options = options
        .read_only(true)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .statement_cache_capacity(400)
        .disable_statement_logging();
    Ok(Reader::Own(Arc::new(Connections::new(options, READERS))))
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}
