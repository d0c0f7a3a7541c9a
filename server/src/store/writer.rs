//! SQLite's one writer: takes all writes that wait, does each in a savepoint, commits once, answers all.
//!
//! A lone caller waits for nobody: a batch is what has piled up while the last commit ran, never more.
//! If we die before the commit, no caller had an answer and nothing is there; after it, everything is.

use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};

use super::StoreError;
use super::step::{self, StepWrite, Written};

/// Most writes in one transaction.
const BATCH: usize = 64;
/// Most writes that may wait; more callers wait to be let in.
const QUEUE: usize = 1024;

/// Tells a caller what became of its write, once the commit is known.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// What work has done, before the commit.
struct Done {
    /// Whether its savepoint is kept.
    keep: bool,
    answer: Answer,
}

/// What waits for the writer.
enum Job {
    /// Anything, in a savepoint of its own.
    Work(Work),
    /// A step: written together with the others of the batch.
    Step(Box<StepWrite>, oneshot::Sender<Result<Written, StoreError>>),
    /// A change of how the connection writes, between two transactions.
    Pragma(&'static str, oneshot::Sender<Result<(), StoreError>>),
}

/// One caller's work.
type Work = Box<dyn for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Done> + Send>;

/// The way to the writer task. The task ends with the last clone.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the task on its own connection.
    pub fn start(connection: DatabaseConnection) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(run(connection, waiting));
        Self { queue }
    }

    /// See [`Store::write`](super::Store::write).
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let (told, answered) = oneshot::channel::<Result<T, E>>();
        let work: Work = Box::new(move |transaction| {
            Box::pin(async move {
                let result = work(transaction).await;
                let keep = result.is_ok();
                let answer: Answer = Box::new(move |committed| {
                    let result = match committed {
                        Ok(()) => result,
                        Err(error) => result.and(Err(error.into())),
                    };
                    // A caller that has gone away needs no answer.
                    let _ = told.send(result);
                });
                Done { keep, answer }
            })
        });
        self.queue.send(Job::Work(work)).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Changes how the connection writes from now on.
    pub async fn pragma(&self, text: &'static str) -> Result<(), StoreError> {
        let (told, answered) = oneshot::channel();
        self.queue.send(Job::Pragma(text, told)).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Writes a step.
    pub async fn step(&self, step: StepWrite) -> Result<Written, StoreError> {
        let (told, answered) = oneshot::channel();
        self.queue.send(Job::Step(Box::new(step), told)).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

async fn run(connection: DatabaseConnection, mut waiting: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        for (text, told) in pragmas(&mut batch) {
            let done = connection.execute_unprepared(text).await;
            let _ = told.send(done.map(|_| ()).map_err(StoreError::from));
        }
        if !batch.is_empty() {
            commit(&connection, &mut batch).await;
        }
    }
}

type Pragma = (&'static str, oneshot::Sender<Result<(), StoreError>>);

fn pragmas(batch: &mut Vec<Job>) -> Vec<Pragma> {
    let taken = batch.extract_if(.., |job| matches!(job, Job::Pragma(..)));
    let pragma = |job| if let Job::Pragma(text, told) = job { Some((text, told)) } else { None };
    taken.filter_map(pragma).collect()
}

/// One transaction for the whole batch.
async fn commit(connection: &DatabaseConnection, batch: &mut Vec<Job>) {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = match connection.begin_with_options(immediate).await {
        Ok(transaction) => transaction,
        // Dropped work answers its caller that the store is closed, which passes as "try again".
        Err(error) => return tracing::warn!(%error, writes = batch.drain(..).count(), "no write could begin"),
    };
    if batch.len() == 1
        && let Some(Job::Step(step, told)) = batch.pop_if(|job| matches!(job, Job::Step(..)))
    {
        // A caller that has gone away needs no answer.
        let _ = told.send(finish(transaction, *step).await);
        return;
    }
    let mut answers: Vec<Answer> = Vec::with_capacity(batch.len());
    let done = all(&transaction, batch.drain(..), &mut answers).await;
    let committed = match done {
        Ok(()) => transaction.commit().await,
        Err(error) => transaction.rollback().await.and(Err(error)),
    };
    let committed = committed.map_err(StoreError::from);
    for answer in answers {
        answer(committed.clone());
    }
}

/// One step alone in its transaction, committed only if it was done.
pub(super) async fn finish(transaction: DatabaseTransaction, step: StepWrite) -> Result<Written, StoreError> {
    let result = one(&transaction, step).await;
    match result {
        Ok(Written::Done(_)) => transaction.commit().await?,
        _ => transaction.rollback().await?,
    }
    result
}

async fn one(transaction: &DatabaseTransaction, step: StepWrite) -> Result<Written, StoreError> {
    let mut written = step::write(transaction, vec![step]).await?;
    written.pop().ok_or(StoreError::Closed)
}

async fn all(
    transaction: &DatabaseTransaction,
    batch: impl Iterator<Item = Job>,
    answers: &mut Vec<Answer>,
) -> Result<(), DbErr> {
    let mut steps = Vec::new();
    for job in batch {
        match job {
            Job::Work(work) => answers.push(in_savepoint(transaction, work).await?),
            Job::Step(step, told) => steps.push((*step, told)),
            Job::Pragma(..) => {}
        }
    }
    match steps.len() {
        0 => return Ok(()),
        1 => {}
        _ => {
            let copies = steps.iter().map(|(step, _)| step.clone()).collect();
            if let Some(written) = together(transaction, copies).await? {
                for (result, (_, told)) in written.into_iter().zip(steps) {
                    answers.push(answer(told, Ok(result)));
                }
                return Ok(());
            }
        }
    }
    for (step, told) in steps {
        let result = alone(transaction, step).await?;
        answers.push(answer(told, result));
    }
    Ok(())
}

fn answer<T: Send + 'static>(
    told: oneshot::Sender<Result<T, StoreError>>,
    result: Result<T, StoreError>,
) -> Answer {
    Box::new(move |committed| {
        let result = match committed {
            Ok(()) => result,
            Err(error) => result.and(Err(error)),
        };
        // A caller that has gone away needs no answer.
        let _ = told.send(result);
    })
}

/// Many steps in one savepoint; nothing when they do not go together.
async fn together(
    transaction: &DatabaseTransaction,
    steps: Vec<StepWrite>,
) -> Result<Option<Vec<Written>>, DbErr> {
    let savepoint = transaction.begin().await?;
    match step::write(&savepoint, steps).await {
        Ok(written) => {
            savepoint.commit().await?;
            Ok(Some(written))
        }
        Err(error) => {
            tracing::debug!(%error, "steps are written one by one");
            savepoint.rollback().await?;
            Ok(None)
        }
    }
}

/// One step in its savepoint, kept only if it was done.
async fn alone(
    transaction: &DatabaseTransaction,
    step: StepWrite,
) -> Result<Result<Written, StoreError>, DbErr> {
    let savepoint = transaction.begin().await?;
    let result = one(&savepoint, step).await;
    if matches!(result, Ok(Written::Done(_))) {
        savepoint.commit().await?;
    } else {
        savepoint.rollback().await?;
    }
    Ok(result)
}

async fn in_savepoint(transaction: &DatabaseTransaction, work: Work) -> Result<Answer, DbErr> {
    let savepoint = transaction.begin().await?;
    let done = work(&savepoint).await;
    if done.keep {
        savepoint.commit().await?;
    } else {
        savepoint.rollback().await?;
    }
    Ok(done.answer)
}
