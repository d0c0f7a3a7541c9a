//! Devices: the serialised units in the field.

use poem_openapi::Object;
use sea_orm::ActiveValue::{NotSet, Set};
use serde::Deserialize;

use chrono::NaiveDate;

use super::routes::register_routes;
use super::{Entry, Reading, Writing};
use crate::entity::device;

register_routes!(
    /// Devices: the serialised units in the field.
    Devices,
    Device,
    "/devices",
    "/devices/:key",
    RegistriesWrite
);

/// One serialised unit
#[derive(Clone, Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    pub serial: String,
    /// Model code
    pub product: String,
    /// `in_stock`, `sold`, `installed`, `in_shop`, `at_partner`, `replaced`, `scrapped`
    pub status: String,
    /// Customer code
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub owner: Option<String>,
    /// Serial of the unit this one is built into
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub parent: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub batch: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub produced_on: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub sold_on: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub installed_on: Option<NaiveDate>,
    /// Meter reading
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub usage: Option<i64>,
    /// Which picture of it this is; needed to change it
    #[oai(skip_serializing_if_is_none)]
    #[serde(default)]
    pub version: Option<i64>,
}

impl Entry for Device {
    type Table = device::Entity;
    const THING: &'static str = "device";
    const FACTS: &'static str = "device";

    fn key(&self) -> &str {
        &self.serial
    }

    fn version(&self) -> Option<i64> {
        self.version
    }

    fn read(row: device::Model, _: &Reading<'_>) -> Self {
        Self {
            serial: row.serial,
            product: row.product,
            status: row.status,
            owner: row.owner,
            parent: row.parent,
            batch: row.batch,
            produced_on: row.produced_on,
            sold_on: row.sold_on,
            installed_on: row.installed_on,
            usage: row.usage,
            version: Some(row.version),
        }
    }

    fn write(&self, writing: &mut Writing<'_>) -> device::ActiveModel {
        device::ActiveModel {
            serial: Set(writing.key("serial", &self.serial)),
            product: Set(self.product.clone()),
            status: Set(writing.word("status", &self.status, STATUSES)),
            owner: Set(self.owner.clone()),
            parent: Set(self.parent.clone()),
            batch: Set(self.batch.clone()),
            produced_on: Set(self.produced_on),
            sold_on: Set(self.sold_on),
            installed_on: Set(self.installed_on),
            usage: Set(self.usage),
            repairs: if self.version.is_none() { Set(0) } else { NotSet },
            attributes: NotSet,
            created_at: NotSet,
            updated_at: NotSet,
            version: NotSet,
        }
    }
}

const STATUSES: &[&str] = &["in_stock", "sold", "installed", "in_shop", "at_partner", "replaced", "scrapped"];
