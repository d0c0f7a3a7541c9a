//! GET /api/tickets/{code}/charges: the charge lines, from which every quote, invoice and voucher comes.

use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::find;
use super::show::json;
use crate::app::App;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::shown::Shown;
use crate::http::signed_in::SignedIn;

pub struct Charges(pub App);

/// The charge lines of a ticket. Amounts are in major units
#[derive(Debug, Object)]
struct ChargesOf {
    charges: Lines,
    /// What the customer is charged, with VAT
    gross: String,
    /// Received less paid back
    paid: String,
    currency: String,
}

#[derive(Debug, Object)]
struct Lines {
    /// By the names of the facts' `charges.lines`
    lines: Vec<Value>,
}

#[OpenApi(tag = "Tag::Tickets")]
impl Charges {
    /// The charge lines of a ticket
    #[oai(path = "/tickets/:code/charges", method = "get")]
    async fn charges(&self, who: SignedIn, code: Path<String>) -> Result<Shown<ChargesOf>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        let currency = currency(&self.0);
        let lines = self.0.store.charge_lines(&row.code).await?;
        let amount = |minor| aftercare_engine::ledger::amount::decimal(minor, &currency).to_string();
        let charges = ChargesOf {
            charges: Lines { lines: lines.iter().map(|line| json(&line.body)).collect() },
            gross: amount(row.gross),
            paid: amount(row.paid),
            currency: currency.code.to_string(),
        };
        Ok(Shown::new(&charges, &who.hidden(&self.0)))
    }
}
