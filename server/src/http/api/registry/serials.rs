//! POST /api/products/{code}/serials: new units of a model, with serials one after the other by its pattern.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{asking, refused, show};
use crate::app::App;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Made, Stop, once};
use crate::http::problem::{FieldError, Problem};
use crate::http::signed_in::SignedIn;
use crate::register::check::{Asking, Draft, Entry, check};
use crate::register::{Register, enter, find};
use crate::store::Transaction;
use crate::store::registry::{existing, serial};

/// Most units at once.
const MOST: i64 = 10_000;
/// Units that are checked together.
const PIECE: usize = 500;

/// The route.
pub struct Serials(pub App);

/// How many units, and what they have in common
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Making {
    /// 1 to 10000
    pub count: i64,
    /// `in_stock` if left out
    #[oai(default)]
    #[serde(default)]
    pub status: Option<String>,
    #[oai(default)]
    #[serde(default)]
    pub batch: Option<String>,
    #[oai(default)]
    #[serde(default)]
    pub produced_on: Option<NaiveDate>,
}

/// Units that were made
#[derive(Debug, Object)]
pub struct NewSerials {
    count: i64,
    first: String,
    last: String,
    serials: Vec<String>,
}

#[OpenApi(tag = "Tag::Registers")]
impl Serials {
    /// New units of a model, with serials one after the other
    ///
    /// A serial is the model's prefix, a number of its width, and its suffix. Serials that are there already, from a
    /// file or by hand, are passed over.
    #[oai(path = "/products/:key/serials", method = "post")]
    pub async fn make(
        &self,
        who: SignedIn,
        key: Path<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Making>,
    ) -> Result<Made<NewSerials>, Problem> {
        let request = once_key.request(&who.caller, &body.hash);
        let making = body.value;
        if !(1..=MOST).contains(&making.count) {
            let values = vec![("least", "1".to_owned()), ("most", MOST.to_string())];
            return Err(Problem::fields(vec![FieldError::new("count", "field-between", values)]));
        }
        let registers = (find("products"), find("devices"));
        let (Some(products), Some(devices)) = registers else { return Err(Problem::unavailable()) };
        let pattern = Pattern::of(&show::find(&self.0, products, &key.0).await?)?;
        let (asking, now) = (asking(&self.0, &who, devices, "made")?, self.0.clock.now());
        once(&self.0, request, move |tx| {
            Box::pin(async move {
                let serials = unused(tx, devices, &key.0, &pattern, making.count).await?;
                for serials in serials.chunks(PIECE) {
                    put(tx, devices, &asking, &making, &key.0, serials, now).await?;
                }
                let end = |serial: Option<&String>| serial.cloned().unwrap_or_default();
                let (first, last) = (end(serials.first()), end(serials.last()));
                let made = NewSerials { count: making.count, first, last, serials };
                Ok::<_, Stop>(Made::new(&made))
            })
        })
        .await
    }
}

/// How a model's serials look.
struct Pattern {
    prefix: String,
    suffix: String,
    width: usize,
}

impl Pattern {
    fn of(product: &Entry) -> Result<Self, Problem> {
        let text = |name: &str| product.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let width = product.get("serial_width").and_then(Value::as_u64);
        let width = width.and_then(|width| usize::try_from(width).ok()).ok_or_else(|| {
            Problem::fields(vec![FieldError::new("serial_width", "field-required", vec![])])
        })?;
        Ok(Self { prefix: text("serial_prefix"), suffix: text("serial_suffix"), width: width.min(32) })
    }

    fn serial(&self, number: i64) -> String {
        format!("{}{number:0width$}{}", self.prefix, self.suffix, width = self.width)
    }
}

/// The next serials of a model that no unit has.
async fn unused(
    tx: &Transaction,
    devices: &'static Register,
    product: &str,
    pattern: &Pattern,
    count: i64,
) -> Result<Vec<String>, Stop> {
    let mut unused = Vec::new();
    loop {
        let missing = count - i64::try_from(unused.len()).unwrap_or(count);
        if missing == 0 {
            return Ok(unused);
        }
        let first = serial::next(tx, product, missing).await?;
        let serials: Vec<String> =
            (first..first.saturating_add(missing)).map(|number| pattern.serial(number)).collect();
        let keys: Vec<&str> = serials.iter().map(String::as_str).collect();
        let there = existing(tx, devices, &keys).await?;
        unused.extend(serials.into_iter().filter(|serial| !there.contains(serial)));
    }
}

async fn put(
    tx: &Transaction,
    devices: &'static Register,
    asking: &Asking,
    making: &Making,
    product: &str,
    serials: &[String],
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let draft = |serial: &String| {
        let status = making.status.as_deref().unwrap_or("in_stock");
        let entry = json!({
            "serial": serial, "product": product, "status": status,
            "batch": making.batch, "produced_on": making.produced_on,
        });
        let entry = if let Value::Object(entry) = entry { entry } else { Entry::new() };
        Draft { entry, present: None, merge: false }
    };
    let found = check(tx, devices, asking, serials.iter().map(draft).collect()).await?;
    let checked: Result<Vec<_>, _> = found.into_iter().collect();
    let checked = checked.map_err(|wrong| refused(devices, wrong))?;
    if enter::write(tx, devices, asking, &checked, now).await? {
        return Ok(());
    }
    // Somebody else has put one of them in since we looked.
    Err(Problem::unavailable().into())
}
