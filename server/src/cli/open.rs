//! What commands that work on the store begin with.

use std::sync::Arc;

use aftercare_engine::bundle;
use aftercare_engine::diagnostic::render;

use super::{Failure, files, print};
use crate::app::App;
use crate::backup::private_folder;
use crate::catalog::{Catalog, DeployError};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::demo;
use crate::store::Store;

/// The runtime that everything asynchronous runs on.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::environment)
}

/// The store and the definitions in service. Nothing else is started.
pub async fn app(config: Config) -> Result<App, Failure> {
    if config.database_url.is_none() {
        private_folder(&config.data).map_err(|error| {
            Failure::environment(format!(
                "the data folder `{}` cannot be used: {error}",
                config.data.display()
            ))
        })?;
    }
    let store = Store::open(&config.database())
        .await
        .map_err(|error| Failure::environment(format!("the database cannot be opened: {error}")))?;
    let catalog = Catalog::open(store.clone()).await.map_err(Failure::environment)?;
    let clock = Arc::new(SystemClock::default());
    let app = App { store, catalog: Arc::new(catalog), clock, config: Arc::new(config) };
    app.follow_clock().await.map_err(Failure::environment)?;
    if demo::is_half(&app).await.map_err(Failure::environment)? {
        return Err(Failure::environment(
            "the demo company is not whole: it is being made just now, or that was interrupted and the store \
             must be removed before it is made anew",
        ));
    }
    Ok(app)
}

/// The same for commands that only look at what is there: they make no store.
pub async fn existing(config: Config) -> Result<App, Failure> {
    if config.database_url.is_none() && !config.database_file().is_file() {
        return Err(Failure::environment(format!(
            "there is no store in `{}`; name its folder with --data",
            config.data.display()
        )));
    }
    app(config).await
}

/// Who puts a folder's definitions into service.
pub const SYSTEM: &str = "system";

/// Puts the folder's definitions into service when they differ from those that are. Definitions with errors
/// leave the old ones serving; without old ones there is nothing to serve. What a person has put into service stays.
pub async fn put_into_service(app: &App) -> Result<(), Failure> {
    let folder = &app.config.bundle;
    let has_old = !app.catalog.current().hash().is_empty();
    let files = match files::bundle(folder) {
        Ok(files) => files,
        Err(_) if has_old => return Ok(()),
        Err(failure) => return Err(failure),
    };
    if bundle::hash_of(&files) == app.catalog.current().hash() {
        return Ok(());
    }
    if let Some(by) =
        app.store.bundle_put_by().await.map_err(Failure::environment)?.filter(|by| has_old && by != SYSTEM)
    {
        tracing::warn!(
            "The definitions in service are those that `{by}` put there, not those in `{}`; `aftercare deploy` takes \
             the folder's",
            folder.display()
        );
        return Ok(());
    }
    match app.catalog.deploy(files, SYSTEM, app.clock.now()).await {
        Ok((version, _)) => {
            tracing::debug!(bundle.hash = %version.hash(), "Bundle {} is in service", version.hash());
            Ok(())
        }
        Err(DeployError::Wrong(wrong, found)) => {
            print::problems(&render::short(&found, &wrong.sources));
            if has_old {
                tracing::warn!("The definitions in `{}` have errors; the ones before stay", folder.display());
                return Ok(());
            }
            Err(Failure::environment(format!(
                "the definitions in `{}` have errors; `aftercare check` tells more",
                folder.display()
            )))
        }
        Err(DeployError::Store(error)) => Err(Failure::environment(error)),
    }
}
