//! GET /api/tickets/{code}/charges: the charge lines, from which every quote, invoice and voucher comes.

use aftercare_engine::facts::Value as Fact;
use aftercare_engine::facts::charges::totals;
use aftercare_engine::ledger::amount::decimal;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::find;
use crate::app::App;
use crate::entity::ticket;
use crate::facts::line;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::shown::Shown;
use crate::http::signed_in::SignedIn;
use crate::store::StoreError;

pub struct Charges(pub App);

/// The charge lines of a ticket. Amounts are in major units
#[derive(Debug, Object)]
pub struct ChargesOf {
    /// By the names of the facts `charges`: the sums, and `lines`
    charges: Value,
    /// What the customer is charged, with VAT
    gross: String,
    /// Received less paid back
    paid: String,
    currency: String,
}

#[OpenApi(tag = "Tag::Tickets")]
impl Charges {
    /// The charge lines of a ticket
    #[oai(path = "/tickets/:code/charges", method = "get")]
    async fn charges(&self, who: SignedIn, code: Path<String>) -> Result<Shown<ChargesOf>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        charges_of(&self.0, &who, &row).await
    }
}

/// The charge lines as the caller may see them.
pub async fn charges_of(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Shown<ChargesOf>, Problem> {
    let currency = currency(app);
    let rows = app.store.charge_lines(&row.code).await?;
    let lines = rows.iter().map(|row| line(&row.body)).collect::<Result<_, _>>()?;
    let paid = decimal(row.paid, &currency);
    let rounding = app.catalog.current().library().rounding();
    let sums = totals(lines, paid, rounding).map_err(|error| StoreError::corrupt("charges", error))?;
    let charges = ChargesOf {
        charges: Fact::Map(sums).to_json(),
        gross: decimal(row.gross, &currency).to_string(),
        paid: paid.to_string(),
        currency: currency.code.to_string(),
    };
    Ok(Shown::new(&charges, &who.hidden_in(app, &row.branch)))
}
