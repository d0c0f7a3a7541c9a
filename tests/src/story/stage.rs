//! What all stories share: the schema and the definitions in force, made once and copied for each.

use std::path::Path;
use std::sync::Arc;

use aftercare::app::App;
use aftercare::catalog::{Catalog, Version};
use aftercare::clock::StandingClock;
use aftercare::config::Config;
use aftercare::store::Store;
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::world::{World, definitions};

/// Longer than any story.
const YEARS: std::time::Duration = std::time::Duration::from_secs(20 * 366 * 86_400);

/// A store with the repository's definitions and nothing else.
pub struct Stage {
    pub version: Arc<Version>,
    store: Store,
    _folder: tempfile::TempDir,
}

impl Stage {
    pub async fn build() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&config(folder.path()).database()).await.expect("a store");
        let catalog = Catalog::open(store.clone()).await.expect("a catalog");
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let deployed = catalog.deploy(definitions(), "test", at).await;
        let (version, _) = deployed.expect("definitions without errors");
        Self { version, store, _folder: folder }
    }

    /// A server on a copy of it, with a clock that stands at a moment.
    pub async fn open(&self, now: DateTime<Utc>) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let config = config(folder.path());
        let copy = format!("VACUUM INTO '{}'", config.database_file().display());
        self.store.reader().execute_unprepared(&copy).await.expect("a copy");
        let store = Store::open(&config.database()).await.expect("a store");
        let catalog = Arc::new(Catalog::holding(store.clone(), Arc::clone(&self.version)));
        let clock = Arc::new(StandingClock::at(now));
        World::serve(App { store, catalog, clock, config: Arc::new(config) }, folder)
    }
}

fn config(folder: &Path) -> Config {
    let mut config = Config { data: folder.to_owned(), demo: false, ..Config::default() };
    config.sessions.token = YEARS;
    config.sessions.idle = YEARS;
    config.sessions.absolute = YEARS;
    config
}
