//! Looks up what an author names, and keeps what is wrong.

mod values;

use std::sync::Arc;

use crate::deadline::Length;
use crate::definition::field::Field;
use crate::definition::process::{FormField, Subject};
use crate::definition::{Action as Written, OneOrMany, Process, Table, walk};
use crate::diagnostic::{Diagnostic, Place, Sources, Sp};
use crate::effect::slot::Slot;
use crate::effect::{self, Action};
use crate::facts::shape::{self, Kind};
use crate::interface::Interface;
use crate::ledger::Template;
use crate::library::Library;
use crate::statechart::transition::Guard;
use crate::statechart::{FormEntry, StateId};

use super::eaches::Inside;
use super::tree::Tree;

/// A record of a list of which something must hold.
struct Row<'a> {
    columns: Vec<(Arc<str>, Kind)>,
    written: &'a Table<Field>,
}

/// What is known while a process is compiled.
pub(crate) struct Binder<'a> {
    library: &'a Library,
    sources: &'a Sources,
    tree: &'a Tree<'a>,
    fields: Vec<(Arc<str>, Kind)>,
    lenient: bool,
    sent: Vec<String>,
    /// Names of what comes with the chart's own events.
    sent_with: Vec<&'a str>,
    /// What is known inside the states that run for each of many.
    insides: Vec<Inside<'a>>,
    /// Which of them is being bound.
    pub(super) at: Option<u16>,
    /// What is known of each record of the list whose checks are being bound.
    row: Option<Row<'a>>,
    /// What the ticket gives whose answer is being bound; none: `data` is a form.
    pub(super) answers: Option<Vec<(Arc<str>, Kind)>>,
    found: Vec<Diagnostic>,
}

impl<'a> Binder<'a> {
    pub(super) fn new(
        library: &'a Library,
        sources: &'a Sources,
        process: &'a Process,
        tree: &'a Tree<'a>,
        fields: &[(Arc<str>, Kind)],
        lenient: bool,
    ) -> Self {
        let sent_with = walk::actions(process).into_iter().filter_map(|action| match action {
            Written::Send(send) => Some(send.data.keys()),
            _ => None,
        });
        Self {
            library,
            sources,
            tree,
            fields: fields.to_vec(),
            lenient,
            sent: Vec::new(),
            sent_with: sent_with.flatten().collect(),
            insides: Inside::of(tree, fields),
            at: None,
            row: None,
            answers: None,
            found: Vec::new(),
        }
    }

    /// The events that the chart sends to itself, and everything that is wrong.
    pub(super) fn finish(self) -> (Vec<String>, Vec<Diagnostic>) {
        (self.sent, self.found)
    }

    /// A process as others see it.
    pub(super) fn interface(&self, process: &str) -> Option<&Interface> {
        self.library.interfaces.get(process)
    }

    /// What this process is about.
    pub(super) fn subject(&self) -> Option<Subject> {
        self.tree.subject()
    }

    pub(super) fn unknown_process(&mut self, name: &Sp<String>) {
        self.unknown("AC0801", "process", name, self.library.interfaces.keys().map(String::as_str));
    }

    pub(super) fn is_lenient(&self) -> bool {
        self.lenient
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    fn unknown<'n>(
        &mut self,
        code: &'static str,
        what: &str,
        name: &Sp<String>,
        valid: impl Iterator<Item = &'n str>,
    ) {
        let message = format!("unknown {what} `{}`", name.value);
        let label = format!("no such {what}");
        let diagnostic = Diagnostic::error(code, name.place, message).label(label);
        self.found.push(diagnostic.nearest(what, &name.value, valid));
    }

    pub(super) fn unknown_state(&mut self, code: &'static str, name: &Sp<String>, message: &str) {
        let diagnostic = Diagnostic::error(code, name.place, format!("{message} `{}`", name.value));
        // A mistyped key is nearer to a key than to a whole path.
        let keys = self.tree.flats().iter().map(|flat| flat.key).filter(|key| !key.is_empty());
        let valid: Vec<&str> =
            if name.value.contains('.') { self.tree.paths().collect() } else { keys.collect() };
        self.found.push(diagnostic.label("no such state").nearest("state", &name.value, valid));
    }

    pub(super) fn state(
        &mut self,
        name: &Sp<String>,
        scope: Option<StateId>,
        tree: &Tree<'_>,
    ) -> Option<StateId> {
        let found = tree.resolve(&name.value, scope);
        if found.is_none() {
            self.unknown_state("AC0102", name, "unknown state");
        }
        found
    }

    /// An event that the chart sends to itself.
    pub(crate) fn sends(&mut self, event: &Sp<String>) {
        self.sent.push(event.value.clone());
    }

    pub(crate) fn length(&mut self, text: &Sp<String>) -> Option<Length> {
        Length::compile(text).map_err(|wrong| self.found.push(*wrong)).ok()
    }

    pub(super) fn actions(&mut self, actions: &OneOrMany<Written>) -> Vec<Action> {
        self.action_list(&actions.0)
    }

