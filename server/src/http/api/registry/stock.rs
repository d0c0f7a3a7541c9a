//! What the warehouses hold. Stock changes by steps and counts, never by an edit.

use std::collections::BTreeSet;

use aftercare_engine::definition::messages::Permission;
use poem_openapi::param::Query;
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::app::App;
use crate::export::report::Table;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::hidden;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

/// Most levels of one answer, and of one file: a sheet has no more rows.
const MOST: u64 = 1000;
const MOST_IN_FILE: u64 = 1_048_575;

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

/// What kind of file
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum StockFormat {
    Csv,
    Xlsx,
}

/// The file
#[derive(ApiResponse)]
enum File {
    #[oai(status = 200)]
    Whole(Binary<Vec<u8>>, #[oai(header = "Content-Disposition")] String),
}

/// Which levels.
struct Asked {
    warehouse: Option<String>,
    part: Option<String>,
    short: bool,
    most: u64,
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
        let asked = Asked { warehouse: warehouse.0, part: part.0, short: short.0 == Some(true), most: MOST };
        let levels = found(&self.0, &who, &asked).await?;
        let hidden = who.hidden(&self.0);
        Ok(Json(levels.iter().map(|level| seen(level, &hidden)).collect()))
    }

    /// The same as a file, all of it, for another program
    #[oai(path = "/stock/file", method = "get")]
    async fn file(
        &self,
        who: SignedIn,
        format: Query<StockFormat>,
        warehouse: Query<Option<String>>,
        short: Query<Option<bool>>,
    ) -> Result<File, Problem> {
        let short = short.0 == Some(true);
        let asked = Asked { warehouse: warehouse.0, part: None, short, most: MOST_IN_FILE };
        let levels = found(&self.0, &who, &asked).await?;
        let hidden = who.hidden(&self.0);
        let numbers = ["quantity", "value", "cost"];
        let texts = ["warehouse", "part", "currency"];
        let mut table = Table { titles: Vec::new(), rows: Vec::new(), language: who.language };
        // A column that the reader does not see is not there.
        let is_seen = |name: &&str| levels.first().is_none_or(|one| seen(one, &hidden).get(*name).is_some());
        let numbers: Vec<&str> = numbers.into_iter().filter(is_seen).collect();
        table.titles = texts.iter().chain(&numbers).map(|name| (*name).to_owned()).collect();
        for level in &levels {
            let level = seen(level, &hidden);
            let text = |name: &&str| level[*name].as_str().unwrap_or_default().to_owned();
            let number = |name: &&str| text(name).parse().unwrap_or_default();
            table.rows.push((texts.iter().map(text).collect(), numbers.iter().map(number).collect()));
        }
        let (bytes, name) = match format.0 {
            StockFormat::Csv => (table.csv(), "stock.csv"),
            StockFormat::Xlsx => (table.xlsx().map_err(|error| Problem::internal(&error))?, "stock.xlsx"),
        };
        Ok(File::Whole(Binary(bytes), format!("attachment; filename=\"{name}\"")))
    }
}

async fn found(app: &App, who: &SignedIn, asked: &Asked) -> Result<Vec<Level>, Problem> {
    who.may(app, Permission::RegistriesRead)?;
    let currency = currency(app);
    let (warehouse, part) = (asked.warehouse.as_deref(), asked.part.as_deref());
    let rows = app.store.stock(warehouse, part, asked.short, asked.most).await?;
    let levels = rows.into_iter().map(|row| {
        let value = aftercare_engine::ledger::amount::decimal(row.value, &currency);
        let quantity = Decimal::new(row.quantity, 3).normalize();
        let digits = u32::from(currency.minor_digits);
        let cost = value.checked_div(quantity).unwrap_or_default().round_dp(digits);
        Level {
            warehouse: row.warehouse,
            part: row.part,
            quantity: quantity.to_string(),
            value: value.to_string(),
            cost: cost.to_string(),
            currency: currency.code.to_string(),
        }
    });
    Ok(levels.collect())
}

/// What the reader sees of a level.
fn seen(level: &Level, hidden: &BTreeSet<String>) -> Value {
    let mut level = poem_openapi::types::ToJSON::to_json(level).unwrap_or_default();
    hidden::strip_inside(&mut level, "part", hidden);
    // The value tells the cost to whoever can divide.
    if level.get("cost").is_none()
        && let Some(map) = level.as_object_mut()
    {
        map.remove("value");
    }
    level
}
