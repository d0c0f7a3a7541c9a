//! GET /api/books/stock, /unbilled, /uncosted: where the books and the house may differ.

use chrono::{DateTime, Utc};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::{amount, line, readable};
use crate::app::App;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::reports::check;
use crate::store::read::report::stock::Piece;

pub struct Check(pub App);

/// What a warehouse holds at cost, in major units
#[derive(Debug, Object)]
pub struct WarehouseValue {
    /// Empty: lines of the ledger that name none
    warehouse: String,
    stock: String,
    ledger: String,
    /// Stock less ledger: zero when all is well
    difference: String,
    currency: String,
}

/// A ticket whose customer got something that no invoice charges
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct WithoutInvoice {
    /// Tracking code
    ticket: String,
    process: String,
    customer: Option<String>,
    agency: Option<String>,
    /// What the customer is to be charged, with VAT
    gross: String,
    /// Cost of the parts that left
    issued: String,
    currency: String,
    finished: bool,
    /// Its last step
    since: DateTime<Utc>,
}

/// A ticket whose parts cost another amount in the stock than in the ledger
#[derive(Debug, Object)]
pub struct WithoutVoucher {
    /// Tracking code
    ticket: String,
    /// What its stock moves took out
    moved: String,
    /// What its vouchers took off the stock accounts
    booked: String,
    difference: String,
    currency: String,
}

#[OpenApi(tag = "Tag::Books")]
impl Check {
    /// Stock against ledger, by warehouse, now
    #[oai(path = "/books/stock", method = "get")]
    pub async fn stock(&self, who: SignedIn) -> Result<Json<Vec<WarehouseValue>>, Problem> {
        readable(&self.0, &who)?;
        let currency = currency(&self.0);
        let rows = check::stock_values(&self.0).await?.into_iter().map(|row| WarehouseValue {
            stock: amount(row.stock, &currency),
            ledger: amount(row.ledger, &currency),
            difference: amount(row.stock - row.ledger, &currency),
            warehouse: row.warehouse,
            currency: currency.code.to_string(),
        });
        Ok(Json(rows.collect()))
    }

    /// Delivered without invoice
    ///
    /// Tickets with something to charge that are done, or for which parts have left, and no invoice is posted. What
    /// follows the last one here comes with it as `after`.
    #[oai(path = "/books/unbilled", method = "get")]
    pub async fn unbilled(
        &self,
        who: SignedIn,
        /// The last ticket of the piece before
        after: Query<Option<String>>,
        /// 1 to 1000, 200 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Vec<WithoutInvoice>>, Problem> {
        readable(&self.0, &who)?;
        let currency = currency(&self.0);
        let rows = check::unbilled(&self.0, &piece(after.0, limit.0)?).await?.into_iter().map(|row| {
            WithoutInvoice {
                ticket: row.ticket,
                process: row.process,
                customer: row.customer,
                agency: row.agency,
                gross: amount(row.gross, &currency),
                issued: amount(row.issued, &currency),
                currency: currency.code.to_string(),
                finished: row.finished,
                since: row.updated_at,
            }
        });
        Ok(Json(rows.collect()))
    }

    /// Cost without voucher
    ///
    /// Tickets whose stock moves and vouchers differ: the cost of a part that left is not in the books, or twice.
    /// What follows the last one here comes with it as `after`.
    #[oai(path = "/books/uncosted", method = "get")]
    pub async fn uncosted(
        &self,
        who: SignedIn,
        /// The last ticket of the piece before
        after: Query<Option<String>>,
        /// 1 to 1000, 200 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Vec<WithoutVoucher>>, Problem> {
        readable(&self.0, &who)?;
        let currency = currency(&self.0);
        let rows = check::uncosted(&self.0, &piece(after.0, limit.0)?).await?.into_iter().map(|row| {
            WithoutVoucher {
                ticket: row.ticket,
                moved: amount(row.moved, &currency),
                booked: amount(row.booked, &currency),
                difference: amount(row.moved - row.booked, &currency),
                currency: currency.code.to_string(),
            }
        });
        Ok(Json(rows.collect()))
    }
}

fn piece(after: Option<String>, limit: Option<u64>) -> Result<Piece, Problem> {
    let limit = line::limit(limit)?;
    Ok(Piece { after: after.unwrap_or_default(), limit: u64::try_from(limit).unwrap_or(u64::MAX) })
}