    pub(super) fn action_list(&mut self, actions: &[Written]) -> Vec<Action> {
        actions.iter().filter_map(|action| effect::bind(action, self)).collect()
    }

    pub(super) fn form(&mut self, form: &[FormField]) -> Vec<FormEntry> {
        let mut entries = Vec::new();
        for asked in form {
            let Some((field, column)) = self.asked(&asked.field) else { continue };
            let when = self.condition(asked.when.as_ref()).flatten();
            let (when, states) = when.map(|bound| (bound.expression, bound.states)).unzip();
            let states = states.unwrap_or_default();
            let required =
                asked.required.or_else(|| self.required_by_default(field, column)).unwrap_or(false);
            let from = asked.from.as_ref().and_then(|from| self.field_value(&asked.field.value, from));
            self.rows_to_fix(&asked.field, asked.from.is_some());
            let columns = self.asked_of_a_row(asked);
            entries.push(FormEntry { field, column, required, when, states, from, columns });
        }
        entries
    }

    /// The form of an opening begins empty: what a ticket knows is not there before it.
    pub(super) fn opening_form(&mut self, form: &[FormField]) -> Vec<FormEntry> {
        for begun in form.iter().filter_map(|asked| asked.from.as_ref()) {
            let message = "a form that opens a ticket begins empty".to_owned();
            let wrong = Diagnostic::error("AC0829", begun.place, message);
            self.push(wrong.help("remove `from`; a field's `default` is for new tickets"));
        }
        self.form(form)
    }

    /// The parts of a row that an entry asks for, if it names them: the field has them, and no part stays without the
    /// answer that it must have.
    fn asked_of_a_row(&mut self, asked: &FormField) -> Option<Vec<String>> {
        let columns = asked.columns.as_ref()?;
        let field = self.tree.fields().get(&asked.field.value)?;
        let known: Vec<&str> = field.part_columns().into_iter().chain(field.of.keys()).collect();
        for column in columns.iter().filter(|column| !known.contains(&column.value.as_str())) {
            let message = format!("a row of `{}` has no `{}` to ask", asked.field.value, column.value);
            let wrong = Diagnostic::error("AC0840", column.place, message);
            self.found.push(wrong.nearest("part", &column.value, known.iter().copied()));
        }
        let is_named = |name: &str| columns.iter().any(|column| column.value == name);
        let must_have =
            |(name, part): &(&Sp<String>, &Field)| part.required && !part.fixed && !is_named(&name.value);
        if let Some((name, _)) = field.of.iter().find(must_have) {
            let message =
                format!("`{}` of `{}` is required, but not asked here", name.value, asked.field.value);
            let wrong = Diagnostic::error("AC0840", asked.field.place, message);
            self.found.push(wrong.help("name it under `columns`, or let it be left out: `required: false`"));
        }
        Some(columns.iter().map(|column| column.value.clone()).collect())
    }

    /// Parts that are only shown need a row that the form begins with.
    fn rows_to_fix(&mut self, asked: &Sp<String>, is_begun: bool) {
        let fields = self.tree.fields();
        let parts = fields.get(&asked.value).into_iter().flat_map(|field| field.of.iter());
        let Some((part, _)) = parts.into_iter().find(|(_, part)| part.fixed).filter(|_| !is_begun) else {
            return;
        };
        let message =
            format!("`{}` of `{}` is fixed, but the form begins with no rows", part.value, asked.value);
        self.push(
            Diagnostic::error("AC0828", asked.place, message)
                .help("say what it begins with: `{field: …, from: …}`"),
        );
    }

    fn required_by_default(&self, field: u16, column: Option<u16>) -> Option<bool> {
        let (name, _) = self.fields.get(usize::from(field))?;
        let field = self.tree.fields().get(name)?;
        let Some(column) = column else { return Some(field.required) };
        field.of.iter().nth(usize::from(column)).map(|(_, column)| column.required)
    }

    /// What a form's entry is about: a field, or inside instances a part of the record at hand.
    fn asked(&mut self, name: &Sp<String>) -> Option<(u16, Option<u16>)> {
        match self.slot_to_set(name)? {
            Slot::Field(field) => Some((field, None)),
            Slot::Column(part) => {
                let inside = self.inside()?;
                let at = inside.columns.iter().position(|(name, _)| *name == part)?;
                Some((inside.field?, Some(u16::try_from(at).ok()?)))
            }
        }
    }

    /// What must hold of each record of a list.
    pub(super) fn row_checks(&mut self, name: &str) -> Vec<Guard> {
        let fields: &'a Table<Field> = self.tree.fields();
        let Some(field) = fields.get(name).filter(|field| !field.check.is_empty()) else {
            return Vec::new();
        };
        let columns = field.of.iter();
        let columns = columns.map(|(name, part)| (Arc::from(name.value.as_str()), shape::field_kind(part)));
        self.row = Some(Row { columns: columns.collect(), written: &field.of });
        let checks = self.guards(&field.check);
        self.row = None;
        checks
    }

