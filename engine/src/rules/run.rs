//! Walks a compiled tree: facts in, value out. Nothing else is seen, nothing is changed but its own variables.
//!
//! What has no answer is a [`Fault`] with its place; nothing falls back to false.

mod statement;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use smallvec::SmallVec;

use super::functions::calendar;
use super::limits::{Budget, MAX_CALLS, NOTED};
use super::operators::{calculate, contains, equal, negate, order};
use super::program::{Body, Node, Read, Site};
use super::scope::Mark;
use super::{Condition, Name, View};
use crate::facts::{Map, Value};

/// Why there is no answer.
#[derive(Debug)]
pub struct Fault {
    pub message: String,
    pub mark: Mark,
}

pub type Got<'f> = Result<Cow<'f, Value>, Box<Fault>>;

/// Puts a place to a message.
pub trait At<T> {
    fn at(self, mark: Mark) -> Result<T, Box<Fault>>;
}

impl<T> At<T> for Result<T, String> {
    fn at(self, mark: Mark) -> Result<T, Box<Fault>> {
        self.map_err(|message| Box::new(Fault { message, mark }))
    }
}

fn fault<T>(mark: Mark, message: String) -> Result<T, Box<Fault>> {
    Err(Box::new(Fault { message, mark }))
}

static NOTHING: Value = Value::Null;

/// Where names get their values.
#[derive(Clone, Copy)]
pub enum Roots<'f> {
    View { view: &'f dyn View, names: &'f [Name] },
    Arguments(&'f [Cow<'f, Value>]),
}

impl<'f> Roots<'f> {
    pub fn get(self, n: u16) -> &'f Value {
        let n = usize::from(n);
        let value = match self {
            Self::View { view, names } => names.get(n).and_then(|name| view.value(name)),
            Self::Arguments(values) => values.get(n).map(|value| &**value),
        };
        value.unwrap_or(&NOTHING)
    }
}

/// One function call's facts and variables.
pub struct Frame<'f> {
    pub roots: Roots<'f>,
    pub locals: SmallVec<[Value; 6]>,
}

/// One evaluation: what it may use, and what it has noted.
pub struct Machine<'p> {
    pub bodies: &'p [Body],
    pub sites: &'p [Site],
    pub budget: Budget,
    pub calls: Cell<u8>,
    pub noted: RefCell<Vec<Condition>>,
}

impl<'p> Machine<'p> {
    pub fn new(bodies: &'p [Body], sites: &'p [Site]) -> Self {
        let noted = RefCell::new(Vec::with_capacity(if sites.is_empty() { 0 } else { 12 }));
        Self { bodies, sites, budget: Budget::default(), calls: Cell::new(0), noted }
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// When it has none.
    pub fn eval<'f>(&self, node: &'f Node, frame: &'f Frame<'_>) -> Got<'f> {
        match node {
            Node::Broken => fault(Mark::default(), "the text has mistakes".to_owned()),
            Node::Const(value) => Ok(Cow::Borrowed(value)),
            Node::Root(n) => Ok(Cow::Borrowed(frame.roots.get(*n))),
            Node::Path { root, keys, mark } => path(frame.roots.get(*root), keys, *mark),
            Node::Local(n) => Ok(Cow::Borrowed(frame.locals.get(usize::from(*n)).unwrap_or(&NOTHING))),
            Node::Not(..)
            | Node::And(..)
            | Node::Or(..)
            | Node::Equal { .. }
            | Node::Order { .. }
            | Node::Contains(..)
            | Node::StateIn(_)
            | Node::Condition { .. } => self.test(node, frame).map(|holds| Cow::Owned(Value::Bool(holds))),
            Node::Calculate { operator, pair, mark } => {
                let (left, right) = (self.eval(&pair.0, frame)?, self.eval(&pair.1, frame)?);
                let value = calculate(*operator, &left, &right).at(*mark)?;
                self.budget.keep(&value).at(*mark)?;
                Ok(Cow::Owned(value))
            }
            Node::Negate(of, mark) => Ok(Cow::Owned(negate(&*self.eval(of, frame)?).at(*mark)?)),
            Node::Otherwise(nodes) => self.otherwise(nodes, frame),
            Node::If(parts, mark) => {
                let (test, then, otherwise) = &**parts;
                self.eval(if self.truth(test, frame, *mark)? { then } else { otherwise }, frame)
            }
            Node::Call { function, arguments, mark } => self.call(function.run, arguments, frame, *mark),
            Node::Own { function, arguments, mark } => self.own(*function, arguments, frame, *mark),
            Node::Get { of, key, optional, mark } => get(self.eval(of, frame)?, key, *optional, *mark),
            Node::Index { of, index, mark } => self.index(of, index, frame, *mark),
            Node::List(nodes, mark) => self.list(nodes, frame, *mark),
            Node::Map(entries, mark) => self.map(entries, frame, *mark),
            Node::Text(nodes, mark) => self.text(nodes, frame, *mark),
        }
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// When it has no answer, or one that is not yes or no.
    pub fn truth(&self, node: &Node, frame: &Frame<'_>, mark: Mark) -> Result<bool, Box<Fault>> {
        match node {
            Node::Not(..)
            | Node::And(..)
            | Node::Or(..)
            | Node::Equal { .. }
            | Node::Order { .. }
            | Node::Contains(..)
            | Node::StateIn(_)
            | Node::Condition { .. } => self.test(node, frame),
            _ => match &*self.eval(node, frame)? {
                Value::Bool(holds) => Ok(*holds),
                other => fault(mark, format!("yes or no is expected here, not {}", other.kind())),
            },
        }
    }

