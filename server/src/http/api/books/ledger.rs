//! GET /api/books/ledger/{account}: a general, subsidiary or detail ledger with its running balance.

use aftercare_engine::ledger::DetailKind;
use chrono::NaiveDate;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::line::{Line, limit, place, told, written};
use super::{amount, days, readable};
use crate::app::App;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::problem::{Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::reports;
use crate::store::read::report::Span;

pub struct Ledger(pub App);

/// A piece of a ledger. Amounts are in major units
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct LedgerPiece {
    account: String,
    /// Title of the account
    title: String,
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
    /// Debits less credits before the first line here
    opening: String,
    lines: Vec<Line>,
    /// Debits less credits after the last line here
    closing: String,
    /// Give it as `after` to get what follows; absent: this was all
    next: Option<String>,
}

#[OpenApi(tag = "Tag::Books")]
impl Ledger {
    /// A ledger with its running balance
    ///
    /// The length of the code says which: 1 digit a group, 3 digits a general ledger, 6 digits a subsidiary one;
    /// with `detail_kind` and `detail` the ledger of one customer, product, contract … on it. Each line names its
    /// voucher and its ticket.
    #[oai(path = "/books/ledger/:account", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    pub async fn ledger(
        &self,
        who: SignedIn,
        /// Code of an account of any level
        account: Path<String>,
        /// First day; left out: of the fiscal year
        from: Query<Option<NaiveDate>>,
        /// Last day; left out: today
        to: Query<Option<NaiveDate>>,
        /// `customer`, `agency`, `partner`, `technician`, `warehouse`, `product`, `case`, `contract`, `cost_center`
        detail_kind: Query<Option<String>>,
        /// Code of the detail
        detail: Query<Option<String>>,
        /// Only final vouchers and those that were reversed
        #[oai(default)]
        only_final: Query<bool>,
        /// Whether vouchers that close a year count; yes if left out
        #[oai(default = "yes")]
        closing: Query<bool>,
        /// The `next` of the piece before
        after: Query<Option<String>>,
        /// 1 to 1000, 200 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<LedgerPiece>, Problem> {
        readable(&self.0, &who)?;
        let span = days(&self.0, from.0, to.0)?;
        let asked = reports::ledger::Asked {
            account: &account.0,
            detail: of(detail_kind.0.as_deref(), detail.0.as_deref())?,
            span: Span { only_final: only_final.0, without_closing: !closing.0, ..span },
            after: place(after.0.as_deref())?,
            limit: self::limit(limit.0)?,
        };
        let known = self.0.catalog.current().library().accounts.get(&account.0).is_some();
        if !known && reports::accounts_under(&self.0, &account.0).await?.is_empty() {
            return Err(Problem::not_found("entry", &*account.0));
        }
        let found = reports::ledger::ledger(&self.0, &asked).await?;
        let currency = currency(&self.0);
        let closing = found.lines.last().map_or(found.opening, |(_, balance)| *balance);
        let lines = found.lines.into_iter().map(|(line, balance)| (line, Some(balance))).collect();
        Ok(Json(LedgerPiece {
            title: reports::title(&self.0.catalog.current(), &account.0, who.language),
            account: account.0.clone(),
            from: span.from,
            to: span.to,
            currency: currency.code.to_string(),
            opening: amount(found.opening, &currency),
            lines: told(&self.0, who.language, lines).await?,
            closing: amount(closing, &currency),
            next: found.next.map(written),
        }))
    }
}

pub fn yes() -> bool {
    true
}

fn of<'q>(kind: Option<&str>, code: Option<&'q str>) -> Result<Option<(DetailKind, &'q str)>, Problem> {
    match (kind, code) {
        (None, None) => Ok(None),
        (Some(kind), Some(code)) => {
            let known = DetailKind::named(kind);
            let kind = known.ok_or_else(|| {
                let words = DetailKind::ALL.map(DetailKind::word).join(", ");
                Problem::parameter("detail_kind", Text::why("why-one-of", vec![("words", words)]))
            })?;
            Ok(Some((kind, code)))
        }
        (Some(_), None) => Err(Problem::parameter(
            "detail",
            Text::why("why-needed", vec![("name", "detail_kind".to_owned())]),
        )),
        (None, Some(_)) => Err(Problem::parameter(
            "detail_kind",
            Text::why("why-needed", vec![("name", "detail".to_owned())]),
        )),
    }
}
