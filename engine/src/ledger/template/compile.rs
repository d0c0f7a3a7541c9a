//! A template file to a [`Template`]: everything that can be wrong without a ticket is found here.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::text::Text;
use super::{Formula, Template, TemplateLine};
use crate::definition::books::{self, VoucherTemplate};
use crate::definition::{Expression as Written, Translated};
use crate::diagnostic::{Diagnostic, Place, Sources, Sp};
use crate::facts::shape::{Kind, WORLD};
use crate::ledger::{Account, Books, DetailKind, Side, VoucherKind};
use crate::rules::{Expression, Scope};

/// The name of an item of `each`.
pub(super) const ITEM: &str = "line";

impl Template {
    /// Checks a template against the books.
    ///
    /// # Errors
    /// Every finding at once.
    pub fn compile(
        definition: &VoucherTemplate,
        books: &Books<'_>,
        sources: &Sources,
    ) -> Result<Self, Vec<Diagnostic>> {
        let kind = definition.kind.as_ref().map_or_else(Default::default, |kind| kind.value);
        let mut compiler = Compiler { books, sources, kind, found: Vec::new() };
        // What cannot be read is told in `found`, and then there is no template: nothing is dropped in silence.
        let when = definition.when.as_ref().and_then(|when| compiler.condition(when, &[]));
        let text = compiler.text(&definition.text, &[]);
        let lines: Vec<_> = definition.lines.iter().filter_map(|line| compiler.line(line)).collect();
        if compiler.found.is_empty() {
            compiler.sides(definition, &lines);
        }
        match text {
            Some(text) if compiler.found.is_empty() => Ok(Self {
                name: Arc::from(definition.voucher.value.as_str()),
                title: definition.title.clone(),
                kind,
                place: definition.voucher.place,
                currency: books.currency.clone(),
                source: source(sources, definition.voucher.place),
                when,
                text,
                lines,
            }),
            _ => Err(compiler.found),
        }
    }
}

/// File and line, for people.
pub(super) fn source(sources: &Sources, place: Place) -> Arc<str> {
    format!("{}:{}", sources.path(place.source), place.line).into()
}

pub(super) struct Compiler<'a> {
    pub books: &'a Books<'a>,
    pub sources: &'a Sources,
    kind: VoucherKind,
    pub found: Vec<Diagnostic>,
}

