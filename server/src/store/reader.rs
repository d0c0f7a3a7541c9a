//! Connections that only read.
//!
//! SQLite's are lent from here and not from sqlx's pool. That pool asks each connection, whenever it comes back,
//! whether it still lives: a second way to the connection's thread and back for every question. Here nothing can
//! be left over from the question before: these connections hold no transaction, and a question whose asker has
//! gone away ends with its next row.

use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::sqlx::query::Query;
use sea_orm::sqlx::sqlite::{Sqlite, SqliteConnectOptions};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions, Executor, SqliteConnection};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Where reads go.
#[derive(Clone)]
pub enum Reader {
    /// SQLite.
    Own(Arc<Connections>),
    /// PostgreSQL: the pool that also writes.
    Pool(DatabaseConnection),
}

/// A few connections, each opened when it is first needed.
pub struct Connections {
    options: SqliteConnectOptions,
    free: Semaphore,
    idle: Mutex<Vec<SqliteConnection>>,
}

/// A connection that one question has to itself.
struct Lent<'a> {
    home: &'a Connections,
    connection: Option<SqliteConnection>,
    _permit: SemaphorePermit<'a>,
}

impl Connections {
    pub fn new(options: SqliteConnectOptions, most: usize) -> Self {
        Self { options, free: Semaphore::new(most), idle: Mutex::default() }
    }

    async fn lend(&self) -> Result<Lent<'_>, DbErr> {
        let permit = self.free.acquire().await.map_err(|error| DbErr::Custom(error.to_string()))?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.options.connect().await.map_err(|error| DbErr::Conn(runtime(error)))?,
        };
        Ok(Lent { home: self, connection: Some(connection), _permit: permit })
    }
}

impl Lent<'_> {
    fn connection(&mut self) -> Result<&mut SqliteConnection, DbErr> {
        self.connection.as_mut().ok_or_else(|| DbErr::Conn(runtime(sqlx::Error::WorkerCrashed)))
    }

    /// What went wrong; a connection whose thread has ended is not lent again.
    fn failed(&mut self, error: sqlx::Error) -> DbErr {
        if matches!(error, sqlx::Error::WorkerCrashed) {
            self.connection = None;
        }
        DbErr::Query(runtime(error))
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let connection = self.connection.take();
        self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).extend(connection);
    }
}

fn runtime(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(error.into())
}

fn query(statement: Statement) -> Query<'static, Sqlite, SqlxValues> {
    let values = statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

#[async_trait::async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Own(_) => DbBackend::Sqlite,
            Self::Pool(pool) => pool.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let own = match self {
            Self::Own(own) => own,
            Self::Pool(pool) => return pool.execute_raw(statement).await,
        };
        let mut lent = own.lend().await?;
        match query(statement).execute(lent.connection()?).await {
            Ok(done) => Ok(done.into()),
            Err(error) => Err(lent.failed(error)),
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let own = match self {
            Self::Own(own) => own,
            Self::Pool(pool) => return pool.execute_unprepared(sql).await,
        };
        let mut lent = own.lend().await?;
        match lent.connection()?.execute(AssertSqlSafe(sql.to_owned())).await {
            Ok(done) => Ok(done.into()),
            Err(error) => Err(lent.failed(error)),
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let own = match self {
            Self::Own(own) => own,
            Self::Pool(pool) => return pool.query_one_raw(statement).await,
        };
        let mut lent = own.lend().await?;
        match query(statement).fetch_optional(lent.connection()?).await {
            Ok(row) => Ok(row.map(QueryResult::from)),
            Err(error) => Err(lent.failed(error)),
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let own = match self {
            Self::Own(own) => own,
            Self::Pool(pool) => return pool.query_all_raw(statement).await,
        };
        let mut lent = own.lend().await?;
        match query(statement).fetch_all(lent.connection()?).await {
            Ok(rows) => Ok(rows.into_iter().map(QueryResult::from).collect()),
            Err(error) => Err(lent.failed(error)),
        }
    }
}
