//! POST /api/vouchers/{reference}/review: a second person has looked at a draft.

use aftercare_engine::definition::messages::Permission;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::show::find;
use super::{Voucher, in_transaction};
use crate::app::App;
use crate::books;
use crate::entity::{voucher, voucher_line};
use crate::http::access::{currency, library};
use crate::http::api::Tag;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::voucher as store;

pub struct Review(pub App);

#[OpenApi(tag = "Tag::Books")]
impl Review {
    /// Marks a draft as reviewed
    ///
    /// Whoever prepared a voucher does not review it: 403. The company file may allow it for what templates made
    /// (`reviewed_by_another: false`), never for what a person entered or reversed. 409: it is no draft any more.
    /// 422: it does not balance.
    #[oai(path = "/vouchers/:reference/review", method = "post")]
    pub async fn review(
        &self,
        who: SignedIn,
        reference: Path<i64>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
    ) -> Result<Answer<Voucher>, Problem> {
        let reference = find(&self.0, &who, Permission::VouchersReview, reference.0).await?.reference;
        let key = once_key.request(&who.caller, "");
        let (digits, now) = (currency(&self.0).minor_digits, self.0.clock.now());
        let another = library(&self.0).company.as_ref().is_none_or(|company| company.reviewed_by_another);
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                let found = store::one(tx, reference).await?;
                let (row, lines) =
                    found.ok_or_else(|| Problem::not_found("voucher", reference.to_string()))?;
                if row.prepared_by == who.caller.name && (another || books::is_by_hand(&row)) {
                    let values = vec![("reference", reference.to_string())];
                    return Err(Problem::new(Kind::Forbidden, "detail-own-voucher", values).into());
                }
                reviewable(&row, &lines, digits)?;
                if !store::review(tx, reference, &who.caller.name, now).await? {
                    return Err(not_draft(reference, "reviewed").into());
                }
                let reviewed = in_transaction(tx, reference, digits).await?;
                Ok::<_, Stop>(Answer::new(&reviewed))
            })
        })
        .await
    }
}

fn reviewable(row: &voucher::Model, lines: &[voucher_line::Model], digits: u8) -> Result<(), Problem> {
    let reference = row.reference_no;
    if row.status != "draft" {
        return Err(not_draft(reference, &row.status));
    }
    books::read(row, lines, digits).map(|_| ()).map_err(|error| {
        tracing::warn!(voucher.reference = reference, "Voucher {reference} cannot be reviewed: {error}");
        Problem::new(Kind::Unprocessable, "detail-unsound", vec![("reference", reference.to_string())])
    })
}

fn not_draft(reference: i64, status: &str) -> Problem {
    let values = vec![("reference", reference.to_string()), ("status", status.to_owned())];
    Problem::new(Kind::Conflict, "detail-not-draft", values)
}
