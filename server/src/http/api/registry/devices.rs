//! Devices: the serialised units in the field.

use poem_openapi::Object;
use serde::Deserialize;

use chrono::NaiveDate;

use super::routes::register;
use super::{Entry, Reading, Writing};
use crate::entity::device;

register!(
    /// Devices: the serialised units in the field.
    Devices, Device by serial, "/devices", "/devices/:key", RegistriesWrite
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

    fn write(&self, writing: &mut Writing<'_>) -> device::Model {
        device::Model {
            serial: writing.key("serial", &self.serial),
            product: self.product.clone(),
            status: writing.word("status", &self.status, STATUSES),
            owner: self.owner.clone(),
            parent: self.parent.clone(),
            batch: self.batch.clone(),
            produced_on: self.produced_on,
            sold_on: self.sold_on,
            installed_on: self.installed_on,
            usage: self.usage,
            ..Default::default()
        }
    }
}

const STATUSES: &[&str] = &["in_stock", "sold", "installed", "in_shop", "at_partner", "replaced", "scrapped"];
