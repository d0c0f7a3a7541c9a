//! Decisions in words: why a step is refused, why a rule decided as it did, what a step did. It renders what
//! the decision already holds; it decides nothing.

use chrono::NaiveDate;
use serde::Serialize;

use crate::effect::Ruling;
use crate::facts::Value;
use crate::language::{self, Language};
use crate::rules::Condition;
use crate::statechart::each::{key_in, split};
use crate::statechart::{StateKind, Statechart};
use crate::step::{Reason, TraceStep};

/// Speaks about the tickets of one process in one language.
#[derive(Clone, Copy, Debug)]
pub struct Explainer<'a> {
    chart: &'a Statechart,
    language: Language,
}

/// A rule's decision in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub rule: String,
    /// What was decided, in one sentence, when the rule names a reason for it.
    pub sentence: Option<String>,
    pub conditions: Vec<ConditionText>,
}

/// A condition in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConditionText {
    pub name: String,
    pub text: String,
    pub holds: bool,
    /// The facts it looked at, by path, as they were.
    pub values: Vec<(String, String)>,
    /// File and line.
    pub source: String,
}

/// What is said of one instance carries its key.
fn with_key(text: String, key: Option<&str>) -> String {
    key.map_or(text.clone(), |key| format!("{text} ({key})"))
}

/// What was decided is kept as JSON, which knows no days.
fn day_of(value: &Value) -> Value {
    let day = value.as_text().and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok());
    day.map_or_else(|| value.clone(), Value::Date)
}

impl<'a> Explainer<'a> {
    pub fn new(chart: &'a Statechart, language: Language) -> Self {
        Self { chart, language }
    }

    /// A reason's text with its values filled in.
    pub fn reason(&self, reason: &Reason) -> String {
        let text =
            self.fill(&reason.code, |name| reason.values.get(name).map(|value| self.value_of(name, value)));
        let has_text = self.chart.library.reasons.get("in_row").is_some();
        let Some(row) = reason.values.get("row").filter(|_| has_text) else { return text };
        let of_row = |name: &str| match name {
            "row" => Some(self.value(row)),
            _ => Some(text.clone()),
        };
        self.fill("in_row", of_row)
    }

    /// A rule's decision with its conditions.
    pub fn ruling(&self, ruling: &Ruling) -> Explanation {
        let named = |key| ruling.value.get(key).and_then(Value::as_text);
        let key = named("told").or_else(|| named("reason"));
        let sentence = key
            .map(|key| self.fill(key, |name| ruling.value.get(name).map(|value| self.value(&day_of(value)))));
        Explanation {
            rule: ruling.rule.clone(),
            sentence,
            conditions: ruling.conditions.iter().map(|condition| self.condition(condition)).collect(),
        }
    }

    fn condition(&self, condition: &Condition) -> ConditionText {
        let value = |name: &str| {
            let found = condition
                .values
                .iter()
                .find(|(path, _)| **path == *name || path.rsplit('.').next() == Some(name));
            found.map(|(_, value)| self.value(value))
        };
        ConditionText {
            name: condition.name.to_string(),
            text: self.fill(&condition.name, value),
            holds: condition.holds,
            values: condition
                .values
                .iter()
                .map(|(path, value)| (path.to_string(), self.value(value)))
                .collect(),
            source: condition.source.to_string(),
        }
    }

    /// What a step did: the states it left and entered, by their titles. What is passed at once is one way.
    pub fn moves(&self, trace: &[TraceStep]) -> Vec<String> {
        let title = |path: &String| self.state(path).filter(|_| !self.is_region(path));
        let titles = |paths: &[String]| paths.iter().filter_map(title).collect::<Vec<_>>().join(" · ");
        let arrow = if self.language == Language::Fa { "←" } else { "→" };
        let mut ways: Vec<String> = Vec::new();
        let mut reached = String::new();
        for step in trace {
            let (from, to) = (titles(&step.exited), titles(&step.entered));
            match (from.is_empty(), to.is_empty(), ways.last_mut()) {
                (true, true, _) => continue,
                (false, false, Some(way)) if from == reached => *way = format!("{way} {arrow} {to}"),
                (false, false, _) => ways.push(format!("{from} {arrow} {to}")),
                _ => ways.push(format!("{from}{to}")),
            }
            reached = to;
        }
        ways
    }

