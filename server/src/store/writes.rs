//! Where a step is written: SQLite's own connection, called directly, or a transaction of the ORM.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement};

/// Takes the statements of a transaction that somebody else begins and ends.
pub trait Writes: Sync {
    /// The dialect.
    fn backend(&self) -> DbBackend;

    /// Does something; how many rows it changed.
    fn change(&self, statement: Statement) -> impl Future<Output = Result<u64, DbErr>> + Send;

    /// Does something; the number in the first row of its answer.
    fn number(&self, statement: Statement) -> impl Future<Output = Result<Option<i64>, DbErr>> + Send;

    /// Does something; the texts in the first row of its answer, none without one.
    fn texts(&self, statement: Statement) -> impl Future<Output = Result<Vec<String>, DbErr>> + Send;
}

impl Writes for DatabaseTransaction {
    fn backend(&self) -> DbBackend {
        self.get_database_backend()
    }

    async fn change(&self, statement: Statement) -> Result<u64, DbErr> {
        Ok(self.execute_raw(statement).await?.rows_affected())
    }

    async fn number(&self, statement: Statement) -> Result<Option<i64>, DbErr> {
        let row = self.query_one_raw(statement).await?;
        row.map(|row| row.try_get_by_index(0)).transpose()
    }
    async fn texts(&self, statement: Statement) -> Result<Vec<String>, DbErr> {
        let Some(row) = self.query_one_raw(statement).await? else { return Ok(Vec::new()) };
        (0..row.column_names().len()).map(|n| row.try_get_by_index(n)).collect()
    }
}
