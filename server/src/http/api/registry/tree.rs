//! GET /api/devices/{serial}/tree: a pack with what is built into it, found by any of its serials.

use chrono::NaiveDate;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::list::in_reach;
use crate::app::App;
use crate::entity::{device, fitted_part};
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::register::find;

/// Most levels up to the pack.
const DEEPEST: usize = 8;

/// The route.
pub struct Tree(pub App);

/// A unit with what is built into it
#[derive(Debug, Object)]
struct Unit {
    /// The pack's
    serial: String,
    product: String,
    status: String,
    /// Units with a serial of their own that are built into it
    units: Vec<BuiltIn>,
    /// Parts that are or were fitted in it
    components: Vec<Component>,
}

/// A unit that is built into another
#[derive(Debug, Object)]
struct BuiltIn {
    serial: String,
    product: String,
    status: String,
}

/// A part that is or was fitted
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct Component {
    /// Part code
    part: String,
    serial: Option<String>,
    /// Of the part that it replaced
    old_serial: Option<String>,
    fitted_on: NaiveDate,
    /// Absent: it is in it
    removed_on: Option<NaiveDate>,
    /// Last day of its own term
    covered_to: Option<NaiveDate>,
    /// Tracking code of the repair
    ticket: Option<String>,
}

#[OpenApi(tag = "Tag::Registers")]
impl Tree {
    /// A pack with what is built into it, by its own serial or that of anything in it
    #[oai(path = "/devices/:key/tree", method = "get")]
    async fn tree(&self, who: SignedIn, key: Path<String>) -> Result<Json<Unit>, Problem> {
        let devices = find("devices").ok_or_else(Problem::unavailable)?;
        in_reach(&self.0, &who, devices, &key.0).await?;
        let store = &self.0.store;
        let found = store.subject(&key.0).await?;
        let mut pack = found.ok_or_else(|| Problem::not_found("device", key.0.as_str()))?.device;
        for _ in 0..DEEPEST {
            let Some(above) = &pack.parent else { break };
            match store.subject(above).await? {
                Some(above) => pack = above.device,
                None => break,
            }
        }
        let units = store.built_in(&pack.serial).await?.into_iter().map(BuiltIn::from).collect();
        let components = store.components(&pack.serial).await?.into_iter().map(Component::from).collect();
        Ok(Json(Unit { serial: pack.serial, product: pack.product, status: pack.status, units, components }))
    }
}

impl From<device::Model> for BuiltIn {
    fn from(row: device::Model) -> Self {
        Self { serial: row.serial, product: row.product, status: row.status }
    }
}

impl From<fitted_part::Model> for Component {
    fn from(row: fitted_part::Model) -> Self {
        Self {
            part: row.part,
            serial: row.serial,
            old_serial: row.old_serial,
            fitted_on: row.fitted_on,
            removed_on: row.removed_on,
            covered_to: row.covered_to,
            ticket: row.ticket,
        }
    }
}
