//! What the warehouses hold. Stock changes by steps and counts, never by an edit.

use aftercare_engine::definition::messages::Permission;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::app::App;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::hidden;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

/// Most levels of one answer.
const MOST: u64 = 1000;

/// Stock levels.
pub struct Stock(pub App);

/// What a warehouse holds of a part
#[derive(Debug, Object)]
pub struct Level {
    warehouse: String,
    part: String,
    /// A decimal number
    quantity: String,
    /// Its value in major units; not everybody sees it
    value: String,
    /// Moving average cost of one; not everybody sees it
    cost: String,
    currency: String,
}

#[OpenApi(tag = "Tag::Registers")]
impl Stock {
    /// Stock levels by warehouse and part
    #[oai(path = "/stock", method = "get")]
    async fn levels(
        &self,
        who: SignedIn,
        warehouse: Query<Option<String>>,
        part: Query<Option<String>>,
        /// Only what is below the part's minimum level: somebody should order
        short: Query<Option<bool>>,
    ) -> Result<Json<Vec<Value>>, Problem> {
        who.may(&self.0, Permission::RegistriesRead)?;
        let (currency, hidden) = (currency(&self.0), who.hidden(&self.0));
        let rows = self
            .0
            .store
            .stock(warehouse.0.as_deref(), part.0.as_deref(), short.0 == Some(true), MOST)
            .await?;
        let levels = rows.into_iter().map(|row| {
            let value = aftercare_engine::ledger::amount::decimal(row.value, &currency);
            let quantity = Decimal::new(row.quantity, 3).normalize();
            let digits = u32::from(currency.minor_digits);
            let cost = value.checked_div(quantity).unwrap_or_default().round_dp(digits);
            let level = Level {
                warehouse: row.warehouse,
                part: row.part,
                quantity: quantity.to_string(),
                value: value.to_string(),
                cost: cost.to_string(),
                currency: currency.code.to_string(),
            };
            let mut level = poem_openapi::types::ToJSON::to_json(&level).unwrap_or_default();
            hidden::strip_inside(&mut level, "part", &hidden);
            // The value tells the cost to whoever can divide.
            if level.get("cost").is_none()
                && let Some(map) = level.as_object_mut()
            {
                map.remove("value");
            }
            level
        });
        Ok(Json(levels.collect()))
    }
}