    /// What is known where the binder stands, if that is inside instances.
    pub(super) fn inside(&self) -> Option<&Inside<'a>> {
        self.insides.get(usize::from(self.at?))
    }

    /// Where a value of this name stands, if there is such a place.
    pub(crate) fn slot(&self, name: &str) -> Option<Slot> {
        if let Some(inside) = self.inside()
            && let Some(part) = inside.part(name)
        {
            let is_known = inside.columns.iter().any(|(name, _)| **name == *part);
            // A bare chart does not say what its records hold.
            let may_be = is_known || (self.lenient && inside.columns.is_empty());
            return may_be.then(|| Slot::Column(part.into()));
        }
        self.field(name).map(Slot::Field)
    }

    /// A place that must be there.
    pub(crate) fn slot_to_set(&mut self, name: &Sp<String>) -> Option<Slot> {
        let slot = self.slot(&name.value);
        if slot.is_none() {
            let parts = self.inside().into_iter();
            let parts = parts
                .flat_map(|inside| inside.columns.iter().map(|(part, _)| format!("{}.{part}", inside.alias)));
            let parts: Vec<String> = parts.collect();
            let names: Vec<Arc<str>> = self.fields.iter().map(|(name, _)| name.clone()).collect();
            let valid = names.iter().map(AsRef::as_ref).chain(parts.iter().map(String::as_str));
            self.unknown("AC0110", "field", name, valid);
        }
        slot
    }

    pub(crate) fn field(&self, name: &str) -> Option<u16> {
        let at = self.fields.iter().position(|(known, _)| &**known == name)?;
        u16::try_from(at).ok()
    }

    /// A field that must be there.
    pub(crate) fn field_to_set(&mut self, name: &Sp<String>) -> Option<u16> {
        let field = self.field(&name.value);
        if field.is_none() {
            let names: Vec<Arc<str>> = self.fields.iter().map(|(name, _)| name.clone()).collect();
            self.unknown("AC0110", "field", name, names.iter().map(AsRef::as_ref));
        }
        field
    }

    /// A fact's name that a decision may be stored under.
    pub(crate) fn world_name(&mut self, name: &Sp<String>) -> Option<Arc<str>> {
        let known = shape::WORLD.iter().any(|entry| entry.name == name.value);
        if !known && !self.lenient {
            let facts = shape::WORLD.iter().map(|entry| entry.name);
            let fields: Vec<Arc<str>> = self.fields.iter().map(|(name, _)| name.clone()).collect();
            self.unknown("AC0110", "field or fact", name, facts.chain(fields.iter().map(AsRef::as_ref)));
            return None;
        }
        Some(name.value.as_str().into())
    }

    /// A role, by its name.
    pub(crate) fn role(&mut self, role: &Sp<String>) -> String {
        if !self.lenient && role.value != "system" && self.library.roles.get(&role.value).is_none() {
            self.unknown("AC0105", "role", role, self.library.roles.keys());
        }
        role.value.clone()
    }

    pub(crate) fn message(&mut self, message: &Sp<String>) {
        if !self.lenient && self.library.messages.get(&message.value).is_none() {
            self.unknown("AC0106", "message", message, self.library.messages.keys());
        }
    }

    /// A rule whose parameters are all there: facts, fields of this process, or these locals.
    pub(crate) fn rule(&mut self, rule: &Sp<String>, locals: &[&str]) -> Option<()> {
        let Some(parameters) = self.library.rules.parameters(&rule.value) else {
            self.unknown("AC0107", "rule", rule, self.library.rules.names());
            return None;
        };
        let inside = self.inside().map(|inside| inside.alias.clone());
        let known = |name: &str| {
            locals.contains(&name)
                || inside.as_deref() == Some(name)
                || self.field(name).is_some()
                || shape::WORLD.iter().any(|entry| entry.name == name)
        };
        let missing: Vec<String> =
            parameters.filter(|name| !self.lenient && !known(name)).map(str::to_owned).collect();
        for name in missing {
            let message =
                format!("the rule `{}` asks for `{name}`, which this process does not have", rule.value);
            self.push(
                Diagnostic::error("AC0311", rule.place, message)
                    .help(format!("add the field `{name}` to `fields`, or use another rule")),
            );
        }
        Some(())
    }

    pub(crate) fn voucher(&mut self, template: &Sp<String>) -> Option<Arc<Template>> {
        let found = self.library.vouchers.get(&template.value).cloned();
        match &found {
            Some(found) if !self.lenient => found.expressions().for_each(|it| self.hold_to_fields(it)),
            Some(_) => {}
            None => {
                self.unknown("AC0108", "voucher", template, self.library.vouchers.keys().map(String::as_str));
            }
        }
        found
    }

    pub(crate) fn series(&mut self, series: &Sp<String>) {
        let Some(company) = &self.library.company else { return };
        if !company.numbers.contains_key(series.value.as_str()) {
            self.unknown("AC0109", "number series", series, company.numbers.keys().map(AsRef::as_ref));
        }
    }

    fn source_line(&self, place: Place) -> Arc<str> {
        format!("{}:{}", self.sources.path(place.source), place.line).into()
    }
}
