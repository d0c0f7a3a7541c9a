//! GET /api/books/journal: all lines in the order of their days.

use chrono::NaiveDate;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::line::{Line, limit, place, told, written};
use super::{amount, days, readable};
use crate::app::App;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::reports;
use crate::store::read::report::Span;

pub struct Journal(pub App);

/// A piece of the journal. Amounts are in major units
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct JournalPiece {
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
    /// Vouchers of all days
    vouchers: i64,
    /// Debits of all days
    debit: String,
    /// Credits of all days
    credit: String,
    lines: Vec<Line>,
    /// Give it as `after` to get what follows; absent: this was all
    next: Option<String>,
}

#[OpenApi(tag = "Tag::Books")]
impl Journal {
    /// The journal
    ///
    /// Lines by day, reference of the voucher and line.
    #[oai(path = "/books/journal", method = "get")]
    pub async fn journal(
        &self,
        who: SignedIn,
        /// First day; left out: of the fiscal year
        from: Query<Option<NaiveDate>>,
        /// Last day; left out: today
        to: Query<Option<NaiveDate>>,
        /// Only final vouchers and those that were reversed
        #[oai(default)]
        only_final: Query<bool>,
        /// The `next` of the piece before
        after: Query<Option<String>>,
        /// 1 to 1000, 200 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<JournalPiece>, Problem> {
        readable(&self.0, &who)?;
        let span = Span { only_final: only_final.0, ..days(&self.0, from.0, to.0)? };
        let (after, limit) = (place(after.0.as_deref())?, self::limit(limit.0)?);
        let sums = self.0.store.turnover(&span).await?;
        let (lines, next) = reports::ledger::journal(&self.0, &span, after, limit).await?;
        let lines = lines.into_iter().map(|line| (line, None)).collect();
        let currency = currency(&self.0);
        Ok(Json(JournalPiece {
            from: span.from,
            to: span.to,
            currency: currency.code.to_string(),
            vouchers: sums.vouchers,
            debit: amount(sums.debit, &currency),
            credit: amount(sums.credit, &currency),
            lines: told(&self.0, who.language, lines).await?,
            next: next.map(written),
        }))
    }
}
