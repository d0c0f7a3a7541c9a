//! What a guard or rule is compiled to: a small tree over slots, with every name resolved.
//!
//! The tree is walked by [`run`](super::run); building it is [`lower`](super::lower)'s work.

use std::sync::Arc;

use super::functions::Function;
use super::operators::{Arithmetic, Order};
use super::scope::Mark;
use crate::facts::Value;

/// An expression.
#[derive(Debug)]
pub enum Node {
    /// Stands where a mistake was noted; a text with mistakes is never run.
    Broken,
    Const(Value),
    /// A fact or parameter.
    Root(u16),
    /// A value inside a fact; a key that is not there is `()`.
    Path {
        root: u16,
        keys: Box<[Arc<str>]>,
        mark: Mark,
    },
    /// A variable.
    Local(u16),
    /// A value inside anything else; a key that is not there is an error.
    Get {
        of: Box<Node>,
        key: Arc<str>,
        optional: bool,
        mark: Mark,
    },
    Index {
        of: Box<Node>,
        index: Box<Node>,
        mark: Mark,
    },
    Not(Box<Node>, Mark),
    Negate(Box<Node>, Mark),
    And(Box<[Node]>, Mark),
    Or(Box<[Node]>, Mark),
    /// `a ?? b`.
    Otherwise(Box<[Node]>),
    Equal {
        pair: Box<(Node, Node)>,
        negated: bool,
        mark: Mark,
    },
    Order {
        order: Order,
        pair: Box<(Node, Node)>,
        mark: Mark,
    },
    Calculate {
        operator: Arithmetic,
        pair: Box<(Node, Node)>,
        mark: Mark,
    },
    /// `item in list`: container, item.
    Contains(Box<(Node, Node)>, Mark),
    /// `in("…")`, the n-th state of the expression.
    StateIn(usize),
    Call {
        function: &'static Function,
        arguments: Box<[Node]>,
        mark: Mark,
    },
    /// One of the designer's own functions.
    Own {
        function: u16,
        arguments: Box<[Node]>,
        mark: Mark,
    },
    Condition {
        site: u16,
        test: Box<Node>,
        mark: Mark,
    },
    List(Box<[Node]>, Mark),
    Map(Box<[(Arc<str>, Node)]>, Mark),
    /// A text with values in it.
    Text(Box<[Node]>, Mark),
    If(Box<(Node, Node, Node)>, Mark),
}

/// A statement.
#[derive(Debug)]
pub enum Step {
    Let {
        slot: u16,
        value: Node,
        mark: Mark,
    },
    /// `x = …` or `x.key.key = …`.
    Set {
        slot: u16,
        keys: Box<[Arc<str>]>,
        value: Node,
        mark: Mark,
    },
    If {
        test: Node,
        then: Box<[Step]>,
        otherwise: Box<[Step]>,
        mark: Mark,
    },
    For {
        slot: u16,
        counter: Option<u16>,
        list: Node,
        body: Box<[Step]>,
        mark: Mark,
    },
    /// Without a test it goes round until `break`.
    While {
        test: Option<Node>,
        body: Box<[Step]>,
        mark: Mark,
    },
    Block(Box<[Step]>),
    Break,
    Continue,
    Return(Option<(Node, Mark)>),
    Throw(Node, Mark),
    Value(Node, Mark),
}

/// One of the designer's functions.
#[derive(Debug, Default)]
pub struct Body {
    pub steps: Box<[Step]>,
    /// Variables, each `let` its own.
    pub slots: u16,
}

/// A fact that an expression reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// Dotted.
    pub path: Arc<str>,
    pub root: u16,
    pub keys: Box<[Arc<str>]>,
}

/// A place where a condition is asked.
#[derive(Clone, Debug)]
pub struct Site {
    pub name: Arc<str>,
    /// File and line.
    pub source: Arc<str>,
    pub reads: Box<[Read]>,
}
