//! The definition files that hold: read from a folder, checked, kept by content, compiled once.
//!
//! A ticket stays on the bundle it started with, so older bundles are compiled again from the store when one of
//! their tickets is touched. Deploying is atomic: a bundle with an error never becomes the current one. What one
//! process has put into service, all others on the same store take up a moment later.

mod folder;
mod version;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use aftercare_engine::bundle::{self, Bundle};
use aftercare_engine::diagnostic::Diagnostic;
use chrono::{DateTime, Utc};

pub use folder::read_folder;
pub use version::Version;

use crate::store::{Store, StoreError};

/// All versions that somebody needs.
pub struct Catalog {
    store: Store,
    current: RwLock<Arc<Version>>,
    known: Mutex<BTreeMap<String, Arc<Version>>>,
}

/// Why a bundle is not in service.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    #[error("the definitions have {} findings", .1.len())]
    Wrong(Box<Bundle>, Vec<Diagnostic>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Catalog {
    /// The catalog of a store, with the bundle that is in service; an empty one before the first is deployed.
    pub async fn open(store: Store) -> Result<Self, StoreError> {
        let catalog =
            Self { current: RwLock::new(Arc::new(Version::empty())), known: Mutex::default(), store };
        if let Some(hash) = catalog.store.current_bundle().await? {
            let version = catalog.version(&hash).await?;
            catalog.put_in_service(version);
        }
        Ok(catalog)
    }

    /// The catalog of a store in which this bundle is in service, compiled already.
    pub fn holding(store: Store, version: Arc<Version>) -> Self {
        let known = BTreeMap::from([(version.hash().to_owned(), Arc::clone(&version))]);
        Self { current: RwLock::new(version), known: Mutex::new(known), store }
    }

    /// The bundle that new tickets start with.
    pub fn current(&self) -> Arc<Version> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put_in_service(&self, version: Arc<Version>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = version;
    }

    /// Takes up what another process has put into service since. Whether there was any.
    pub async fn follow(&self) -> Result<bool, StoreError> {
        let before = self.current();
        let Some(hash) = self.store.current_bundle().await?.filter(|hash| hash != before.hash()) else {
            return Ok(false);
        };
        let version = self.version(&hash).await?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // What was deployed here in the meantime is newer than what we have read.
        let is_newer = Arc::ptr_eq(&current, &before);
        if is_newer {
            *current = version;
        }
        Ok(is_newer)
    }

    /// The bundle with this hash, compiled.
    pub async fn version(&self, hash: &str) -> Result<Arc<Version>, StoreError> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(version) = known().get(hash) {
            return Ok(version.clone());
        }
        let files = self.store.bundle_files(hash).await?;
        if files.is_empty() {
            return Err(StoreError::corrupt("bundle", format!("there is no bundle {hash}")));
        }
        let compiled = tokio::task::spawn_blocking(move || Version::of(bundle::load(files).0)).await;
        let version = Arc::new(compiled.map_err(|error| StoreError::corrupt("bundle", error))?);
        known().insert(hash.to_owned(), version.clone());
        Ok(version)
    }

    /// Puts files into service if nothing in them is wrong. Returns the version and its warnings.
    pub async fn deploy(
        &self,
        files: Vec<(String, String)>,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(Arc<Version>, Vec<Diagnostic>), DeployError> {
        let (version, found) = self.compile(files.clone()).await?;
        self.store.deploy_bundle(version.hash(), files, by, at).await?;
        self.take_up(version.clone());
        Ok((version, found))
    }

    /// Compiles and checks files. Returns the version, which is not in service yet, and its warnings.
    pub async fn compile(
        &self,
        files: Vec<(String, String)>,
    ) -> Result<(Arc<Version>, Vec<Diagnostic>), DeployError> {
        let loaded = tokio::task::spawn_blocking(move || {
            let (bundle, mut found) = bundle::load(files);
            found.extend(aftercare_engine::check::all(&bundle));
            (bundle, found)
        })
        .await;
        let (bundle, found) = loaded.map_err(|error| StoreError::corrupt("bundle", error))?;
        if bundle::has_errors(&found) {
            return Err(DeployError::Wrong(Box::new(bundle), found));
        }
        Ok((Arc::new(Version::of(bundle)), found))
    }

    /// Takes up a bundle that the store holds as the one in service.
    pub fn take_up(&self, version: Arc<Version>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(version.hash().to_owned(), version.clone());
        drop(known);
        self.put_in_service(version);
    }
}
