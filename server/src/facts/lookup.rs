//! What is known about a device without a ticket: the facts that a look-up by serial decides on.

use std::borrow::Cow;
use std::sync::Arc;

use aftercare_engine::facts::{Map, Value};
use chrono::{DateTime, Utc};

use super::{Names, World, party, subject};
use crate::catalog::Version;
use crate::store::{Store, StoreError};

/// Facts by name; none when there is no such device.
pub async fn of_device(
    store: &Store,
    version: &Version,
    serial: &str,
    now: DateTime<Utc>,
) -> Result<Option<Map>, StoreError> {
    let Some(found) = store.subject(serial).await? else { return Ok(None) };
    let owner = party::find_customer(store, found.device.owner.as_deref()).await?;
    let provision = subject::provision(store, Some(&found.device.serial), version).await?;
    let names = Names::new(store, version);
    let mut world = World::new();
    subject::put(&mut world, &found, provision, &names);
    party::put(&mut world, owner, None, &names);
    let today = version.day(now);
    world.extend(version.rates(today).map(|rates| ("rates".into(), rates)));
    let mut facts: Map = world.into_iter().map(|(name, value)| (name, Arc::unwrap_or_clone(value))).collect();
    facts.insert("now".into(), Value::Time(now));
    facts.insert("today".into(), Value::Date(today));
    Ok(Some(facts))
}

/// A fact for a rule that asks for it by name.
pub fn fact<'v>(facts: &'v Map, name: &str) -> Option<Cow<'v, Value>> {
    facts.get(name).map(Cow::Borrowed)
}
