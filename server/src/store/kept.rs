//! Register entries that were read before, kept as long as no register has changed.
//!
//! Every change of a register moves one number in the database on, in the same transaction and by triggers, so
//! that it moves whoever writes: this server, another one, or a person with a database tool. Whoever wants to
//! use what is kept reads that number first. It never answers for longer than the number stands still, and it
//! keeps only what was found.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{DbErr, Statement};

use super::{Store, StoreError};

/// Most entries; then it starts anew.
const MOST: usize = 20_000;

type Entry = Arc<dyn Any + Send + Sync>;

/// What is kept, shared by all clones of a store.
#[derive(Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Shelf>>);

#[derive(Default)]
struct Shelf {
    /// Where the registers stood when the entries were read.
    revision: i64,
    entries: HashMap<(&'static str, String), Entry>,
}

impl Kept {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // Nothing is ever left half done on it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, revision: i64, key: &(&'static str, String)) -> Option<Entry> {
        let mut shelf = self.shelf();
        if shelf.revision < revision {
            *shelf = Shelf { revision, entries: HashMap::new() };
        }
        if shelf.revision == revision { shelf.entries.get(key).cloned() } else { None }
    }

    /// Keeps what was read after the registers stood at `revision`: it may be newer, never older.
    fn put(&self, revision: i64, key: (&'static str, String), entry: Entry) {
        let mut shelf = self.shelf();
        if shelf.revision == revision {
            if shelf.entries.len() >= MOST {
                shelf.entries.clear();
            }
            shelf.entries.insert(key, entry);
        }
    }
}

impl Store {
    /// The same store, which from now on may answer from what it has kept: for one request or step, not longer.
    pub async fn as_of_now(&self) -> Result<Self, StoreError> {
        if self.seen.is_some() {
            return Ok(self.clone());
        }
        let asked = Statement::from_string(self.backend(), "SELECT revision FROM register_revision");
        Ok(Self { seen: self.near.number(asked).await?, ..self.clone() })
    }

    /// The same store without that licence, for a further try.
    pub fn afresh(&self) -> Self {
        Self { seen: None, ..self.clone() }
    }

    /// Reads an entry anew when it is asked for next.
    pub(super) fn forget(&self, register: &'static str, code: &str) {
        self.kept.shelf().entries.remove(&(register, code.to_owned()));
    }

    /// An entry of a register, from what is kept or read now. The question is only put together when it is asked.
    pub(super) async fn kept<T: Send + Sync + 'static, R>(
        &self,
        register: &'static str,
        code: impl Into<String>,
        read: impl FnOnce() -> R,
    ) -> Result<Option<Arc<T>>, DbErr>
    where
        R: Future<Output = Result<Option<T>, DbErr>>,
    {
        let Some(seen) = self.seen else { return Ok(Box::pin(read()).await?.map(Arc::new)) };
        let key = (register, code.into());
        if let Some(entry) = self.kept.find(seen, &key).and_then(|entry| entry.downcast::<T>().ok()) {
            return Ok(Some(entry));
        }
        // Rarely needed and large: it has no part in what every question is.
        let found = Box::pin(read()).await?.map(Arc::new);
        if let Some(found) = &found {
            self.kept.put(seen, key, found.clone());
        }
        Ok(found)
    }

    /// What is made of register entries alone, kept as long as they stand. `of` names them, and whatever else it
    /// is made by.
    pub fn made<T: Send + Sync + 'static>(
        &self,
        what: &'static str,
        of: String,
        make: impl FnOnce() -> T,
    ) -> Arc<T> {
        let Some(seen) = self.seen else { return Arc::new(make()) };
        let key = (what, of);
        if let Some(made) = self.kept.find(seen, &key).and_then(|entry| entry.downcast::<T>().ok()) {
            return made;
        }
        let made = Arc::new(make());
        self.kept.put(seen, key, made.clone());
        made
    }
}
