//! Reports over tickets, compiled: each ticket gives one number for each column.
//!
//! It finds no ticket and adds nothing up: whoever calls brings what is known of each, and the amounts of its vouchers.

mod compile;

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::definition::Translated;
use crate::diagnostic::Place;
use crate::facts::Value;
use crate::rules::{Expression, Name, RuleError, View};
use crate::statechart::Statechart;

/// A compiled report.
#[derive(Clone, Debug)]
pub struct Report {
    pub name: Arc<str>,
    pub title: Translated,
    pub about: Option<Translated>,
    pub processes: Vec<Arc<str>>,
    /// Fields whose values make the rows.
    pub by: Vec<Arc<str>>,
    pub columns: Vec<Column>,
    /// Where its name stands.
    pub place: Place,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: Arc<str>,
    pub title: Translated,
    pub content: Content,
}

/// What stands in a column.
#[derive(Clone, Debug)]
pub enum Content {
    /// 1 for each ticket for which it holds.
    Count(Expression),
    Sum(Expression),
    /// Amounts of vouchers by these templates on these accounts.
    Posted {
        templates: Vec<Arc<str>>,
        accounts: Vec<Arc<str>>,
    },
}

/// What is known of one ticket.
#[derive(Clone, Copy, Debug)]
pub struct Ticket<'t> {
    /// The one that it runs on.
    pub chart: &'t Statechart,
    /// In the order of the chart's.
    pub fields: &'t [Value],
    /// Paths of its active states.
    pub states: &'t [&'t str],
    pub today: NaiveDate,
}

impl Report {
    /// The ticket's number in each column. `posted` is asked for debits less credits of a template on an account.
    ///
    /// # Errors
    /// When an expression has no answer for this ticket.
    pub fn numbers(
        &self,
        ticket: &Ticket<'_>,
        posted: &dyn Fn(&str, &str) -> Decimal,
    ) -> Result<Vec<Decimal>, RuleError> {
        let today = Value::Date(ticket.today);
        let number = |column: &Column| match &column.content {
            Content::Count(when) => Ok(Decimal::from(u8::from(when.holds(&ticket.seen(when, &today))?))),
            Content::Sum(value) => {
                Ok(value.eval(&ticket.seen(value, &today))?.as_decimal().unwrap_or_default())
            }
            Content::Posted { templates, accounts } => {
                let of =
                    |template: &Arc<str>| accounts.iter().map(|code| posted(template, code)).sum::<Decimal>();
                Ok(templates.iter().map(of).sum())
            }
        };
        self.columns.iter().map(number).collect()
    }

    /// The ticket's value of a field that makes rows; an empty text is none.
    pub fn key<'t>(&self, ticket: &Ticket<'t>, field: &str) -> Option<Cow<'t, str>> {
        match ticket.field(field)? {
            Value::Null => None,
            Value::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(Cow::Borrowed),
            other => Some(Cow::Owned(other.to_string())),
        }
    }
}

impl<'t> Ticket<'t> {
    fn field(&self, name: &str) -> Option<&'t Value> {
        self.fields.get(usize::from(self.chart.field(name)?))
    }

    fn seen<'e>(&'e self, expression: &'e Expression, today: &'e Value) -> Seen<'e> {
        Seen { ticket: self, expression, today }
    }
}

/// A ticket as one expression sees it.
struct Seen<'e> {
    ticket: &'e Ticket<'e>,
    expression: &'e Expression,
    today: &'e Value,
}

impl View for Seen<'_> {
    fn value(&self, name: &Name) -> Option<&Value> {
        // Tickets stay on the version they began with: an older one may lack the field, and counts as without it.
        if &*name.text == "today" {
            Some(self.today)
        } else {
            self.ticket.field(&name.text).or(Some(&Value::Null))
        }
    }

    fn is_in(&self, n: usize) -> bool {
        let Some(wanted) = self.expression.states().get(n) else { return false };
        let is_it = |state: &&str| {
            state
                .strip_prefix(wanted.value.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.ticket.states.iter().any(is_it)
    }
}

#[cfg(test)]
mod tests;
