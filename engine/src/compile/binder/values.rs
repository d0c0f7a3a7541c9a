//! Expressions where they stand: each is held to what is expected there, as far as it is known beforehand.

use std::sync::Arc;

use crate::compile::Binder;
use crate::definition::process::Guard as WrittenGuard;
use crate::definition::{Expression as Text, OneOrMany, Table};
use crate::diagnostic::{Diagnostic, Place, Sp};
use crate::facts::shape::{CHARGE_LINE, Entry, Kind};
use crate::facts::{Value, words};
use crate::rules::{Expression, Scope};
use crate::statechart::transition::Guard;
use crate::step::eyes::Bound;

impl Binder<'_> {
    /// An expression over the facts and the ticket's fields.
    pub(crate) fn expression(&mut self, text: &Text) -> Option<Bound> {
        self.expression_with(text, &[])
    }

    pub(crate) fn expression_with(&mut self, text: &Text, locals: &[(&str, Kind)]) -> Option<Bound> {
        let given = self.answers.as_ref().map(|keys| ("data", keys.as_slice()));
        let inside = self.inside();
        let record = inside.filter(|inside| !inside.columns.is_empty());
        let record = record.map(|inside| (&*inside.alias, inside.columns.as_slice()));
        let row = self.row.as_ref().map(|row| ("row", row.columns.as_slice()));
        let records: Vec<_> = given.into_iter().chain(record).chain(row).collect();
        let alias = inside.map(|inside| (&*inside.alias, Kind::Any));
        let row = row.map(|(name, _)| (name, Kind::Any));
        let locals: Vec<_> = locals.iter().copied().chain(alias).chain(row).collect();
        let scope = Scope { fields: &self.fields, locals: &locals, records: &records, lenient: self.lenient };
        let expression = match Expression::compile(text, &scope) {
            Ok(expression) => expression,
            Err(mut wrong) => {
                self.library.rules.not_called(&mut wrong);
                self.found.push(*wrong);
                return None;
            }
        };
        if !self.lenient {
            self.hold_to_fields(&expression);
        }
        let mut states = Vec::new();
        for name in expression.states().to_vec() {
            match self.tree.resolve(&name.value, None) {
                Some(id) => states.push(id),
                None => self.unknown_state("AC0104", &name, "unknown state"),
            }
        }
        let source = self.source_line(text.place);
        (states.len() == expression.states().len()).then_some(Bound { expression, states, source })
    }

    /// What an expression says about the ticket's own fields: those that a form brings are there, and a choice or a
    /// checklist has such an option or item.
    pub(super) fn hold_to_fields(&mut self, expression: &Expression) {
        let fields = self.tree.fields();
        let place = expression.place();
        for path in expression.reads() {
            let brought = path.strip_prefix("data.");
            let mut keys = brought.unwrap_or(path).split('.');
            let (name, key) = (keys.next().unwrap_or_default(), keys.next());
            let part = self.inside().and_then(|inside| inside.described(name)).filter(|_| brought.is_some());
            let Some(field) = fields.get(name).or(part) else {
                if brought.is_some() && !self.sent_with.contains(&name) && self.answers.is_none() {
                    let wrong = Diagnostic::error("AC0302", place, format!("no form can bring `{name}`"));
                    self.push(wrong.label("no such field").nearest("field", name, fields.keys()));
                }
                continue;
            };
            if let Some(key) = key.filter(|key| !field.items.is_empty() && field.items.get(key).is_none()) {
                let wrong = Diagnostic::error("AC0302", place, format!("`{name}` has no item `{key}`"));
                self.push(wrong.label("no such item").nearest("item", key, field.items.keys()));
            }
        }
        for (path, word) in expression.compared() {
            let brought = path.strip_prefix("data.");
            let name = brought.unwrap_or(path);
            let part = self.inside().and_then(|inside| inside.described(brought.or(inside.part(path))?));
            let of_row = self.row.as_ref().and_then(|row| row.written.get(path.strip_prefix("row.")?));
            let field = of_row.or(fields.get(name)).or(part);
            let Some(field) = field.filter(|field| !field.options.is_empty()) else { continue };
            if field.options.get(word).is_none() {
                let wrong = Diagnostic::error("AC0014", place, format!("`{name}` has no option `{word}`"));
                self.push(wrong.label("never holds").nearest("option", word, field.options.keys()));
            }
        }
    }

    /// An expression whose value is of this kind.
    pub(crate) fn value(&mut self, text: &Text, kind: Kind) -> Option<Bound> {
        self.value_with(text, kind, &[])
    }

    fn value_with(&mut self, text: &Text, kind: Kind, locals: &[(&str, Kind)]) -> Option<Bound> {
        let bound = self.expression_with(text, locals)?;
        if let Some(objection) = bound.expression.objection(kind) {
            self.push(Diagnostic::error("AC0305", text.place, objection).label("of another kind"));
            return None;
        }
        Some(bound)
    }

    /// An optional value: `Some(None)` when there is none, `None` when it is wrong.
    #[expect(clippy::option_option, reason = "absent and wrong are different things")]
    pub(crate) fn optional(&mut self, text: Option<&Text>, kind: Kind) -> Option<Option<Bound>> {
        match text {
            None => Some(None),
            Some(text) => self.value(text, kind).map(Some),
        }
    }

    /// A field's value, as `set` and `default` give it.
    pub(crate) fn field_value(&mut self, name: &str, text: &Text) -> Option<Bound> {
        let inside = self.inside().and_then(|inside| Some((inside, inside.part(name)?)));
        let (columns, key) =
            inside.map_or((self.fields.as_slice(), name), |(inside, part)| (inside.columns.as_slice(), part));
        let kind = columns.iter().find(|(known, _)| &**known == key).map(|(_, kind)| *kind);
        let field =
            inside.map_or_else(|| self.tree.fields().get(name), |(inside, part)| inside.described(part));
        let bound = self.value(text, kind.unwrap_or(Kind::Any))?;
        let options = field.map(|field| &field.options).filter(|options| !options.is_empty());
        if let (Some(options), Some(Value::Text(given))) = (options, bound.expression.constant())
            && options.get(given).is_none()
        {
            let message = format!("`{name}` has no option `{given}`");
            let wrong = Diagnostic::error("AC0014", text.place, message).label("no such option");
            self.push(wrong.nearest("option", given, options.keys()));
        }
        Some(bound)
    }

    /// An optional condition: `Some(None)` when there is none, `None` when it is wrong.
    #[expect(clippy::option_option, reason = "absent and wrong are different things")]
    pub(crate) fn condition(&mut self, text: Option<&Text>) -> Option<Option<Bound>> {
        self.condition_with(text, &[])
    }

    /// A filter over charge lines, which sees each as `line`.
    #[expect(clippy::option_option, reason = "absent and wrong are different things")]
    pub(crate) fn line_filter(&mut self, text: Option<&Text>) -> Option<Option<Bound>> {
        self.condition_with(text, &[("line", Kind::Map(CHARGE_LINE))])
    }

    #[expect(clippy::option_option, reason = "absent and wrong are different things")]
    pub(crate) fn condition_with(
        &mut self,
        text: Option<&Text>,
        locals: &[(&str, Kind)],
    ) -> Option<Option<Bound>> {
        let Some(text) = text else { return Some(None) };
        let bound = self.expression_with(text, locals)?;
        self.must_be_condition(&bound.expression).then_some(Some(bound))
    }

    /// Values by their keys.
    pub(crate) fn table(&mut self, table: &Table<Text>) -> Vec<(Arc<str>, Bound)> {
        table
            .iter()
            .filter_map(|(key, text)| Some((Arc::from(key.value.as_str()), self.expression(text)?)))
            .collect()
    }

    /// What is written into a kind of thing, whose keys and kinds are known.
    pub(crate) fn entries(
        &mut self,
        table: &Table<Text>,
        what: &str,
        entries: &[Entry],
        locals: &[(&str, Kind)],
    ) -> Vec<(Arc<str>, Bound)> {
        let mut bound = Vec::new();
        for (key, text) in table.iter() {
            let kind = self.known_key(key, what, entries);
            let value = self.value_with(text, kind, locals);
            if let Some(Value::Text(word)) = value.as_ref().and_then(|value| value.expression.constant()) {
                self.hold_to_words(what, &key.value, word, text.place);
            }
            bound.extend(value.map(|value| (Arc::from(key.value.as_str()), value)));
        }
        bound
    }

    /// The kind of what stands under a key that a kind of thing has.
    fn known_key(&mut self, key: &Sp<String>, what: &str, entries: &[Entry]) -> Kind {
        let Some(entry) = entries.iter().find(|entry| entry.name == key.value) else {
            let what = format!("key of a {what}");
            self.unknown("AC0110", &what, key, entries.iter().map(|entry| entry.name));
            return Kind::Any;
        };
        entry.kind
    }

    /// A word that is written into a kind of thing, of which some keys are one of a few words.
    pub(crate) fn hold_to_words(&mut self, what: &str, key: &str, word: &str, place: Place) {
        let what = if what == "charge line" { "line" } else { what };
        let words = words::of(&format!("{what}.{key}")).unwrap_or_default();
        if !words.is_empty() && !words.contains(&word) {
            let message = format!("the {key} of a {what} cannot be `{word}`");
            let wrong = Diagnostic::error("AC0014", place, message).label("not one of its words");
            self.push(wrong.nearest("word", word, words.iter().copied()));
        }
    }

    pub(in crate::compile) fn guards(&mut self, guards: &OneOrMany<WrittenGuard>) -> Vec<Guard> {
        let mut bound = Vec::new();
        for guard in guards {
            if let Some(because) = &guard.because
                && !self.lenient
                && self.library.reasons.get(&because.value).is_none()
            {
                self.unknown("AC0111", "reason", because, self.library.reasons.keys());
            }
            let about = guard.about.as_ref().and_then(|about| self.expression(about));
            if let Some(Bound { expression, states, source }) = self.condition(Some(&guard.when)).flatten() {
                let because = guard.because.as_ref().map(|because| because.value.clone());
                bound.push(Guard { when: expression, states, source, because, about });
            }
        }
        bound
    }

    /// What is known not to be yes or no would refuse every step.
    fn must_be_condition(&mut self, expression: &Expression) -> bool {
        let objection = expression.no_condition();
        let holds = objection.is_none();
        self.found.extend(objection);
        holds
    }
}
