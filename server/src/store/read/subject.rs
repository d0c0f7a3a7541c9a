//! A device with everything that hangs on it.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::{card, device, fitted_part, policy, product};
use crate::store::{Store, StoreError};

/// A device, its model and policy, its newest card that is not void, and the parts fitted in it.
#[derive(Clone, Debug)]
pub struct Subject {
    pub device: device::Model,
    pub product: Option<product::Model>,
    pub policy: Option<policy::Model>,
    pub card: Option<card::Model>,
    pub fitted: Vec<fitted_part::Model>,
}

impl Store {
    /// The device with this serial; a component's serial finds the device it is fitted in.
    pub async fn subject(&self, serial: &str) -> Result<Option<Subject>, StoreError> {
        if let Some(subject) = self.own_subject(serial).await? {
            return Ok(Some(subject));
        }
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
        let db = &self.readers;
        let device = device::Entity::find_by_id(serial).one(db);
        let card = card::Entity::find()
            .filter(card::Column::Device.eq(serial))
            .order_by_desc(card::Column::IssuedOn)
            .order_by_desc(card::Column::Number)
            .limit(2)
            .all(db);
        let fitted = fitted_part::Entity::find()
            .filter(fitted_part::Column::Device.eq(serial))
            .filter(fitted_part::Column::RemovedOn.is_null())
            .order_by_asc(fitted_part::Column::Id)
            .all(db);
        let (device, mut cards, fitted) = tokio::try_join!(device, card, fitted)?;
        let Some(device) = device else { return Ok(None) };
        let (product, policy) = self.model(&device.product).await?;
        // A void card counts only when there is no other.
        let valid = cards.iter().position(|card| card.status != "void").unwrap_or(0);
        let card = (!cards.is_empty()).then(|| cards.swap_remove(valid));
        Ok(Some(Subject { device, product, policy, card, fitted }))
    }

    /// A model and its policy.
    pub async fn model(&self, code: &str) -> Result<(Option<product::Model>, Option<policy::Model>), DbErr> {
        let product = product::Entity::find_by_id(code).one(&self.readers).await?;
        let policy = match product.as_ref().and_then(|product| product.policy.as_deref()) {
            Some(code) => policy::Entity::find_by_id(code).one(&self.readers).await?,
            None => None,
        };
        Ok((product, policy))
    }
}
