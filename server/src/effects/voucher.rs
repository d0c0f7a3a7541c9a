//! `voucher`: an accounting voucher, balanced by construction, as a draft that an accountant reviews.

use aftercare_engine::ledger::{DetailKind, Line, Voucher};
use chrono::{DateTime, Utc};

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
    let fiscal_year =
        version.company().map_or_else(String::new, |company| company.fiscal_year.of(header.date).to_string());
    let row = voucher::Model {
        reference_no: 0,
        source,
        event: String::new(),
        template: header.template.to_string(),
        date: header.date,
        fiscal_year,
        currency: header.currency.code.to_string(),
        status: "draft".into(),
        voucher_no: None,
        kind: json("voucher", &header.kind)?.trim_matches('"').to_owned(),
        text: header.text.clone(),
        detail: json("voucher", &header.values)?,
        ticket: None,
        reverses: None,
        reversed_by: None,
        total: voucher.total().minor(),
        prepared_by: who.to_owned(),
        prepared_at: at,
        reviewed_by: None,
        reviewed_at: None,
        approved_by: None,
        approved_at: None,
        finalised_by: None,
        finalised_at: None,
    };
    let lines = voucher.lines().iter().zip(1..).map(|(line, n)| line_row(line, n, &row.currency));
    let lines = lines.collect::<Result<_, _>>()?;
    Ok(VoucherWrite { voucher: row, lines })
}

/// A voucher's line as a row; its voucher's reference is given later.
pub fn line_row(line: &Line, number: i64, currency: &str) -> Result<voucher_line::Model, StoreError> {
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
        currency: currency.to_owned(),
    })
}