impl Compiler<'_> {
    /// An expression over facts, with the names that hold only here.
    pub fn formula(&mut self, text: &Written, locals: &[(&str, Kind)]) -> Option<Formula> {
        let scope = Scope { locals, ..Scope::default() };
        match Expression::compile(text, &scope) {
            Err(diagnostic) => {
                self.found.push(*diagnostic);
                None
            }
            Ok(expression) => {
                if let Some(state) = expression.states().first() {
                    let message = "a voucher cannot ask for a state";
                    self.found.push(
                        Diagnostic::error("AC0606", state.place, message)
                            .help("it is posted by a transition; ask there, in the action's `when`"),
                    );
                    return None;
                }
                Some(Formula { expression, source: source(self.sources, text.place) })
            }
        }
    }

    fn condition(&mut self, text: &Written, locals: &[(&str, Kind)]) -> Option<Formula> {
        let formula = self.formula(text, locals)?;
        let objection = formula.expression.no_condition();
        let holds = objection.is_none();
        self.found.extend(objection);
        holds.then_some(formula)
    }

    fn is_amount(&mut self, formula: &Formula) -> bool {
        let objection = formula.expression.objection(Kind::Money);
        let place = formula.expression.place();
        let wrong = objection.map(|message| Diagnostic::error("AC0305", place, message));
        let fits = wrong.is_none();
        self.found.extend(wrong);
        fits
    }

    fn text(&mut self, text: &Translated, locals: &[(&str, Kind)]) -> Option<Text> {
        Text::compile(self, text, locals)
    }

    fn line(&mut self, line: &books::TemplateLine) -> Option<TemplateLine> {
        let each = line.each.as_ref().and_then(|each| self.formula(each, &[]));
        let locals = line.each.as_ref().map(|each| (ITEM, items_of(&each.value)));
        let locals = locals.as_slice();
        let amount = self.formula(&line.amount, locals).filter(|formula| self.is_amount(formula));
        let when = line.when.as_ref().and_then(|when| self.condition(when, locals));
        let text = line.text.as_ref().and_then(|text| self.text(text, locals));
        let account = self.account(line);
        let details: Option<Vec<_>> = self.details(line, locals, account.as_ref().map(|(_, a)| a));
        let (side, account) = account?;
        Some(TemplateLine {
            side,
            account,
            amount: amount?,
            signed: line.signed.as_ref().is_some_and(|signed| signed.value),
            details: details?,
            text,
            when,
            each,
        })
    }

    fn account(&mut self, line: &books::TemplateLine) -> Option<(Side, Account)> {
        let (side, code) = match (&line.debit, &line.credit) {
            (Some(code), None) => (Side::Debit, code),
            (None, Some(code)) => (Side::Credit, code),
            (debit, _) => {
                let place = debit.as_ref().map_or(line.amount.place, |code| code.place);
                self.found.push(
                    Diagnostic::error("AC0603", place, "a line has either `debit` or `credit`")
                        .help("write two lines when both sides are meant"),
                );
                return None;
            }
        };
        match self.books.accounts.postable(code) {
            Err(diagnostic) => {
                self.found.push(*diagnostic);
                None
            }
            Ok(account) if account.memo != (self.kind == VoucherKind::Memo) => {
                let word = if account.memo { "outside" } else { "in" };
                let message = format!("account `{}` stands {word} the balance sheet", code.value);
                let help = "memo accounts are for templates with `kind: memo`, and for nothing else";
                self.found.push(Diagnostic::error("AC0605", code.place, message).help(help));
                None
            }
            Ok(account) => Some((side, account.clone())),
        }
    }

    fn details(
        &mut self,
        line: &books::TemplateLine,
        locals: &[(&str, Kind)],
        account: Option<&Account>,
    ) -> Option<Vec<(DetailKind, Formula)>> {
        let mut details = Vec::new();
        let before = self.found.len();
        for (word, code) in line.details.iter() {
            let Some(kind) = DetailKind::named(&word.value) else {
                let message = format!("there is no detail `{}`", word.value);
                let words = DetailKind::ALL.map(DetailKind::word);
                let finding = Diagnostic::error("AC0604", word.place, message);
                self.found.push(finding.nearest("detail", &word.value, words));
                continue;
            };
            details.extend(self.formula(code, locals).map(|formula| (kind, formula)));
        }
        if let Some(account) = account.filter(|_| before == self.found.len()) {
            self.objection(line, account, details.iter().map(|(kind, _)| *kind).collect());
        }
        (before == self.found.len()).then_some(details)
    }

    /// A line may offer several of the details of which one is needed: the one that has a value is taken.
    fn objection(&mut self, line: &books::TemplateLine, account: &Account, mut kinds: BTreeSet<DetailKind>) {
        let choices: Vec<_> = kinds.intersection(&account.details.one_of).copied().skip(1).collect();
        kinds.retain(|kind| !choices.contains(kind));
        if let Some(objection) = account.details.objection(kinds) {
            let code = line.debit.as_ref().or(line.credit.as_ref());
            let place = code.map_or(line.amount.place, |code| code.place);
            let message = format!("account `{}` {objection}", account.code);
            self.found.push(Diagnostic::error("AC0604", place, message));
        }
    }

    /// What can never balance, whatever the ticket.
    fn sides(&mut self, definition: &VoucherTemplate, lines: &[TemplateLine]) {
        let has = |side| lines.iter().any(|line| line.side == side || line.signed);
        let missing = match (has(Side::Debit), has(Side::Credit)) {
            (true, true) if lines.len() > 1 => return,
            (true, false) => "credit",
            (false, true) => "debit",
            _ => "line on the other side",
        };
        let name: &Sp<String> = &definition.voucher;
        let message = format!("voucher `{}` can never balance: it has no {missing}", name.value);
        self.found.push(Diagnostic::error("AC0607", name.place, message));
    }
}

/// The type of the items of a list that is a plain path into the facts.
fn items_of(each: &str) -> Kind {
    let mut keys = each.trim().split('.');
    let top = keys.next().and_then(|name| WORLD.iter().find(|entry| entry.name == name));
    let kind = keys.try_fold(top.map(|entry| entry.kind), |kind, key| match kind? {
        Kind::Map(entries) => Some(entries.iter().find(|entry| entry.name == key).map(|entry| entry.kind)),
        _ => None,
    });
    match kind.flatten() {
        Some(Kind::Rows(entries)) => Kind::Map(entries),
        _ => Kind::Any,
    }
}
