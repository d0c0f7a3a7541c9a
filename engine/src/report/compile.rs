//! A report's file to a [`Report`]: everything that can be wrong before anybody opens it is found here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Column, Content, Report};
use crate::bundle::LoadedProcess;
use crate::definition::Expression as Written;
use crate::definition::report::{self, ReportFile};
use crate::diagnostic::{Diagnostic, Sp};
use crate::facts::shape::{self, Kind};
use crate::library::Library;
use crate::rules::{Expression, Scope};

/// What an expression may name besides the fields of the process.
const TODAY: &str = "today";

impl Report {
    /// Checks a report against what its bundle has.
    ///
    /// # Errors
    /// Every finding at once.
    pub fn compile(
        file: &ReportFile,
        all: &BTreeMap<String, LoadedProcess>,
        library: &Library,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut compiler = Compiler { processes: Vec::new(), library, fields: Vec::new(), found: Vec::new() };
        for name in file.process.iter() {
            match all.get(&name.value) {
                Some(process) => compiler.processes.push(process),
                None => {
                    let message = format!("unknown process `{}`", name.value);
                    let wrong = Diagnostic::error("AC0660", name.place, message).label("no such process");
                    compiler.found.push(wrong.nearest(
                        "process",
                        &name.value,
                        all.keys().map(String::as_str),
                    ));
                }
            }
        }
        if file.process.is_empty() {
            compiler.found.push(Diagnostic::error(
                "AC0660",
                file.report.place,
                "the report names no process",
            ));
        }
        if !compiler.found.is_empty() {
            return Err(compiler.found);
        }
        compiler.fields = in_common(&compiler.processes);
        let by: Vec<_> = file.by.iter().filter_map(|name| compiler.key(name)).collect();
        let columns: Vec<_> =
            file.columns.iter().filter_map(|(name, column)| compiler.column(name, column)).collect();
        if file.columns.is_empty() {
            compiler.found.push(Diagnostic::error("AC0661", file.report.place, "the report has no columns"));
        }
        if !compiler.found.is_empty() {
            return Err(compiler.found);
        }
        Ok(Self {
            name: file.report.value.as_str().into(),
            title: file.title.clone(),
            about: file.about.clone(),
            processes: file.process.iter().map(|name| name.value.as_str().into()).collect(),
            by,
            columns,
            place: file.report.place,
        })
    }
}

/// Fields that all of them have, of the same kind.
fn in_common(processes: &[&LoadedProcess]) -> Vec<(Arc<str>, Kind)> {
    let Some((first, others)) = processes.split_first() else { return Vec::new() };
    let fields = first.definition.fields.iter().map(|(name, field)| (&name.value, shape::field_kind(field)));
    let is_common = |name: &str, kind: Kind| {
        others.iter().all(|other| other.definition.fields.get(name).map(shape::field_kind) == Some(kind))
    };
    fields
        .filter(|(name, kind)| is_common(name, *kind))
        .map(|(name, kind)| (name.as_str().into(), kind))
        .collect()
}

struct Compiler<'b> {
    processes: Vec<&'b LoadedProcess>,
    library: &'b Library,
    fields: Vec<(Arc<str>, Kind)>,
    found: Vec<Diagnostic>,
}

impl Compiler<'_> {
    /// A field with plain values.
    fn key(&mut self, name: &Sp<String>) -> Option<Arc<str>> {
        let known = self.fields.iter().find(|(known, _)| **known == *name.value);
        match known.map(|(_, kind)| kind) {
            Some(Kind::Text | Kind::Int | Kind::Bool | Kind::Date) => Some(name.value.as_str().into()),
            Some(_) => {
                let message = format!("the values of `{}` make no rows", name.value);
                let help = "rows are made of texts, choices, codes, whole numbers, flags and days";
                self.found.push(Diagnostic::error("AC0662", name.place, message).help(help));
                None
            }
            None => {
                let message = format!("not every process of the report has the field `{}`", name.value);
                let wrong = Diagnostic::error("AC0662", name.place, message).label("no such field");
                self.found.push(wrong.nearest(
                    "field",
                    &name.value,
                    self.fields.iter().map(|(name, _)| &**name),
                ));
                None
            }
        }
    }

    fn column(&mut self, name: &Sp<String>, column: &report::Column) -> Option<Column> {
        let content = match (&column.count, &column.sum, &column.posted) {
            (Some(when), None, None) => Content::Count(self.expression(when, Kind::Bool)?),
            (None, Some(value), None) => Content::Sum(self.expression(value, Kind::Decimal)?),
            (None, None, Some(posted)) => self.posted(posted)?,
            _ => {
                let message =
                    format!("the column `{}` has not one of `count`, `sum` and `posted`", name.value);
                self.found.push(Diagnostic::error("AC0661", name.place, message));
                return None;
            }
        };
        Some(Column { name: name.value.as_str().into(), title: column.title.clone(), content })
    }

    fn expression(&mut self, text: &Written, kind: Kind) -> Option<Expression> {
        let scope = Scope { fields: &self.fields, ..Scope::default() };
        let expression = Expression::compile(text, &scope).map_err(|wrong| self.found.push(*wrong)).ok()?;
        let before = self.found.len();
        let wrong = if kind == Kind::Bool {
            expression.no_condition()
        } else {
            let objection = expression.objection(kind);
            objection.map(|message| Diagnostic::error("AC0305", text.place, message).label("of another kind"))
        };
        self.found.extend(wrong);
        for path in expression.reads() {
            let head = path.split('.').next().unwrap_or_default();
            if head != TODAY && !self.fields.iter().any(|(known, _)| **known == *head) {
                let message = format!("a report does not know `{head}`");
                let help = "its expressions see the fields of the ticket, `in(\"…\")` and `today`";
                self.found.push(Diagnostic::error("AC0663", text.place, message).help(help));
            }
        }
        let charts: Vec<_> = self.processes.iter().filter_map(|process| process.chart.as_ref()).collect();
        let is_state =
            |path: &str| charts.is_empty() || charts.iter().any(|chart| chart.state_at(path).is_some());
        for state in expression.states().iter().filter(|state| !is_state(&state.value)) {
            let message = format!("unknown state `{}`", state.value);
            let help = "give its whole path, such as `visit.work.repairing`";
            self.found.push(Diagnostic::error("AC0104", state.place, message).help(help));
        }
        (self.found.len() == before).then_some(expression)
    }

    fn posted(&mut self, posted: &report::Posted) -> Option<Content> {
        let before = self.found.len();
        for name in posted.vouchers.iter().filter(|name| !self.library.vouchers.contains_key(&name.value)) {
            let message = format!("unknown voucher `{}`", name.value);
            let known = self.library.vouchers.keys().map(String::as_str);
            self.found.push(Diagnostic::error("AC0108", name.place, message).nearest(
                "voucher",
                &name.value,
                known,
            ));
        }
        for code in posted.accounts.iter() {
            if let Err(wrong) = self.library.accounts.postable(code) {
                self.found.push(*wrong);
            }
        }
        let all = |names: &crate::definition::OneOrMany<Sp<String>>| -> Vec<Arc<str>> {
            names.iter().map(|name| name.value.as_str().into()).collect()
        };
        let content = Content::Posted { templates: all(&posted.vouchers), accounts: all(&posted.accounts) };
        (self.found.len() == before).then_some(content)
    }
}
