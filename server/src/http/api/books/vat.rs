//! GET /api/books/vat: by rate, of sales and purchases.

use aftercare_engine::ledger::Currency;
use chrono::NaiveDate;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::{amount, days, readable};
use crate::app::App;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::reports::vat::{Entry, OfRate, Side, vat};
use crate::store::read::report::Span;

pub struct Vat(pub App);

/// VAT of the days. Amounts are in major units
#[derive(Debug, Object)]
pub struct VatOfDays {
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
    sales: VatSide,
    purchases: VatSide,
    /// Tax on sales less tax on purchases
    payable: String,
}

/// Sales or purchases
#[derive(Debug, Object)]
struct VatSide {
    rates: Vec<VatRate>,
    /// Altogether
    total: VatRate,
    /// Voucher by voucher
    entries: Vec<VatEntry>,
}

/// What one rate was on
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct VatRate {
    /// Percent; absent: several rates or none in the same voucher, or the sum of all
    rate: Option<String>,
    vouchers: i64,
    base: String,
    vat: String,
}

/// VAT of a voucher; below zero when it takes back
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct VatEntry {
    date: NaiveDate,
    reference: i64,
    ticket: Option<String>,
    text: String,
    account: String,
    rate: Option<String>,
    base: String,
    vat: String,
}

#[OpenApi(tag = "Tag::Books")]
impl Vat {
    /// VAT by rate, of sales and purchases
    #[oai(path = "/books/vat", method = "get")]
    pub async fn vat(
        &self,
        who: SignedIn,
        /// First day; left out: of the fiscal year
        from: Query<Option<NaiveDate>>,
        /// Last day; left out: today
        to: Query<Option<NaiveDate>>,
        /// Only final vouchers and those that were reversed
        #[oai(default)]
        only_final: Query<bool>,
    ) -> Result<Json<VatOfDays>, Problem> {
        readable(&self.0, &who)?;
        let span = Span { only_final: only_final.0, ..days(&self.0, from.0, to.0)? };
        let found = vat(&self.0, &span).await?;
        let currency = currency(&self.0);
        Ok(Json(VatOfDays {
            from: span.from,
            to: span.to,
            payable: amount(found.payable(), &currency),
            sales: side(found.sales, &currency),
            purchases: side(found.purchases, &currency),
            currency: currency.code.to_string(),
        }))
    }
}

fn side(side: Side, currency: &Currency) -> VatSide {
    let rate = |rate: Option<String>, sums: &OfRate| VatRate {
        rate,
        vouchers: sums.vouchers,
        base: amount(sums.base, currency),
        vat: amount(sums.vat, currency),
    };
    let entry = |entry: Entry| VatEntry {
        date: entry.taxed.date,
        reference: entry.taxed.voucher,
        ticket: entry.taxed.ticket,
        text: entry.taxed.text,
        account: entry.taxed.account,
        rate: entry.rate.map(|rate| rate.normalize().to_string()),
        base: amount(entry.base, currency),
        vat: amount(entry.vat, currency),
    };
    VatSide {
        total: rate(None, &side.total),
        rates: side
            .rates
            .iter()
            .map(|(percent, sums)| rate(percent.map(|percent| percent.normalize().to_string()), sums))
            .collect(),
        entries: side.entries.into_iter().map(entry).collect(),
    }
}
