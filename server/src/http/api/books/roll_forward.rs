//! GET /api/books/roll-forward/{of}: how provisions and deferred revenue moved.

use aftercare_engine::ledger::{Currency, DetailKind};
use chrono::NaiveDate;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::{amount, days, readable};
use crate::app::App;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::reports::roll_forward::{self as report, Roll};
use crate::reports::{Details, Names};

pub struct RollForward(pub App);

/// Which balances
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum RollOf {
    Provision,
    Deferral,
}

/// How balances moved. Amounts are in major units, on the credit side
#[derive(Debug, Object)]
pub struct Rolled {
    of: RollOf,
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
    rows: Vec<RollRow>,
    total: RollCells,
    /// What stands on the accounts on the last day, as the ledger says
    ledger: String,
    /// What the movements do not explain: zero when all is well
    difference: String,
}

/// One product's provision, or one contract's deferred revenue
#[derive(Debug, Object)]
struct RollRow {
    /// Product, or contract by its tracking code
    code: String,
    name: String,
    #[oai(flatten)]
    cells: RollCells,
}

/// The amounts
#[derive(Debug, Object)]
struct RollCells {
    opening: String,
    /// Provision: set aside. Deferral: sold
    added: String,
    /// Provision: spent. Deferral: earned
    used: String,
    /// Provision: not needed any more. Deferral: given back
    released: String,
    closing: String,
}

#[OpenApi(tag = "Tag::Books")]
impl RollForward {
    /// How provisions or deferred revenue moved
    #[oai(path = "/books/roll-forward/:of", method = "get")]
    pub async fn roll_forward(
        &self,
        who: SignedIn,
        of: Path<RollOf>,
        /// First day; left out: of the fiscal year
        from: Query<Option<NaiveDate>>,
        /// Last day; left out: today
        to: Query<Option<NaiveDate>>,
    ) -> Result<Json<Rolled>, Problem> {
        readable(&self.0, &who)?;
        let span = days(&self.0, from.0, to.0)?;
        let (asked, kind) = match of.0 {
            RollOf::Provision => (report::Of::Provision, DetailKind::Product),
            RollOf::Deferral => (report::Of::Deferral, DetailKind::Contract),
        };
        let found = report::roll_forward(&self.0, &span, asked).await?;
        let as_details = |code: &String| Details::from([(kind, code.clone())]);
        let all: Vec<Details> = found.rows.keys().map(as_details).collect();
        let names = Names::of(&self.0.store, all.iter(), who.language).await?;
        let currency = currency(&self.0);
        let rows = found.rows.iter().zip(&all).map(|((code, roll), details)| RollRow {
            code: code.clone(),
            name: names.told(details),
            cells: cells(*roll, &currency),
        });
        Ok(Json(Rolled {
            of: of.0,
            from: span.from,
            to: span.to,
            currency: currency.code.to_string(),
            rows: rows.collect(),
            total: cells(found.total, &currency),
            ledger: amount(found.ledger, &currency),
            difference: amount(found.difference(), &currency),
        }))
    }
}

fn cells(roll: Roll, currency: &Currency) -> RollCells {
    RollCells {
        opening: amount(roll.opening, currency),
        added: amount(roll.added, currency),
        used: amount(roll.used, currency),
        released: amount(roll.released, currency),
        closing: amount(roll.closing(), currency),
    }
}
