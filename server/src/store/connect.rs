//! Connections: how they are opened and what they may do.

use std::time::Duration;

use log_level::quiet;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, DbErr};

/// How long a writer waits for another process's lock before it says that the database is busy.
const BUSY: Duration = Duration::from_secs(5);
/// Readers side by side, per process.
const READERS: u32 = 4;
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
pub async fn readers(url: &str, writers: &DatabaseConnection) -> Result<DatabaseConnection, DbErr> {
    if writers.get_database_backend() != DbBackend::Sqlite {
        return Ok(writers.clone());
    }
    let mut options = ConnectOptions::new(url);
    quiet(&mut options);
    options.max_connections(READERS).min_connections(1).map_sqlx_sqlite_opts(|sqlite| {
        sqlite.read_only(true).foreign_keys(true).busy_timeout(BUSY).statement_cache_capacity(400)
    });
    Database::connect(options).await
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}