    /// Whether it runs beside others: what it is called says nothing about a move, since all begin and end together.
    fn is_region(&self, path: &str) -> bool {
        let Some(state) = self.chart.state_at(path).map(|id| self.chart.state(id)) else { return false };
        let is_beside = |id| matches!(self.chart.state(id).kind, StateKind::Parallel { .. });
        matches!(state.kind, StateKind::Compound { .. }) && state.parent.is_some_and(is_beside)
    }

    /// A state's title; none when its author gave it none.
    pub fn state(&self, path: &str) -> Option<String> {
        let state = self.chart.state(self.chart.state_at(path)?);
        let title = state.title.as_ref().map(|title| title.best(self.language).to_owned());
        title.map(|title| with_key(title, key_in(path)))
    }

    /// What a step is called, or its event.
    pub fn event(&self, name: &str) -> String {
        let (event, key) = if self.chart.eaches.is_empty() { (name, None) } else { split(name) };
        let mut named = self.chart.transitions.iter().filter(|one| one.event.as_deref() == Some(event));
        let title = named.find_map(|one| one.title.as_ref());
        let title = title.map_or_else(|| event.to_owned(), |title| title.best(self.language).to_owned());
        with_key(title, key)
    }

    /// A field's title, or its name; of a part of a record both.
    pub fn field(&self, name: &str) -> String {
        let find = |name: &str| self.chart.fields.iter().find(|field| &*field.name == name);
        if let Some((list, part)) = name.split_once('.')
            && let Some(column) =
                find(list).and_then(|list| list.columns.iter().find(|one| &*one.name == part))
        {
            let title = column.field.as_ref().and_then(|field| field.title.as_ref());
            let part = title.map_or_else(|| part.to_owned(), |title| title.best(self.language).to_owned());
            return format!("{}: {part}", self.field(list));
        }
        let columns = self.chart.fields.iter().flat_map(|field| &field.columns);
        let field = find(name).or_else(|| columns.into_iter().find(|column| &*column.name == name));
        let title = field.and_then(|field| field.field.as_ref()?.title.as_ref());
        title.map_or_else(|| name.to_owned(), |title| title.best(self.language).to_owned())
    }

    /// A role's title, or its name.
    pub fn role(&self, name: &str) -> String {
        let role = self.chart.library.roles.get(name);
        role.map_or_else(|| name.to_owned(), |role| role.title.best(self.language).to_owned())
    }

    /// A value as people of the language write it.
    pub fn value(&self, value: &Value) -> String {
        match value {
            Value::Int(number) => language::number((*number).into(), self.language),
            Value::Decimal(number) => language::number(*number, self.language),
            Value::Date(day) => language::date(*day, self.language),
            Value::Time(moment) => {
                let day = moment.with_timezone(&self.chart.offset).date_naive();
                let time = language::time(*moment, self.chart.offset, self.language);
                format!("{} {time}", language::date(day, self.language))
            }
            Value::List(items) => {
                let comma = if self.language == Language::Fa { "، " } else { ", " };
                items.iter().map(|item| self.value(item)).collect::<Vec<_>>().join(comma)
            }
            other => other.to_string(),
        }
    }

    /// Some values are names of things that have a title of their own.
    fn value_of(&self, name: &str, value: &Value) -> String {
        match (name, value) {
            ("field", Value::Text(field)) => self.field(field),
            ("expected", Value::Text(key)) => self.fill(key, |_| None),
            // What has a text of its own is called by it.
            ("about", Value::List(items)) => {
                let said = |item: &Value| match item.as_text() {
                    Some(key) if self.chart.library.reasons.get(key).is_some() => {
                        Value::text(self.fill(key, |_| None))
                    }
                    _ => item.clone(),
                };
                self.value(&Value::List(items.iter().map(said).collect()))
            }
            ("roles", Value::List(roles)) => {
                let titles = roles.iter().filter_map(Value::as_text).map(|role| Value::text(self.role(role)));
                self.value(&Value::List(titles.collect()))
            }
            _ => self.value(value),
        }
    }

    /// The text of a reason key with `{name}` filled in; a key without a text speaks for itself.
    fn fill(&self, key: &str, value: impl Fn(&str) -> Option<String>) -> String {
        let Some(text) = self.chart.library.reasons.get(key) else { return key.replace('_', " ") };
        let mut filled = String::new();
        let mut rest = text.best(self.language);
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            match after.split_once('}') {
                Some((name, after)) => {
                    filled.push_str(&value(name).unwrap_or_else(|| "–".to_owned()));
                    rest = after;
                }
                None => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        filled
    }
}
