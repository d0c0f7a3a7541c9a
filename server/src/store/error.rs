//! What can go wrong in the store itself, apart from answers such as "stale".

use sea_orm::sqlx::Error as Driver;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// The database did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("{0}")]
    Database(#[from] DbErr),
    /// A row is not what this program writes.
    #[error("the stored {what} cannot be read: {message}")]
    Corrupt { what: &'static str, message: String },
    /// What is laid down beside the database cannot be written or read.
    #[error("the disk: {0}")]
    Disk(String),
    /// The writer has stopped: the program is ending.
    #[error("the store is closed")]
    Closed,
    /// What was to be written made this program panic; nothing of it is there.
    #[error("the work panicked")]
    Panicked,
}

impl StoreError {
    pub fn corrupt(what: &'static str, message: impl ToString) -> Self {
        Self::Corrupt { what, message: message.to_string() }
    }

    /// A unique value is there already; repeating with another may help.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
            || self.says(&["(code: 1555)", "(code: 2067)"])
    }

    /// A voucher of a day that is closed: the database itself refuses it.
    pub fn is_closed_period(&self) -> bool {
        self.says(&["the period is closed"])
    }

    /// Whether the database's words contain one of these. SQLite tells its codes in them.
    fn says(&self, marks: &[&str]) -> bool {
        let Self::Database(error) = self else { return false };
        let text = error.to_string();
        marks.iter().any(|mark| text.contains(mark))
    }

    /// The row names another that is not there, or others name it.
    pub fn is_reference(&self) -> bool {
        matches!(self, Self::Database(error) if matches!(error.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))))
            || self.says(&["(code: 787)"])
    }

    /// The database is busy or out of reach; the same request may succeed later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Closed | Self::Disk(_) => true,
            Self::Corrupt { .. } | Self::Panicked => false,
            Self::Database(DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) => true,
            Self::Database(DbErr::Exec(error) | DbErr::Query(error)) => {
                is_out_of_reach(error) || self.says(&SQLITE_PASSING)
            }
            Self::Database(_) => false,
        }
    }
}

/// SQLite is busy, locked or full.
const SQLITE_PASSING: [&str; 5] = ["code: 5)", "code: 6)", "code: 13)", "database is locked", "disk is full"];
/// PostgreSQL's classes of passing trouble: the connection, its resources (connections, memory, disk), an operator who
/// ends it or restarts the server, a lock that is not to be had, two transactions that cannot both be.
const POSTGRES_PASSING: [&str; 6] = ["08", "53", "57P", "55P03", "40001", "40P01"];
/// Letters of PostgreSQL's codes; SQLite's are shorter.
const POSTGRES_CODE: usize = 5;

/// Whether the line to the database broke, or PostgreSQL says that it cannot do it now. Who was committing just then
/// does not know what became of it: the same request under the same key finds out.
fn is_out_of_reach(error: &RuntimeErr) -> bool {
    let RuntimeErr::SqlxError(error) = error else { return false };
    match &**error {
        Driver::Io(_) | Driver::Tls(_) | Driver::Protocol(_) => true,
        Driver::PoolTimedOut | Driver::PoolClosed | Driver::WorkerCrashed => true,
        Driver::Database(error) => error.code().is_some_and(|code| {
            code.len() == POSTGRES_CODE && POSTGRES_PASSING.iter().any(|class| code.starts_with(class))
        }),
        _ => false,
    }
}
