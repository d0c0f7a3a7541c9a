//! SQLite's one writer: takes all writes that wait, does them in one transaction, answers all once it is durable.
//!
//! Steps are what it is built for: it calls SQLite directly, and is therefore a thread of its own. While the disk
//! makes one transaction durable, the steps that come go into the next, which is committed as soon as the disk is
//! free: nobody waits for the sake of company, and the more come, the more share the disk's time. All other work
//! goes through the ORM, on a second connection that the same thread waits for, so that the two never meet. If we
//! die before a transaction is durable, no caller had an answer; after it, everything is there.

mod flush;
mod others;
mod steps;

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};

use super::direct::{Direct, May};
use super::step::{StepWrite, Written};
use flush::Flusher;
use steps::Open;

use super::{StoreError, connect};

/// Most writes in one transaction.
const BATCH: usize = 64;
/// Most writes that may wait; more callers wait to be let in.
const QUEUE: usize = 1024;

/// Tells a caller what became of its write, once that is durable.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// What work has done, before the commit.
struct Done {
    /// Whether its savepoint is kept.
    keep: bool,
    answer: Answer,
}

/// What comes to the writer.
enum Job {
    /// A step.
    Step(Box<StepWrite>, oneshot::Sender<Result<Written, StoreError>>),
    /// Any other work.
    Work(Work),
    /// From now on answers wait for the disk, or do not.
    Durable(bool, oneshot::Sender<Result<(), StoreError>>),
    /// What was committed last is on the disk.
    Flushed,
    /// Nobody is left who could ask for anything.
    End,
}

/// One caller's work.
type Work = Box<dyn for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Done> + Send>;

/// The way to the writer. It ends with the last clone.
#[derive(Clone)]
pub struct Writer {
    queue: Arc<Queue>,
}

struct Queue {
    jobs: Sender<Job>,
    room: Semaphore,
}

impl Drop for Queue {
    fn drop(&mut self) {
        // A writer that has ended already needs not be told.
        let _ = self.jobs.send(Job::End);
    }
}

impl Writer {
    /// Starts the thread on its two connections to the database at a URL, which is this file.
    pub fn start(orm: DatabaseConnection, url: &str, file: &Path) -> Result<Self, DbErr> {
        let trouble = |error: std::io::Error| DbErr::Conn(RuntimeErr::Internal(error.to_string()));
        let direct = Direct::open(file, May::Write)?;
        let (jobs, waiting) = channel();
        let flusher = Flusher::start(file, jobs.clone()).map_err(trouble)?;
        let (url, runtime) = (url.to_owned(), Handle::current());
        let turn = Turn { direct, orm, url, runtime, flusher, is_durable: true, last: 0 };
        let thread = thread::Builder::new().name("writer".into());
        thread.spawn(move || turn.run(&waiting)).map_err(trouble)?;
        Ok(Self { queue: Arc::new(Queue { jobs, room: Semaphore::new(QUEUE) }) })
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
                // The thread belongs to everybody: what one work does must not end it.
                let result = AssertUnwindSafe(work(transaction)).catch_unwind().await;
                let result = result.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
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
        self.ask(Job::Work(work), answered).await?
    }

    /// Whether answers wait for the disk from now on.
    pub async fn be_durable(&self, durable: bool) -> Result<(), StoreError> {
        let (told, answered) = oneshot::channel();
        self.ask(Job::Durable(durable, told), answered).await?
    }

    /// Writes a step.
    pub async fn step(&self, step: Box<StepWrite>) -> Result<Written, StoreError> {
        let (told, answered) = oneshot::channel();
        self.ask(Job::Step(step, told), answered).await?
    }

    async fn ask<T>(&self, job: Job, answered: oneshot::Receiver<T>) -> Result<T, StoreError> {
        let _room = self.queue.room.acquire().await.map_err(|_| StoreError::Closed)?;
        self.queue.jobs.send(job).map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)
    }
}

/// What the thread works with. Only it uses the connections, one at a time.
struct Turn {
    direct: Direct,
    orm: DatabaseConnection,
    url: String,
    runtime: Handle,
    flusher: Flusher,
    is_durable: bool,
    /// Steps of the last transaction.
    last: usize,
}

impl Turn {
    fn run(mut self, waiting: &Receiver<Job>) {
        let (mut open, mut works) = (Open::default(), Vec::new());
        // Groups of steps that are committed and not yet on the disk.
        let mut flushing = 0;
        loop {
            let is_due = !works.is_empty() || (flushing == 0 && !open.is_empty());
            let job = if is_due { waiting.try_recv().ok() } else { waiting.recv().ok() };
            match job {
                Some(Job::Step(step, told)) => open.add(&self.direct, step, told),
                Some(Job::Work(work)) => works.push(work),
                Some(Job::Flushed) => flushing -= 1,
                Some(Job::Durable(durable, told)) => {
                    flushing += self.finish(&mut open, &mut works);
                    let _ = told.send(self.be_durable(durable));
                }
                None if is_due => flushing += self.finish(&mut open, &mut works),
                Some(Job::End) | None => {
                    self.finish(&mut open, &mut works);
                    return;
                }
            }
            if is_due && open.len() + works.len() >= BATCH {
                flushing += self.finish(&mut open, &mut works);
            }
        }
    }

    /// Commits what is open, then does the other work: the two connections never write at the same time. How many
    /// groups the disk has to see to more than before.
    fn finish(&mut self, open: &mut Open, works: &mut Vec<Work>) -> usize {
        let groups = self.commit(open);
        if !works.is_empty() && !self.runtime.block_on(others::write(&self.orm, std::mem::take(works))) {
            self.renew();
        }
        groups
    }

    /// Opens the ORM's connection anew.
    fn renew(&mut self) {
        match self.runtime.block_on(connect::writers(&self.url)) {
            Ok(orm) => self.orm = orm,
            Err(error) => tracing::warn!(%error, "the writer's connection cannot be opened anew"),
        }
        if let Err(error) = self.be_durable(self.is_durable) {
            tracing::warn!(%error, "how the connection writes cannot be said");
        }
    }

    fn commit(&mut self, open: &mut Open) -> usize {
        // Who comes alone, one after the other, is spared the way to the other thread.
        let (count, last) = (open.len(), self.last);
        let Some(group) = open.commit(&self.direct) else { return 0 };
        self.last = count;
        if !self.is_durable {
            group();
        } else if count == 1 && last == 1 {
            self.flusher.flush_now(group);
        } else {
            self.flusher.flush(group);
            return 1;
        }
        0
    }

    fn be_durable(&mut self, durable: bool) -> Result<(), StoreError> {
        self.is_durable = durable;
        let pragma = if durable { "PRAGMA synchronous = FULL" } else { "PRAGMA synchronous = NORMAL" };
        self.runtime.block_on(self.orm.execute_unprepared(pragma))?;
        if durable {
            self.direct.pragma("PRAGMA wal_checkpoint(TRUNCATE)")?;
        }
        Ok(())
    }
}
