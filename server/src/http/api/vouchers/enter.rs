//! POST and PUT /api/vouchers: entered by hand, half as a note or whole as a draft.

use std::collections::BTreeMap;

use aftercare_engine::definition::messages::Permission;
use chrono::NaiveDate;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::show::find;
use super::{Voucher, in_transaction, place};
use crate::app::App;
use crate::books::hand::{Entry, EntryLine};
use crate::books::{self};
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Made, Stop, once};
use crate::http::problem::{FieldError, Kind, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::store::step::VoucherWrite;
use crate::store::voucher::entry;
use crate::store::{Transaction, closing};

/// Most lines of one voucher.
const MOST: usize = 1000;

pub struct Enter(pub App);

/// A voucher as it is entered
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entering {
    date: NaiveDate,
    /// What it is about
    text: String,
    /// Outside the balance sheet
    #[serde(default)]
    #[oai(default)]
    memo: bool,
    /// It closes the accounts of a year; a trial balance can be had without it
    #[serde(default)]
    #[oai(default)]
    closing: bool,
    /// Half-entered: kept with a reference, but not checked and in no balance
    #[serde(default)]
    #[oai(default)]
    note: bool,
    lines: Vec<EnteringLine>,
}

/// A line: either a debit or a credit, in major units
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnteringLine {
    /// Code of a subsidiary account
    account: String,
    /// Detail kind to code, as the account asks for
    #[serde(default)]
    #[oai(default)]
    details: BTreeMap<String, String>,
    text: Option<String>,
    debit: Option<String>,
    credit: Option<String>,
}

#[OpenApi(tag = "Tag::Books")]
impl Enter {
    /// Enters a voucher by hand
    ///
    /// It is a draft that somebody else reviews, or with `note` a note that may be half-entered. 422: the lines do
    /// not balance or lack a detail, or the period is closed.
    #[oai(path = "/vouchers", method = "post")]
    async fn enter(
        &self,
        who: SignedIn,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Entering>,
    ) -> Result<Made<Voucher>, Problem> {
        self.may(&who)?;
        let key = once_key.request(&who.caller, &body.hash);
        let write = self.rows(&who, body.value)?;
        let digits = currency(&self.0).minor_digits;
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                in_open_period(tx, write.voucher.date).await?;
                let reference = entry::enter(tx, write).await?;
                let made = in_transaction(tx, reference, digits).await?;
                Ok::<_, Stop>(Made::new(&made))
            })
        })
        .await
        .map(|made| made.at(place))
    }

    /// Enters a note anew
    ///
    /// Without `note` it becomes a draft. 409: it is no note any more; a draft is not changed but reversed when it
    /// is final. 422: as when it is entered.
    #[oai(path = "/vouchers/:reference", method = "put")]
    async fn change(
        &self,
        who: SignedIn,
        reference: Path<i64>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Body<Entering>,
    ) -> Result<Answer<Voucher>, Problem> {
        self.may(&who)?;
        let found = find(&self.0, &who, Permission::VouchersWrite, reference.0).await?;
        let key = once_key.request(&who.caller, &body.hash);
        let write = self.rows(&who, body.value)?;
        let digits = currency(&self.0).minor_digits;
        once(&self.0, key, move |tx| {
            Box::pin(async move {
                in_open_period(tx, write.voucher.date).await?;
                if !entry::change_note(tx, found.reference, write).await? {
                    let now = in_transaction(tx, found.reference, digits).await?;
                    let values = vec![("reference", now.reference.to_string()), ("status", now.status)];
                    return Err(Problem::new(Kind::Conflict, "detail-not-note", values).into());
                }
                let changed = in_transaction(tx, found.reference, digits).await?;
                Ok::<_, Stop>(Answer::new(&changed))
            })
        })
        .await
    }
}

impl Enter {
    /// Books are the company's: nobody enters what they cannot see afterwards.
    fn may(&self, who: &SignedIn) -> Result<(), Problem> {
        who.may_in(&self.0, Permission::VouchersWrite, None)
    }

    fn rows(&self, who: &SignedIn, entering: Entering) -> Result<VoucherWrite, Problem> {
        if entering.lines.len() > MOST {
            let why = Text::why("why-too-many", vec![("most", MOST.to_string())]);
            return Err(Problem::fields(vec![FieldError::invalid("lines", why)]));
        }
        let lines = entering.lines.into_iter().map(|line| EntryLine {
            account: line.account,
            details: line.details,
            text: line.text,
            debit: line.debit,
            credit: line.credit,
        });
        let entry = Entry {
            date: entering.date,
            text: entering.text.trim().to_owned(),
            memo: entering.memo,
            closing: entering.closing,
            lines: lines.collect(),
        };
        if entry.text.is_empty() {
            return Err(Problem::fields(vec![FieldError::new("text", "field-required", vec![])]));
        }
        let version = self.0.catalog.current();
        let (name, now) = (&who.caller.name, self.0.clock.now());
        if entering.note {
            return Ok(books::note(&version, &entry, name, now)?);
        }
        let voucher = entry.voucher(&version).map_err(|wrong| {
            Problem::because(Kind::Unprocessable, "detail-lines", vec![], Text::Raw(wrong))
        })?;
        Ok(books::by_hand(&version, &voucher, name, now)?)
    }
}

/// Refuses a day of a closed period.
pub async fn in_open_period(tx: &Transaction, date: NaiveDate) -> Result<(), Stop> {
    match closing::closed_up_to(tx).await? {
        Some(up_to) if date <= up_to => Err(Problem::closed(up_to, date).into()),
        _ => Ok(()),
    }
}
