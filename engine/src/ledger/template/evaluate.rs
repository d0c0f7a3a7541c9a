//! A template and the facts of a ticket to a voucher.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::compile::ITEM;
use super::{Formula, Template, TemplateLine};
use crate::facts::Value;
use crate::ledger::{Amount, DetailKind, Explanation, Header, Posting, Side, Voucher};
use crate::rules::{Name, RuleError, View};

impl Template {
    /// Makes the voucher: debits first, then credits, each in the order of the file. Nothing is made when the
    /// template's condition does not hold or all amounts are zero.
    ///
    /// # Errors
    /// When an expression has no answer, an amount is none in this currency, a needed detail is empty, or the
    /// lines do not balance.
    pub fn evaluate(&self, view: &dyn View, today: NaiveDate) -> Result<Option<Voucher>, RuleError> {
        if !Formula::holds(self.when.as_ref(), view)? {
            return Ok(None);
        }
        let mut postings = Vec::new();
        for line in &self.lines {
            match &line.each {
                None => postings.extend(self.posting(line, view)?),
                Some(each) => {
                    let made = each.expression.read(view, |list| self.postings(line, each, &list, view));
                    postings.extend(made.map_err(|error| each.at_source(error))??);
                }
            }
        }
        if postings.is_empty() {
            return Ok(None);
        }
        let (text, values) = self.text.render(view)?;
        for posting in postings.iter_mut().filter(|posting| posting.text.is_empty()) {
            posting.text.clone_from(&text);
        }
        postings.sort_by_key(|posting| posting.side == Side::Credit);
        let header = Header {
            template: self.name.clone(),
            kind: self.kind,
            date: today,
            currency: self.currency.clone(),
            text,
            values,
            reversal: false,
        };
        let voucher = Voucher::new(header, postings);
        voucher.map(Some).map_err(|error| RuleError {
            message: format!("voucher `{}` cannot be posted: {error}", self.name),
            source_line: self.source.to_string(),
        })
    }

    /// Those of one line for each item of a list.
    fn postings<'t>(
        &self,
        line: &'t TemplateLine,
        each: &Formula,
        list: &Value,
        view: &dyn View,
    ) -> Result<Vec<Posting<'t>>, RuleError> {
        let of_item = |item| self.posting(line, &WithItem { view, item }).transpose();
        each.items(list)?.iter().filter_map(of_item).collect()
    }

    fn posting<'t>(&self, line: &'t TemplateLine, view: &dyn View) -> Result<Option<Posting<'t>>, RuleError> {
        if !Formula::holds(line.when.as_ref(), view)? {
            return Ok(None);
        }
        let number = line.amount.number(view)?;
        let exact = Amount::exact(number.abs(), &self.currency);
        let amount = exact.map_err(|error| line.amount.error(&format!("gives {number}: {error}")))?;
        if amount.minor() == 0 {
            return Ok(None);
        }
        let side = match (number.is_sign_negative(), line.signed) {
            (false, _) => line.side,
            (true, true) => line.side.other(),
            (true, false) => {
                let message = format!("gives {number}, but a line's amount is not below zero");
                return Err(line.amount.error(&message));
            }
        };
        let text = match &line.text {
            Some(own) => own.render(view)?.0,
            None => String::new(),
        };
        Ok(Some(Posting {
            account: &line.account,
            side,
            amount,
            details: line.details(view)?,
            text,
            explanation: line.amount.explanation(view),
        }))
    }
}

impl TemplateLine {
    fn details(&self, view: &dyn View) -> Result<BTreeMap<DetailKind, String>, RuleError> {
        let mut details = BTreeMap::new();
        for (kind, code) in &self.details {
            let value = code.eval(view)?;
            let shown = value.to_string();
            if value.is_null() || shown.is_empty() {
                // Of an optional detail, or of several to choose from, an empty one is left out.
                if self.account.details.required.contains(kind) {
                    let message = format!(
                        "is empty, but account `{}` needs the detail `{}`",
                        self.account.code,
                        kind.word()
                    );
                    return Err(code.error(&message));
                }
                continue;
            }
            details.insert(*kind, shown);
        }
        Ok(details)
    }
}

impl Formula {
    fn holds(condition: Option<&Self>, view: &dyn View) -> Result<bool, RuleError> {
        condition.map_or(Ok(true), |formula| {
            formula.expression.holds(view).map_err(|error| formula.at_source(error))
        })
    }

    pub(super) fn eval(&self, view: &dyn View) -> Result<Value, RuleError> {
        self.expression.eval(view).map_err(|error| self.at_source(error))
    }

    fn number(&self, view: &dyn View) -> Result<Decimal, RuleError> {
        let value = self.eval(view)?;
        value
            .as_decimal()
            .ok_or_else(|| self.error(&format!("gives {}, but an amount is needed", value.kind())))
    }

    fn items<'v>(&self, value: &'v Value) -> Result<&'v [Value], RuleError> {
        match value {
            Value::List(items) => Ok(items),
            _ => Err(self.error(&format!("gives {}, but a list is needed", value.kind()))),
        }
    }

    fn explanation(&self, view: &dyn View) -> Explanation {
        let read = |path: &String| {
            let (top, rest) = path.split_once('.').unwrap_or((path, ""));
            let root = view.value(&Name { text: top.into(), field: None });
            let value = if rest.is_empty() { root } else { root.and_then(|root| root.at(rest)) };
            (path.clone(), value.cloned().unwrap_or_default())
        };
        Explanation {
            amount: self.expression.text().to_owned(),
            source: self.source.to_string(),
            values: self.expression.reads().iter().map(read).collect(),
        }
    }

    fn error(&self, message: &str) -> RuleError {
        RuleError {
            message: format!("`{}` {message}", self.expression.text()),
            source_line: self.source.to_string(),
        }
    }

    /// The file is known here, not in the expression.
    fn at_source(&self, error: RuleError) -> RuleError {
        RuleError { source_line: self.source.to_string(), ..error }
    }
}

/// The facts with one item of a list in view.
struct WithItem<'v> {
    view: &'v dyn View,
    item: &'v Value,
}

impl View for WithItem<'_> {
    fn value(&self, name: &Name) -> Option<&Value> {
        if &*name.text == ITEM && name.field.is_none() { Some(self.item) } else { self.view.value(name) }
    }

    fn is_in(&self, n: usize) -> bool {
        self.view.is_in(n)
    }
}