    /// Operators that answer yes or no.
    fn test(&self, node: &Node, frame: &Frame<'_>) -> Result<bool, Box<Fault>> {
        match node {
            Node::Not(of, mark) => self.truth(of, frame, *mark).map(|holds| !holds),
            Node::And(nodes, mark) => {
                for node in nodes {
                    if !self.truth(node, frame, *mark)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Node::Or(nodes, mark) => {
                for node in nodes {
                    if self.truth(node, frame, *mark)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Node::Equal { pair, negated, mark } => {
                let (left, right) = (self.eval(&pair.0, frame)?, self.eval(&pair.1, frame)?);
                self.budget.look_at(&left).at(*mark)?;
                Ok(equal(&left, &right) != *negated)
            }
            Node::Order { order: by, pair, mark } => {
                let (left, right) = (self.eval(&pair.0, frame)?, self.eval(&pair.1, frame)?);
                order(*by, &left, &right).at(*mark)
            }
            Node::Contains(pair, mark) => {
                let (container, item) = (self.eval(&pair.0, frame)?, self.eval(&pair.1, frame)?);
                self.budget.look_at(&container).at(*mark)?;
                contains(&container, &item).at(*mark)
            }
            Node::StateIn(n) => match frame.roots {
                Roots::View { view, .. } => Ok(view.is_in(*n)),
                Roots::Arguments(_) => Ok(false),
            },
            Node::Condition { site, test, mark } => {
                let holds = self.truth(test, frame, *mark)?;
                self.note(*site, holds, frame).at(*mark)?;
                Ok(holds)
            }
            _ => Ok(false),
        }
    }

    /// A value to keep. What was just made is paid for already; a copy of what is there is not.
    fn owned(&self, value: Cow<'_, Value>, mark: Mark) -> Result<Value, Box<Fault>> {
        if let Cow::Borrowed(value) = value {
            self.budget.keep(value).at(mark)?;
        }
        Ok(value.into_owned())
    }

    /// Keeps a condition for the explanation; what it keeps is paid for like everything else.
    fn note(&self, site: u16, holds: bool, frame: &Frame<'_>) -> Result<(), String> {
        let Some(site) = self.sites.get(usize::from(site)) else { return Ok(()) };
        self.budget.spend(NOTED)?;
        let mut values = Vec::with_capacity(site.reads.len());
        for read in &site.reads {
            let value = seen(read, frame);
            self.budget.spend(1)?;
            self.budget.keep(&value)?;
            values.push((read.path.clone(), value));
        }
        let (name, source) = (site.name.clone(), site.source.clone());
        self.noted.borrow_mut().push(Condition { name, holds, values, source });
        Ok(())
    }

    fn otherwise<'f>(&self, nodes: &'f [Node], frame: &'f Frame<'_>) -> Got<'f> {
        for node in nodes {
            let value = self.eval(node, frame)?;
            if !value.is_null() {
                return Ok(value);
            }
        }
        Ok(Cow::Borrowed(&NOTHING))
    }

    fn call<'f>(
        &self,
        run: fn(&[&Value]) -> Result<Value, String>,
        arguments: &'f [Node],
        frame: &'f Frame<'_>,
        mark: Mark,
    ) -> Got<'f> {
        let mut values: SmallVec<[Cow<'f, Value>; 3]> = SmallVec::new();
        for argument in arguments {
            values.push(self.eval(argument, frame)?);
        }
        let seen: SmallVec<[&Value; 3]> = values.iter().map(|value| &**value).collect();
        // A function may walk a list argument; that is work like any other.
        let items: usize = seen.iter().map(|value| value.as_list().len()).sum();
        self.budget.spend(1 + items).at(mark)?;
        let value = run(&seen).at(mark)?;
        self.budget.keep(&value).at(mark)?;
        Ok(Cow::Owned(value))
    }

    fn own<'f>(&self, function: u16, arguments: &'f [Node], frame: &'f Frame<'_>, mark: Mark) -> Got<'f> {
        let mut values: SmallVec<[Cow<'f, Value>; 6]> = SmallVec::new();
        for argument in arguments {
            values.push(self.eval(argument, frame)?);
        }
        self.invoke(function, &values, mark).map(Cow::Owned)
    }

