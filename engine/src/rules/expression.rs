//! A guard or another expression in a definition file, compiled once.

use std::borrow::Cow;
use std::sync::Arc;

use super::lower::{Lower, kinds};
use super::parse;
use super::program::Node;
use super::run::{Frame, Machine, Roots};
use super::scope::{Findings, Mark, Origin, Scope};
use super::{Name, RuleError, View};
use crate::diagnostic::{Diagnostic, Place, Sp};
use crate::facts::Value;
use crate::facts::shape::Kind;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Expression(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    text: Sp<String>,
    node: Node,
    names: Vec<Name>,
    kind: Kind,
    reads: Vec<String>,
    states: Vec<Sp<String>>,
    compared: Vec<(String, String)>,
}

impl Expression {
    /// Reads an expression against the names that hold where it stands.
    ///
    /// # Errors
    /// The first mistake in it; [`Expression::check`] gives all.
    pub fn compile(text: &Sp<String>, scope: &Scope<'_>) -> Result<Self, Box<Diagnostic>> {
        Self::check(text, scope).map_err(|mut found| {
            found.reverse();
            Box::new(found.pop().unwrap_or_else(|| Diagnostic::error("AC0304", text.place, "cannot be read")))
        })
    }

    /// Reads an expression, and gives all mistakes in it.
    ///
    /// # Errors
    /// What is wrong, at least one finding.
    pub fn check(text: &Sp<String>, scope: &Scope<'_>) -> Result<Self, Vec<Diagnostic>> {
        let mut findings = Findings { origin: Origin::Scalar(text), found: Vec::new() };
        let Some(tree) = parse::expression(&text.value, &mut findings) else { return Err(findings.found) };
        let mut lower = Lower::expression(findings, *scope);
        let (node, kind) = lower.block_value(tree.statements(), Mark { line: 1, column: 1 });
        if !lower.findings.found.is_empty() {
            return Err(lower.findings.found);
        }
        let names = lower.roots.into_iter().map(|(name, _)| name).collect();
        let reads = lower.reads.iter().map(|read| read.path.to_string()).collect();
        let (states, compared) = (lower.states, lower.compared);
        Ok(Self(Arc::new(Compiled { text: text.clone(), node, names, kind, reads, states, compared })))
    }

    /// Its value.
    ///
    /// # Errors
    /// When it has none with these facts.
    pub fn eval(&self, view: &dyn View) -> Result<Value, RuleError> {
        self.read(view, |value| value.into_owned())
    }

    /// What is made of its value, which is not copied where it stands among the facts.
    ///
    /// # Errors
    /// When it has none with these facts.
    pub fn read<T>(&self, view: &dyn View, make: impl FnOnce(Cow<'_, Value>) -> T) -> Result<T, RuleError> {
        let compiled = &*self.0;
        match &compiled.node {
            Node::Const(value) => Ok(make(Cow::Borrowed(value))),
            Node::Root(n) => Ok(make(Cow::Borrowed(self.roots(view).get(*n)))),
            node => {
                let frame = Frame { roots: self.roots(view), locals: smallvec::SmallVec::new() };
                let machine = Machine::new(&[], &[]);
                let value = machine.eval(node, &frame).map_err(|fault| self.error(&fault.message))?;
                Ok(make(value))
            }
        }
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// When it has no answer with these facts, or one that is not yes or no.
    pub fn holds(&self, view: &dyn View) -> Result<bool, RuleError> {
        let compiled = &*self.0;
        match &compiled.node {
            Node::Root(n) => match self.roots(view).get(*n) {
                Value::Bool(holds) => Ok(*holds),
                other => Err(self.error(&format!("yes or no is expected here, not {}", other.kind()))),
            },
            Node::StateIn(n) => Ok(view.is_in(*n)),
            node => {
                let frame = Frame { roots: self.roots(view), locals: smallvec::SmallVec::new() };
                let machine = Machine::new(&[], &[]);
                let mark = Mark { line: 1, column: 1 };
                machine.truth(node, &frame, mark).map_err(|fault| self.error(&fault.message))
            }
        }
    }

    fn roots<'f>(&'f self, view: &'f dyn View) -> Roots<'f> {
        Roots::View { view, names: &self.0.names }
    }

    #[cold]
    fn error(&self, message: &str) -> RuleError {
        RuleError {
            message: format!("{message} in `{}`", self.0.text.value),
            source_line: format!("line {}", self.0.text.place.line),
        }
    }

    /// The type of its value, as far as it is known beforehand.
    pub fn kind(&self) -> Option<Kind> {
        Some(self.0.kind).filter(|kind| *kind != Kind::Any)
    }

    /// What is wrong with it where a condition stands, if it is known not to be one.
    pub fn no_condition(&self) -> Option<Diagnostic> {
        let other = !matches!(self.0.kind, Kind::Bool | Kind::Any)
            || matches!(&self.0.node, Node::Const(value) if value.as_bool().is_none());
        other.then(|| {
            Diagnostic::error("AC0310", self.place(), format!("`{}` is not a condition", self.text()))
                .label("neither yes nor no")
                .help("compare it with something, such as `charges.customer_owes == 0`")
        })
    }

    /// What is wrong with it where a value of this kind stands, if it is known to be of another.
    pub fn objection(&self, expected: Kind) -> Option<String> {
        let found = self.kind().filter(|found| !kinds::alike(*found, expected))?;
        let (found, expected) = (kinds::word(found)?, kinds::word(expected)?);
        Some(format!("`{}` is {found}; {expected} is expected here", self.text()))
    }

    /// Its value, when it depends on nothing.
    pub fn constant(&self) -> Option<&Value> {
        match &self.0.node {
            Node::Const(value) => Some(value),
            _ => None,
        }
    }

    /// Facts that it reads, as dotted paths.
    pub fn reads(&self) -> &[String] {
        &self.0.reads
    }

    /// Dotted paths of fields with the texts that they are compared with.
    pub fn compared(&self) -> &[(String, String)] {
        &self.0.compared
    }

    /// States that it asks for; [`View::is_in`] gets the position in this list.
    pub fn states(&self) -> &[Sp<String>] {
        &self.0.states
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.0.text.value
    }

    pub fn place(&self) -> Place {
        self.0.text.place
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
