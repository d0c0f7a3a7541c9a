//! Short questions on the way to a step: on SQLite they are answered in the thread that asks.
//!
//! A few rows by their key are read sooner than another thread could be told to read them. Lists, sums over many
//! rows and whatever else takes long belong to the [`Reader`](super::Reader), whose threads nobody else needs.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, FromQueryResult, Statement, Value};

use super::direct::{Direct, May};
use super::table::{Row, statement};

/// Where short questions go.
#[derive(Clone)]
pub enum Near {
    /// SQLite.
    Own(Arc<Connections>),
    /// PostgreSQL: its pool.
    Pool(DatabaseConnection),
}

/// As many connections as there are threads that ask at the same time.
pub struct Connections {
    file: PathBuf,
    idle: Mutex<Vec<Direct>>,
}

impl Connections {
    pub fn new(file: PathBuf) -> Self {
        Self { file, idle: Mutex::default() }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Direct>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lends a connection for as long as a question takes.
    fn ask<T>(&self, question: impl FnOnce(&Direct) -> Result<T, DbErr>) -> Result<T, DbErr> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => Direct::open(&self.file, May::Read)?,
        };
        let answer = question(&connection);
        self.idle().push(connection);
        answer
    }
}

impl Near {
    fn backend(&self) -> DbBackend {
        match self {
            Self::Own(_) => DbBackend::Sqlite,
            Self::Pool(pool) => pool.get_database_backend(),
        }
    }

    /// The rows of a table for which something holds, told in SQL from `WHERE` on.
    pub async fn rows<R: Row + FromQueryResult>(
        &self,
        which: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<R>, DbErr> {
        let table = R::table();
        let sql = format!("SELECT {} FROM \"{}\" {which}", table.columns(), table.name);
        self.answer(statement(self.backend(), &sql, values)).await
    }

    /// The first of such rows.
    pub async fn one<R: Row + FromQueryResult>(
        &self,
        which: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Option<R>, DbErr> {
        Ok(self.rows(which, values).await?.into_iter().next())
    }

    /// The rows that a statement finds, which asks for the columns of their table.
    async fn answer<R: Row + FromQueryResult>(&self, statement: Statement) -> Result<Vec<R>, DbErr> {
        match self {
            Self::Own(own) => own.ask(|connection| connection.rows(&statement)),
            Self::Pool(pool) => {
                let rows = pool.query_all_raw(statement).await?;
                rows.iter().map(|row| R::from_query_result(row, "")).collect()
            }
        }
    }

    /// The number in the first row of an answer.
    pub async fn number(&self, statement: Statement) -> Result<Option<i64>, DbErr> {
        match self {
            Self::Own(own) => own.ask(|connection| connection.first_number(&statement)),
            Self::Pool(pool) => {
                let row = pool.query_one_raw(statement).await?;
                row.map(|row| row.try_get_by_index(0)).transpose()
            }
        }
    }
}
