//! Voucher templates, compiled: which accounts an activity debits and credits, with which amounts.
//!
//! A template decides nothing about cover or prices: it reads charge lines and posts them. What it makes is a
//! [`Voucher`](super::Voucher), so it is balanced or it is an error.

mod compile;
mod evaluate;
mod text;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Account, Currency, DetailKind, Side, VoucherKind};
use crate::definition::Translated;
use crate::diagnostic::Place;
use crate::rules::Expression;
use text::Text;

/// A compiled template.
#[derive(Clone, Debug)]
pub struct Template {
    pub name: Arc<str>,
    pub title: Translated,
    pub kind: VoucherKind,
    /// Where its name stands.
    pub place: Place,
    currency: Currency,
    /// File and line of the name.
    source: Arc<str>,
    when: Option<Formula>,
    text: Text,
    lines: Vec<TemplateLine>,
}

/// A line: one posting, or one for every item of a list.
#[derive(Clone, Debug)]
struct TemplateLine {
    side: Side,
    account: Account,
    amount: Formula,
    signed: bool,
    details: Vec<(DetailKind, Formula)>,
    text: Option<Text>,
    when: Option<Formula>,
    each: Option<Formula>,
}

/// An expression with the file and line where it stands.
#[derive(Clone, Debug)]
struct Formula {
    expression: Expression,
    source: Arc<str>,
}

impl Template {
    /// Codes of all accounts that it may post to.
    pub fn accounts_used(&self) -> BTreeSet<Arc<str>> {
        self.lines.iter().map(|line| line.account.code.clone()).collect()
    }

    /// Where its lines stand: the place of each line's amount.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.lines.iter().map(|line| line.amount.expression.place())
    }

    /// Facts that it reads, as dotted paths.
    pub fn reads(&self) -> BTreeSet<String> {
        self.expressions().flat_map(|expression| expression.reads().iter().cloned()).collect()
    }

    /// Everything in it that is computed.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let lines = self.lines.iter().flat_map(|line| {
            let details = line.details.iter().map(|(_, code)| code);
            let formulas = [Some(&line.amount), line.when.as_ref(), line.each.as_ref()];
            let texts = line.text.iter().flat_map(Text::formulas);
            formulas.into_iter().flatten().chain(details).chain(texts)
        });
        let all = self.when.iter().chain(self.text.formulas()).chain(lines);
        all.map(|formula| &formula.expression)
    }
}

#[cfg(test)]
mod tests;
