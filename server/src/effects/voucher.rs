//! `voucher`: an accounting voucher, balanced by construction, as a draft that an accountant reviews.

use aftercare_engine::ledger::{DetailKind, Line, Voucher};
use chrono::{DateTime, NaiveDate, Utc};

use super::{Context, json};
use crate::catalog::Version;
use crate::entity::{voucher, voucher_line};
use crate::store::StoreError;
use crate::store::step::{StepWrite, VoucherWrite};

/// Details that are somebody who may owe us or whom we may owe.
const PARTIES: [DetailKind; 4] =
    [DetailKind::Customer, DetailKind::Agency, DetailKind::Partner, DetailKind::Technician];

pub fn carry_out(
    context: &Context<'_>,
    effect: &Voucher,
    source: String,
    step: &mut StepWrite,
) -> Result<(), StoreError> {
    let mut write = rows(context.version, effect, source, &step.event.actor, step.event.at)?;
    write.voucher.event.clone_from(&step.event.event);
    write.voucher.ticket = Some(step.ticket.code.clone());
    if let Some(owed) = &context.assembled.owed {
        let is_more = |line: &voucher_line::Model| {
            line.debit > 0
                && line.party_kind.as_deref() == Some(DetailKind::Agency.word())
                && line.party.as_ref() == Some(&owed.agency)
                && owed.accounts.contains(&line.account)
        };
        if write.lines.iter().any(is_more) {
            step.owed = Some(owed.clone());
        }
    }
    step.vouchers.push(write);
    Ok(())
}

/// A voucher as a draft's rows; its reference is given later.
pub fn rows(
    version: &Version,
    voucher: &Voucher,
    source: String,
    who: &str,
    at: DateTime<Utc>,
) -> Result<VoucherWrite, StoreError> {
    let header = voucher.header();
    let row = voucher::Model {
        source,
        template: header.template.to_string(),
        currency: header.currency.code.to_string(),
        kind: json("voucher", &header.kind)?.trim_matches('"').to_owned(),
        detail: json("voucher", &header.values)?,
        total: voucher.total().minor(),
        ..draft(version, header.date, &header.text, who, at)
    };
    let lines = voucher.lines().iter().zip(1..).map(|(line, n)| line_row(line, n, &row));
    let lines = lines.collect::<Result<_, _>>()?;
    Ok(VoucherWrite { voucher: row, lines })
}

/// A draft that somebody prepares on a day, in the company's currency, without source, template and amounts.
pub fn draft(version: &Version, date: NaiveDate, text: &str, who: &str, at: DateTime<Utc>) -> voucher::Model {
    let company = version.company();
    voucher::Model {
        date,
        fiscal_year: company.map_or_else(String::new, |company| company.fiscal_year.of(date).to_string()),
        currency: version.currency().code.to_string(),
        status: "draft".into(),
        text: text.to_owned(),
        prepared_by: who.to_owned(),
        prepared_at: at,
        ..voucher::Model::default()
    }
}

/// A voucher's line as a row; its voucher's reference is given later.
pub fn line_row(line: &Line, number: i64, of: &voucher::Model) -> Result<voucher_line::Model, StoreError> {
    let party = PARTIES.iter().find_map(|kind| Some((kind, line.details.get(kind)?)));
    Ok(voucher_line::Model {
        voucher: 0,
        line: number,
        account: line.account.to_string(),
        memo: line.memo,
        party_kind: party.map(|(kind, _)| kind.word().to_owned()),
        party: party.map(|(_, code)| code.clone()),
        details: json("voucher line", &line.details)?,
        text: line.text.clone(),
        explanation: json("voucher line", &line.explanation)?,
        debit: line.debit_minor,
        credit: line.credit_minor,
        currency: of.currency.clone(),
        date: of.date,
    })
}
