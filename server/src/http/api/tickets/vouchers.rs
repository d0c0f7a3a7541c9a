//! GET /api/tickets/{code}/vouchers: what the ticket has put into the books.

use aftercare_engine::definition::messages::Permission;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::find;
use crate::app::App;
use crate::http::api::Tag;
use crate::http::api::vouchers::{Voucher, with_lines};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::store::read::books::VoucherFilter;

pub struct Vouchers(pub App);

#[OpenApi(tag = "Tag::Tickets")]
impl Vouchers {
    /// The vouchers of a ticket
    #[oai(path = "/tickets/:code/vouchers", method = "get")]
    async fn vouchers(&self, who: SignedIn, code: Path<String>) -> Result<Json<Vec<Voucher>>, Problem> {
        let scope = who.may(&self.0, Permission::VouchersRead)?;
        let row = find(&self.0, &who, &code.0).await?;
        let filter = VoucherFilter { ticket: Some(row.code), ..VoucherFilter::default() };
        let rows = self.0.store.vouchers(&filter, &scope, 1000).await?;
        Ok(Json(with_lines(&self.0, rows).await?))
    }
}