    /// Calls one of the designer's functions.
    ///
    /// # Errors
    /// When it fails, or calls nest too deep.
    pub fn invoke(
        &self,
        function: u16,
        arguments: &[Cow<'_, Value>],
        mark: Mark,
    ) -> Result<Value, Box<Fault>> {
        let level = self.calls.get();
        if level >= MAX_CALLS {
            return fault(mark, format!("functions may call each other {MAX_CALLS} deep"));
        }
        let Some(body) = self.bodies.get(usize::from(function)) else {
            return fault(mark, "the function is not there".to_owned());
        };
        self.budget.spend(1).at(mark)?;
        self.calls.set(level + 1);
        let locals = std::iter::repeat_n(Value::Null, usize::from(body.slots)).collect();
        let mut frame = Frame { roots: Roots::Arguments(arguments), locals };
        let value = self.body(&body.steps, &mut frame);
        self.calls.set(level);
        value
    }

    fn index<'f>(&self, of: &'f Node, index: &'f Node, frame: &'f Frame<'_>, mark: Mark) -> Got<'f> {
        let (container, index) = (self.eval(of, frame)?, self.eval(index, frame)?);
        match (&*container, &*index) {
            (Value::Map(_), Value::Text(key)) => get(container, key, false, mark),
            (Value::List(items), Value::Int(n)) => {
                let position = usize::try_from(*n).ok().filter(|n| *n < items.len());
                let Some(position) = position else {
                    return fault(mark, format!("the list has {} items, none at {n}", items.len()));
                };
                Ok(match container {
                    Cow::Borrowed(list) => Cow::Borrowed(list.as_list().get(position).unwrap_or(&NOTHING)),
                    Cow::Owned(list) => Cow::Owned(list.as_list().get(position).cloned().unwrap_or_default()),
                })
            }
            (container, index) => {
                fault(mark, format!("{} has nothing at {}", container.kind(), index.kind()))
            }
        }
    }

    fn list<'f>(&self, nodes: &'f [Node], frame: &'f Frame<'_>, mark: Mark) -> Got<'f> {
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            items.push(self.owned(self.eval(node, frame)?, mark)?);
        }
        let list = Value::List(items);
        self.budget.keep(&list).at(mark)?;
        Ok(Cow::Owned(list))
    }

    fn map<'f>(
        &self,
        entries: &'f [(std::sync::Arc<str>, Node)],
        frame: &'f Frame<'_>,
        mark: Mark,
    ) -> Got<'f> {
        let mut map = Map::new();
        for (key, node) in entries {
            map.insert(key.clone(), self.owned(self.eval(node, frame)?, mark)?);
        }
        let map = Value::Map(map);
        self.budget.keep(&map).at(mark)?;
        Ok(Cow::Owned(map))
    }

    fn text<'f>(&self, nodes: &'f [Node], frame: &'f Frame<'_>, mark: Mark) -> Got<'f> {
        let mut text = String::new();
        for node in nodes {
            match &*self.eval(node, frame)? {
                value @ (Value::List(_) | Value::Map(_)) => {
                    return fault(mark, format!("{} is not made a text", value.kind()));
                }
                value => text.push_str(&value.to_string()),
            }
        }
        let text = Value::text(text);
        self.budget.keep(&text).at(mark)?;
        Ok(Cow::Owned(text))
    }
}

/// Follows keys inside a fact.
fn path<'f>(root: &'f Value, keys: &[std::sync::Arc<str>], mark: Mark) -> Got<'f> {
    let mut value = root;
    for key in keys {
        value = match value {
            Value::Map(map) => map.get(key).unwrap_or(&NOTHING),
            other => return get(Cow::Borrowed(other), key, false, mark),
        };
    }
    Ok(Cow::Borrowed(value))
}

fn get<'f>(of: Cow<'f, Value>, key: &str, optional: bool, mark: Mark) -> Got<'f> {
    if of.is_null() && optional {
        return Ok(Cow::Borrowed(&NOTHING));
    }
    if let Some(part) = calendar::part(&of, key) {
        return Ok(Cow::Owned(part));
    }
    let kind = of.kind();
    let found = match of {
        Cow::Borrowed(value) => value.get(key).map(Cow::Borrowed),
        Cow::Owned(Value::Map(mut map)) => map.remove(key).map(Cow::Owned),
        Cow::Owned(_) => None,
    };
    found.map_or_else(|| fault(mark, format!("{kind} has no `{key}`")), Ok)
}

/// What a read shows in an explanation: nothing where it could not be read.
fn seen(read: &Read, frame: &Frame<'_>) -> Value {
    let value = calendar::follow(frame.roots.get(read.root), read.keys.iter().map(|key| &**key));
    match value.as_deref() {
        // Whole records would drown the explanation.
        Some(Value::Map(_)) => Value::text("…"),
        Some(Value::List(items)) if items.iter().any(|item| matches!(item, Value::Map(_))) => {
            Value::text("…")
        }
        _ => value.map(Cow::into_owned).unwrap_or_default(),
    }
}
