//! What every part of a running server shares: store, definitions, clock, settings.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::Store;

/// Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub catalog: Arc<Catalog>,
    pub clock: Arc<dyn Clock>,
    pub config: Arc<Config>,
}
