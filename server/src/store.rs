//! The only SQL that writes, one file per aggregate. It knows no rules.
//!
//! SQLite has one writer that commits many waiting writes in one transaction (every caller is answered after the
//! disk has it) and readers of their own; PostgreSQL writes side by side.
//! No write is held open while a rule runs or a message leaves.

pub mod activity;
pub mod backup;
pub mod bundle;
pub mod chain;
pub mod closing;
mod connect;
mod direct;
mod error;
pub mod file;
pub mod history_seal;
pub mod idempotency;
pub mod incident;
mod kept;
pub mod letter;
mod near;
pub mod outbox;
pub mod payment_order;
pub mod read;
mod reader;
pub mod register_file;
pub mod registry;
pub mod run;
pub mod saved_filter;
pub mod setting;
pub mod step;
pub mod stock;
pub mod table;
pub mod task;
pub mod timer;
pub mod visit;
pub mod voucher;
mod writer;
mod writes;

use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, TransactionTrait,
};

pub use error::StoreError;
pub use reader::Reader;
use step::{StepWrite, Written};
use writer::Writer;

/// What work in [`Store::write`] is given; others only pass it on to the store.
pub type Transaction = DatabaseTransaction;

/// The database.
#[derive(Clone)]
pub struct Store {
    readers: Reader,
    near: near::Near,
    watchers: near::Near,
    writers: Writers,
    kept: kept::Kept,
    /// Where the registers stood when this clone began to answer from what is kept; none: it never does.
    seen: Option<i64>,
}

#[derive(Clone)]
enum Writers {
    /// SQLite: one thread.
    One(Writer),
    /// PostgreSQL: a pool.
    Many(DatabaseConnection),
}

impl Store {
    /// Opens the database at a URL (`sqlite://path` or `postgres://…`) and brings it to the present schema.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let writing = connect::writers(url).await?;
        aftercare_migrations::up(&writing).await?;
        let (readers, near) = connect::readers(url, &writing)?;
        let watchers = connect::watchers(url, &near).await?;
        let writers = match connect::file(url)? {
            Some(file) => Writers::One(Writer::start(writing, url, &file)?),
            None => Writers::Many(writing),
        };
        Ok(Self { readers, near, watchers, writers, kept: kept::Kept::default(), seen: None })
    }

    /// For reading only: on SQLite these connections cannot write.
    pub fn reader(&self) -> &Reader {
        &self.readers
    }

    /// Asks the database for nothing, to see whether it answers.
    pub async fn answers(&self) -> Result<(), StoreError> {
        let question = Statement::from_string(self.backend(), "SELECT CAST(1 AS BIGINT)");
        self.watchers.number(question).await?;
        Ok(())
    }

    /// The dialect.
    pub fn backend(&self) -> DbBackend {
        self.readers.get_database_backend()
    }

    /// Does work in a transaction: what it wrote is there for good when this returns `Ok`, and not at all when
    /// it returns `Err`. Work may be started once only and must not wait for anything but the database.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t Transaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        match &self.writers {
            Writers::One(writer) => writer.write(work).await,
            Writers::Many(pool) => {
                let transaction = pool.begin().await.map_err(StoreError::from)?;
                let result = work(&transaction).await;
                let ended = match result {
                    Ok(_) => transaction.commit().await,
                    Err(_) => transaction.rollback().await,
                };
                ended.map_err(StoreError::from)?;
                result
            }
        }
    }

    /// Whether a commit is on the disk before it is answered. Without, a power cut may take the last commits
    /// with it, in their order, but breaks nothing: for making what can be made again.
    pub async fn be_durable(&self, durable: bool) -> Result<(), StoreError> {
        match &self.writers {
            Writers::One(writer) => writer.be_durable(durable).await,
            Writers::Many(_) => Ok(()),
        }
    }

    async fn write_step(&self, step: Box<StepWrite>) -> Result<Written, StoreError> {
        match &self.writers {
            Writers::One(writer) => writer.step(step).await,
            Writers::Many(pool) => Box::pin(write_alone(pool, *step)).await,
        }
    }
}

/// Writes a step in a transaction of its own.
async fn write_alone(pool: &DatabaseConnection, step: StepWrite) -> Result<Written, StoreError> {
    let transaction = pool.begin().await?;
    let result = step::write(&transaction, step).await;
    match result {
        Ok(Written::Done(_)) => transaction.commit().await?,
        _ => transaction.rollback().await?,
    }
    result
}
