//! SQLite's one writer: takes all writes that wait, does them in one transaction, answers all after its commit.
//!
//! Steps are what it is built for: it calls SQLite directly, and is therefore a thread of its own, which waits for
//! the disk and for nobody else. All other work goes through the ORM, on a second connection that the same thread
//! waits for, so that the two never meet. A lone caller waits for nobody. If we die before the commit, no caller
//! had an answer and nothing is there; after it, everything is.

use std::path::Path;
use std::thread;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::StoreError;
use super::direct::{Direct, May};
use super::step::{self, StepWrite, Written};

/// Most writes in one transaction.
const BATCH: usize = 64;
/// Most writes that may wait; more callers wait to be let in.
const QUEUE: usize = 1024;

/// How far apart steps may come to be awaited for the same transaction.
const APART: Duration = Duration::from_millis(1);

const BEGIN: &str = "BEGIN IMMEDIATE";

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
    /// A step.
    Step(Box<StepWrite>, oneshot::Sender<Result<Written, StoreError>>),
    /// Any other work.
    Work(Work),
    /// A change of how the connections write, between two transactions.
    Pragma(&'static str, oneshot::Sender<Result<(), StoreError>>),
}

/// One caller's work.
type Work = Box<dyn for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Done> + Send>;

/// The way to the writer. It ends with the last clone.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the thread on its two connections.
    pub fn start(orm: DatabaseConnection, file: &Path) -> Result<Self, DbErr> {
        let connections = Connections { direct: Direct::open(file, May::Write)?, orm };
        let (queue, waiting) = mpsc::channel(QUEUE);
        let runtime = Handle::current();
        let thread = thread::Builder::new().name("writer".into());
        thread
            .spawn(move || runtime.block_on(run(&connections, waiting)))
            .map_err(|error| DbErr::Conn(RuntimeErr::Internal(error.to_string())))?;
        Ok(Self { queue })
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

    /// Changes how the connections write from now on.
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

/// For steps, and for all other work. Only the thread uses them, one at a time.
struct Connections {
    direct: Direct,
    orm: DatabaseConnection,
}

async fn run(connections: &Connections, mut waiting: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut last = 0;
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let mut steps = Vec::new();
        let mut others = Vec::new();
        sort(batch.drain(..), &mut steps, &mut others);
        if !steps.is_empty() {
            last = write_steps(&connections.direct, steps, &mut waiting, last, &mut others).await;
        }
        do_others(connections, others).await;
    }
}

type Step = (Box<StepWrite>, oneshot::Sender<Result<Written, StoreError>>);

fn sort(jobs: impl IntoIterator<Item = Job>, steps: &mut Vec<Step>, others: &mut Vec<Job>) {
    for job in jobs {
        match job {
            Job::Step(step, told) => steps.push((step, told)),
            other => others.push(other),
        }
    }
}

/// One transaction for all steps that wait, and for those that come while it is open; how many they were.
///
/// As many as were in the last transaction are awaited, as long as they come one upon the other: their callers
/// have just been answered and come back with their next step. Who is alone therefore waits for nobody.
async fn write_steps(
    connection: &Direct,
    mut steps: Vec<Step>,
    waiting: &mut mpsc::Receiver<Job>,
    last: usize,
    others: &mut Vec<Job>,
) -> usize {
    if let Err(error) = connection.say(BEGIN) {
        answer(steps, Err(error));
        return 0;
    }
    let mut results = Results::new();
    let mut go_together = together(connection, &steps, &mut results).await;
    while go_together
        && steps.len() < last.min(BATCH)
        && let Ok(Some(job)) = timeout(APART, waiting.recv()).await
    {
        sort([job], &mut steps, others);
        go_together = together(connection, &steps, &mut results).await;
    }
    let done = if go_together {
        connection.say("COMMIT").inspect_err(|_| undo(connection)).map(|()| results)
    } else {
        undo(connection);
        one_by_one(connection, &steps).await
    };
    let count = steps.len();
    answer(steps, done);
    count
}

