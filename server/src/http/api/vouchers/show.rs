//! GET /api/vouchers/{reference}: one with its lines and why their amounts are what they are.

use aftercare_engine::definition::messages::Permission;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::{Voucher, with_lines};
use crate::app::App;
use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::store::read::books::VoucherFilter;

pub struct Show(pub App);

#[OpenApi(tag = "Tag::Books")]
impl Show {
    /// One voucher
    #[oai(path = "/vouchers/:reference", method = "get")]
    async fn show(&self, who: SignedIn, reference: Path<i64>) -> Result<Json<Voucher>, Problem> {
        find(&self.0, &who, Permission::VouchersRead, reference.0).await.map(Json)
    }
}

/// The voucher, if it is where the caller may do this with it.
pub async fn find(
    app: &App,
    who: &SignedIn,
    permission: Permission,
    reference: i64,
) -> Result<Voucher, Problem> {
    let scope = who.may(app, permission)?;
    let filter = VoucherFilter { after: Some(reference.saturating_sub(1)), ..VoucherFilter::default() };
    let mut rows = app.store.vouchers(&filter, &scope, 1).await?;
    rows.retain(|row| row.reference_no == reference);
    let found = with_lines(app, rows).await?.into_iter().next();
    found.ok_or_else(|| Problem::not_found("voucher", reference.to_string()))
}
