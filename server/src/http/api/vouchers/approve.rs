//! POST /api/vouchers/{reference}/approve: the third signature, before a voucher is made final.

use aftercare_engine::definition::messages::Permission;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::show::find;
use super::{Voucher, in_transaction};
use crate::app::App;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::voucher::entry;

pub struct Approve(pub App);

#[OpenApi(tag = "Tag::Books")]
impl Approve {
    /// Approves a reviewed voucher
    ///
    /// Whoever prepared or reviewed it does not approve it: 403. 409: it is not reviewed, or no longer.
    #[oai(path = "/vouchers/:reference/approve", method = "post")]
    pub async fn approve(
        &self,
        who: SignedIn,
        reference: Path<i64>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
    ) -> Result<Answer<Voucher>, Problem> {
        let found = find(&self.0, &who, Permission::VouchersApprove, reference.0).await?;
        let key = once_key.request(&who.caller, "");
        let (digits, now) = (currency(&self.0).minor_digits, self.0.clock.now());
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let (reference, name) = (found.reference, &who.caller.name);
                let before = in_transaction(tx, reference, digits).await?;
                let values = vec![("reference", reference.to_string()), ("status", before.status.clone())];
                if before.status != "reviewed" {
                    return Err(Problem::new(Kind::Conflict, "detail-not-reviewed", values).into());
                }
                if before.prepared_by == *name || before.reviewed_by.as_ref() == Some(name) {
                    return Err(Problem::new(Kind::Forbidden, "detail-own-approval", values).into());
                }
                if !entry::approve(tx, reference, name, now).await? {
                    return Err(Problem::new(Kind::Conflict, "detail-not-reviewed", values).into());
                }
                let approved = in_transaction(tx, reference, digits).await?;
                Ok::<_, Stop>(Answer::new(&approved))
            })
        })
        .await
    }
}