type Results = Vec<Result<Written, StoreError>>;

fn answer(steps: Vec<Step>, done: Result<Results, DbErr>) {
    match done {
        Ok(results) => {
            for (result, (_, told)) in results.into_iter().zip(steps) {
                // A caller that has gone away needs no answer.
                let _ = told.send(result);
            }
        }
        Err(error) => {
            let error = StoreError::from(error);
            for (_, told) in steps {
                let _ = told.send(Err(error.clone()));
            }
        }
    }
}

/// Writes the steps that have no result yet. False: one cannot be done, and all must be undone. There are no
/// savepoints here, for which SQLite would copy every page before it is changed.
async fn together(connection: &Direct, steps: &[Step], results: &mut Results) -> bool {
    for (step, _) in steps.iter().skip(results.len()) {
        match step::write(connection, (**step).clone()).await {
            Ok(done @ Written::Done(_)) => results.push(Ok(done)),
            other => {
                tracing::debug!(?other, "the steps are written one by one");
                return false;
            }
        }
    }
    true
}

/// Each step in a savepoint that is kept only if it was done.
async fn one_by_one(connection: &Direct, steps: &[Step]) -> Result<Results, DbErr> {
    connection.say(BEGIN)?;
    let mut results = Results::new();
    let mut ended = Ok(());
    for (step, _) in steps {
        ended = ended.and_then(|()| connection.say("SAVEPOINT step"));
        let result = step::write(connection, (**step).clone()).await;
        if !matches!(result, Ok(Written::Done(_))) {
            ended = ended.and_then(|()| connection.say("ROLLBACK TO step"));
        }
        ended = ended.and_then(|()| connection.say("RELEASE step"));
        results.push(result);
    }
    ended.and_then(|()| connection.say("COMMIT")).inspect_err(|_| undo(connection))?;
    Ok(results)
}

fn undo(connection: &Direct) {
    // After some failures SQLite has done so already.
    if let Err(error) = connection.say("ROLLBACK") {
        tracing::debug!(%error, "nothing was left to undo");
    }
}

/// Changes of the connections first, then one transaction for all other work, each in a savepoint.
async fn do_others(connections: &Connections, others: Vec<Job>) {
    let mut works = Vec::new();
    for job in others {
        match job {
            Job::Work(work) => works.push(work),
            Job::Pragma(text, told) => {
                let direct = connections.direct.pragma(text);
                let orm = connections.orm.execute_unprepared(text).await.map(drop);
                let _ = told.send(direct.and(orm).map_err(StoreError::from));
            }
            Job::Step(..) => {}
        }
    }
    if !works.is_empty() {
        do_works(&connections.orm, works).await;
    }
}

async fn do_works(connection: &DatabaseConnection, works: Vec<Work>) {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = match connection.begin_with_options(immediate).await {
        Ok(transaction) => transaction,
        // Dropped work answers its caller that the store is closed, which passes as "try again".
        Err(error) => return tracing::warn!(%error, writes = works.len(), "no write could begin"),
    };
    let mut answers: Vec<Answer> = Vec::with_capacity(works.len());
    let committed = match each_in_savepoint(&transaction, works, &mut answers).await {
        Ok(()) => transaction.commit().await,
        Err(error) => transaction.rollback().await.and(Err(error)),
    };
    let committed = committed.map_err(StoreError::from);
    for answer in answers {
        answer(committed.clone());
    }
}

async fn each_in_savepoint(
    transaction: &DatabaseTransaction,
    works: Vec<Work>,
    answers: &mut Vec<Answer>,
) -> Result<(), DbErr> {
    for work in works {
        let savepoint = transaction.begin().await?;
        let done = work(&savepoint).await;
        if done.keep {
            savepoint.commit().await?;
        } else {
            savepoint.rollback().await?;
        }
        answers.push(done.answer);
    }
    Ok(())
}
