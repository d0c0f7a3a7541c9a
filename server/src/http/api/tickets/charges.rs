//! GET /api/tickets/{code}/charges: the charge lines, from which every quote, invoice and voucher comes.

use aftercare_engine::facts::Value as Fact;
use aftercare_engine::facts::charges::totals;
use aftercare_engine::ledger::amount::decimal;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use rust_decimal::Decimal;
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
#[oai(skip_serializing_if_is_none)]
pub struct ChargesOf {
    /// By the names of the facts `charges`: the sums, and `lines`
    charges: Value,
    /// What the customer is charged, with VAT
    gross: String,
    /// Received less paid back
    paid: String,
    currency: String,
    /// What an agency that asks is owed for its own lines, without VAT; declined lines do not count
    owed: Option<String>,
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
    let lines = rows.iter().map(|row| line(&row.body)).collect::<Result<Vec<_>, _>>()?;
    let paid = decimal(row.paid, &currency);
    let rounding = app.catalog.current().library().rounding();
    let own = own(who, &lines);
    let sums = totals(lines, paid, rounding).map_err(|error| StoreError::corrupt("charges", error))?;
    let charges = ChargesOf {
        charges: Fact::Map(sums).to_json(),
        gross: decimal(row.gross, &currency).to_string(),
        paid: paid.to_string(),
        currency: currency.code.to_string(),
        owed: (!own.is_empty()).then(|| own.iter().map(|line| line.owed).sum::<Decimal>().to_string()),
    };
    let mut shown = Shown::new(&charges, &who.hidden_in(app, &row.branch));
    shown.put_each("/charges/lines", |line| {
        let own = own.iter().find(|own| line["id"] == own.id)?;
        Some(("owed", own.owed.to_string()))
    });
    Ok(shown)
}

/// A line that the asking agency is owed for.
struct Own {
    id: i64,
    owed: Decimal,
}

/// The lines of the caller's own agency: what a line costs us is hidden from it, but what it gets is its own.
fn own(who: &SignedIn, lines: &[Fact]) -> Vec<Own> {
    let Some(agency) = who.caller.agency.as_deref() else { return Vec::new() };
    let text = |line: &Fact, key: &str| line.get(key).and_then(Fact::as_text).map(str::to_owned);
    let is_own = |line: &&Fact| {
        text(line, "provider").as_deref() == Some("agency")
            && text(line, "provided_by").as_deref() == Some(agency)
    };
    let own = lines.iter().filter(is_own).filter_map(|line| {
        let id = line.get("id")?.as_int()?;
        let is_declined = text(line, "decision").as_deref() == Some("declined");
        let cost = line.get("cost").and_then(Fact::as_decimal).filter(|_| !is_declined);
        Some(Own { id, owed: cost.unwrap_or_default() })
    });
    own.collect()
}
