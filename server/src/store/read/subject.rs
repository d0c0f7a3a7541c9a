//! A device with everything that hangs on it.

use std::sync::Arc;

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{card, device, fitted_part, policy, product};
use crate::store::table::statement;
use crate::store::{Store, StoreError};

/// What a unit is that has not left us.
const IN_STOCK: &str = "in_stock";

/// A device, its model and policy, its newest card that is not void, and the parts fitted in it.
#[derive(Clone, Debug)]
pub struct Subject {
    pub device: device::Model,
    pub product: Option<Arc<product::Model>>,
    pub policy: Option<Arc<policy::Model>>,
    pub card: Option<card::Model>,
    pub fitted: Vec<fitted_part::Model>,
    /// A unit of the same model whose maker's warranty ends earlier, while both are in stock.
    pub earlier: Option<String>,
}

impl Store {
    /// The device with this serial; a component's serial finds the device it is fitted in.
    pub async fn subject(&self, serial: &str) -> Result<Option<Subject>, StoreError> {
        match self.own_subject(serial).await? {
            Some(subject) => Ok(Some(subject)),
            None => Box::pin(self.subject_around(serial)).await,
        }
    }

    /// The device that this component is fitted in.
    async fn subject_around(&self, serial: &str) -> Result<Option<Subject>, StoreError> {
        let component = fitted_part::Entity::find()
            .filter(fitted_part::Column::Serial.eq(serial))
            .filter(fitted_part::Column::RemovedOn.is_null())
            .one(&self.readers)
            .await?;
        match component {
            Some(component) => self.own_subject(&component.device).await,
            None => Ok(None),
        }
    }

    async fn own_subject(&self, serial: &str) -> Result<Option<Subject>, StoreError> {
        let key = || [serial.into()];
        let (device, cards, fitted) = tokio::try_join!(
            self.near.one::<device::Model>("WHERE serial = ?", key()),
            self.near.rows::<card::Model>("WHERE device = ? ORDER BY issued_on DESC, number DESC", key()),
            self.near.rows("WHERE device = ? AND removed_on IS NULL ORDER BY id", key()),
        )?;
        let Some(device) = device else { return Ok(None) };
        let (product, policy) = self.model(&device.product).await?;
        // A void card counts only when there is no other.
        let valid = cards.iter().position(|card| card.status != "void").unwrap_or(0);
        let card = cards.into_iter().nth(valid);
        let earlier = match device.status == IN_STOCK {
            true => Box::pin(self.earlier(&device.serial)).await?,
            false => None,
        };
        Ok(Some(Subject { device, product, policy, card, fitted, earlier }))
    }

    /// The unit that should leave the stock before this one.
    async fn earlier(&self, serial: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT other.serial FROM device AS own JOIN device AS other ON other.product = own.product
                   WHERE own.serial = ? AND other.status = ? AND other.covered_to < own.covered_to
                   ORDER BY other.covered_to, other.serial LIMIT 1";
        let question = statement(self.backend(), sql, [serial.into(), IN_STOCK.into()]);
        let row = self.readers.query_one_raw(question).await?;
        Ok(row.map(|row| row.try_get("", "serial")).transpose()?)
    }

    /// A model and its policy.
    pub async fn model(
        &self,
        code: &str,
    ) -> Result<(Option<Arc<product::Model>>, Option<Arc<policy::Model>>), DbErr> {
        let product =
            self.kept("product", code, || product::Entity::find_by_id(code).one(&self.readers)).await?;
        let policy = match product.as_ref().and_then(|product| product.policy.as_deref()) {
            Some(code) => {
                self.kept("policy", code, || policy::Entity::find_by_id(code).one(&self.readers)).await?
            }
            None => None,
        };
        Ok((product, policy))
    }
}

impl Store {
    /// Serials of the units built into this one.
    pub async fn built_in(&self, serial: &str) -> Result<Vec<device::Model>, StoreError> {
        let query = device::Entity::find().filter(device::Column::Parent.eq(serial));
        Ok(query.order_by_asc(device::Column::Serial).all(&self.readers).await?)
    }

    /// Parts that are or were fitted in a unit, the oldest first; asked for by a component's serial, those with it.
    pub async fn components(&self, serial: &str) -> Result<Vec<fitted_part::Model>, StoreError> {
        let named = Condition::any()
            .add(fitted_part::Column::Device.eq(serial))
            .add(fitted_part::Column::Serial.eq(serial));
        let query = fitted_part::Entity::find().filter(named).order_by_asc(fitted_part::Column::Id);
        Ok(query.all(&self.readers).await?)
    }
}
