//! Two customers who are one.

use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use serde_json::Value;

use super::list::in_reach;
use super::{asking, change};
use crate::app::App;
use crate::effects::json;
use crate::entity;
use crate::facts::card_fact;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, once};
use crate::http::problem::{FieldError, Problem};
use crate::http::signed_in::SignedIn;
use crate::register::check::present;
use crate::register::{Register, find};
use crate::store::StoreError;
use crate::store::registry::card::{self, Change};
use crate::store::registry::customer as customers;

/// Two customers who are one.
pub struct Merge(pub App);

/// Which customer becomes part of another.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeInto {
    /// Code of the customer that stays
    pub into: String,
    /// Version of the customer that goes, as you saw it
    pub version: i64,
}

#[OpenApi(tag = "Tag::Registers")]
impl Merge {
    /// Makes one customer out of two: phones, devices, cards and tickets go to the one that stays
    #[oai(path = "/customers/:key/merge", method = "post")]
    pub async fn merge(
        &self,
        who: SignedIn,
        key: Path<String>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<MergeInto>,
    ) -> Result<Answer<Value>, Problem> {
        let request = once_key.request(&who.caller, &body.hash);
        let MergeInto { into, version } = body.value;
        let from = key.0;
        if into == from {
            return Err(Problem::fields(vec![FieldError::new("into", "field-itself", vec![])]));
        }
        let register: &'static Register = find("customers").ok_or_else(Problem::unavailable)?;
        let asking = asking(&self.0, &who, register, "merged")?;
        for one in [&from, &into] {
            in_reach(&self.0, &who, register, one).await?;
        }
        let now = self.0.clock.now();
        once(&self.0, request, move |tx| {
            Box::pin(async move {
                let [row, kept] = customers::hold(tx, &from, &into).await?;
                let row = row.ok_or_else(|| Problem::not_found("customer", from.as_str()))?;
                if row.version != version || row.merged_into.is_some() {
                    return Err(Problem::stale(version, row.version, Value::Null).into());
                }
                if kept.is_none_or(|kept| kept.merged_into.is_some()) {
                    let values = vec![("what", "customer".to_owned()), ("value", into)];
                    return Err(
                        Problem::fields(vec![FieldError::new("into", "field-not-found", values)]).into()
                    );
                }
                let cards = customers::cards(tx, &from).await?;
                let changes = cards.iter().map(|row| held_by(row, &into)).collect::<Result<_, _>>()?;
                card::keep(tx, changes, &asking.who, &asking.reason, now).await?;
                customers::merge(tx, &row, &into, now).await?;
                let kept = present(tx, register, &asking.locale, &[&into]).await?.pop();
                let kept = kept.ok_or_else(|| Problem::not_found("customer", into.as_str()))?;
                let version = change::version(&kept);
                Ok::<_, Stop>(change::told(register, kept, version, &asking))
            })
        })
        .await
    }
}

/// What becomes of a card: another customer holds it.
fn held_by(row: &entity::card::Model, holder: &str) -> Result<Change, StoreError> {
    let after = entity::card::Model { holder: Some(holder.to_owned()), ..row.clone() };
    Ok(Change {
        card: row.number.clone(),
        before: Some(json("card", &card_fact(row))?),
        after: json("card", &card_fact(&after))?,
        version: row.version + 1,
    })
}
