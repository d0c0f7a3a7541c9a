//! What is known about a device without a ticket: the facts that a look-up by serial decides on.

use std::borrow::Cow;

use aftercare_engine::facts::{Map, Value, shape};
use chrono::{DateTime, Utc};

use super::{Names, party, subject};
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
    let currency = version.currency();
    let names = Names { language: version.language(), currency: &currency };
    let mut world = Map::new();
    subject::put(&mut world, &found, provision, &names);
    party::put(&mut world, owner, None, &names);
    let today = version.day(now);
    if let Some(company) = version.company() {
        world.insert("rates".into(), company.rates(today));
    }
    world.insert("now".into(), Value::Time(now));
    world.insert("today".into(), Value::Date(today));
    let decoded = world.into_iter().map(|(name, value)| {
        let kind = shape::WORLD.iter().find(|entry| entry.name == &*name).map(|entry| entry.kind);
        let value = kind.map_or(value.clone(), |kind| kind.decode(value));
        (name, value)
    });
    Ok(Some(decoded.collect()))
}

/// A fact for a rule that asks for it by name.
pub fn fact<'v>(facts: &'v Map, name: &str) -> Option<Cow<'v, Value>> {
    facts.get(name).map(Cow::Borrowed)
}
