//! GET /api/vouchers: in the order of entry.

use aftercare_engine::definition::messages::Permission;
use chrono::NaiveDate;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::{Voucher, with_lines};
use crate::app::App;
use crate::http::api::Tag;
use crate::http::api::registry::list::{Asked, Page};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::store::read::books::VoucherFilter;

pub struct List(pub App);

#[OpenApi(tag = "Tag::Books")]
impl List {
    /// Vouchers in the order of entry
    #[oai(path = "/vouchers", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    async fn list(
        &self,
        who: SignedIn,
        /// `draft`, `reviewed`, `final`, `reversed`
        status: Query<Option<String>>,
        /// Tracking code
        ticket: Query<Option<String>>,
        /// First day
        from: Query<Option<NaiveDate>>,
        /// Last day
        to: Query<Option<NaiveDate>>,
        /// The `next` of the piece before
        after: Query<Option<i64>>,
        /// 1 to 200, 50 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<Voucher>>, Problem> {
        let limit = Asked { search: None, after: None, limit: limit.0 }.limit()?;
        let filter =
            VoucherFilter { status: status.0, ticket: ticket.0, from: from.0, to: to.0, after: after.0 };
        Ok(Json(found(&self.0, &who, &filter, limit).await?))
    }
}

/// A piece of the vouchers that fit and that the caller may see.
pub async fn found(
    app: &App,
    who: &SignedIn,
    filter: &VoucherFilter,
    limit: u64,
) -> Result<Page<Voucher>, Problem> {
    let scope = who.may(app, Permission::VouchersRead)?;
    let mut rows = app.store.vouchers(filter, &scope, limit + 1).await?;
    let is_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| is_more).map(|row| row.reference_no.to_string());
    Ok(Page { items: with_lines(app, rows).await?, next })
}
