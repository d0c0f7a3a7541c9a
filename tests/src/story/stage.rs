//! What all stories share: the schema and the definitions in force, made once and copied for each.

use std::path::Path;
use std::sync::Arc;

use aftercare::app::App;
use aftercare::catalog::{Catalog, Version};
use aftercare::clock::StandingClock;
use aftercare::config::{Config, Secret};
use aftercare::store::Store;
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::database::{self, Fresh};
use crate::world::{World, definitions};

/// Longer than any story.
const YEARS: std::time::Duration = std::time::Duration::from_secs(20 * 366 * 86_400);

/// A database with the repository's definitions and nothing else.
pub struct Stage {
    pub version: Arc<Version>,
    url: String,
    fresh: Fresh,
}

impl Stage {
    /// On SQLite.
    pub async fn build() -> Self {
        Self::on(database::sqlite().await).await
    }

    /// One for each engine that can be had here.
    pub async fn each() -> Vec<Self> {
        let mut all = Vec::new();
        for fresh in database::each().await {
            all.push(Self::on(fresh).await);
        }
        all
    }

    async fn on(fresh: Fresh) -> Self {
        let catalog = Catalog::open(fresh.store.clone()).await.expect("a catalog");
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let deployed = catalog.deploy(definitions(), "test", at).await;
        let (version, _) = deployed.expect("definitions without errors");
        Self { version, url: fresh.url.clone(), fresh }
    }

    /// A server on a copy of it, with a clock that stands at a moment.
    pub async fn open(&self, now: DateTime<Utc>) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = config(folder.path());
        if self.url.starts_with("sqlite:") {
            let copy = format!("VACUUM INTO '{}'", config.database_file().display());
            self.fresh.raw.execute_unprepared(&copy).await.expect("a copy");
        } else {
            config.database_url = Some(Secret::new(database::copied(&self.url).await));
        }
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
