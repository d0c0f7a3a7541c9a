//! Expressions.

use std::sync::Arc;

use rhai::{Dynamic, Expr, FnCallExpr, Stmt};

use super::kinds::{alike, join, word};
use super::{Lower, broken};
use crate::facts::shape::Kind;
use crate::facts::{Value, words};
use crate::rules::operators::{Arithmetic, Order};
use crate::rules::program::Node;
use crate::rules::scope::Mark;

impl Lower<'_> {
    /// Compiles an expression and guesses its type.
    pub fn lower(&mut self, expr: &Expr) -> (Node, Kind) {
        let mark = Mark::from(expr.position());
        match expr {
            Expr::BoolConstant(value, _) => (Node::Const(Value::Bool(*value)), Kind::Bool),
            Expr::IntegerConstant(value, _) => (Node::Const(Value::Int(*value)), Kind::Int),
            Expr::CharConstant(value, _) => (Node::Const(Value::text(value.to_string())), Kind::Text),
            Expr::StringConstant(value, _) => (Node::Const(Value::text(value.as_str())), Kind::Text),
            Expr::Unit(_) => (Node::Const(Value::Null), Kind::Any),
            Expr::DynamicConstant(value, _) => self.constant(value, mark),
            Expr::Variable(variable, ..) => self.variable(&variable.1, mark),
            Expr::Dot(..) | Expr::Index(..) => self.chain(expr),
            Expr::FnCall(call, _) => self.call(call, mark),
            Expr::And(parts, _) => {
                let nodes = self.conditions(parts, mark, "&&");
                (Node::And(nodes, mark), Kind::Bool)
            }
            Expr::Or(parts, _) => {
                let nodes = self.conditions(parts, mark, "||");
                (Node::Or(nodes, mark), Kind::Bool)
            }
            Expr::Coalesce(parts, _) => {
                let parts: Vec<(Node, Kind)> = parts.iter().map(|part| self.lower(part)).collect();
                let kind = parts.iter().map(|(_, kind)| *kind).reduce(join).unwrap_or(Kind::Any);
                (Node::Otherwise(parts.into_iter().map(|(node, _)| node).collect()), kind)
            }
            Expr::Array(items, _) => {
                let nodes = items.iter().map(|item| self.lower(item).0).collect();
                (Node::List(nodes, mark), Kind::Any)
            }
            Expr::Map(parts, _) => {
                let entries =
                    parts.0.iter().map(|(key, value)| (key.name.as_str().into(), self.lower(value).0));
                let entries: Vec<_> = entries.collect();
                (Node::Map(entries.into(), mark), Kind::Any)
            }
            Expr::InterpolatedString(parts, _) => {
                let nodes = parts.iter().map(|part| self.lower(part).0).collect();
                (Node::Text(nodes, mark), Kind::Text)
            }
            Expr::Stmt(block) => self.block_value(block.statements(), mark),
            Expr::ThisPtr(_) => self.not_offered(mark, "`this`", "use the rule's parameters"),
            _ => self.not_offered(mark, "this construct", "see rules/README.md for what there is"),
        }
    }

    fn constant(&mut self, value: &Dynamic, mark: Mark) -> (Node, Kind) {
        if let Ok(number) = value.as_decimal() {
            return (Node::Const(Value::Decimal(number)), Kind::Decimal);
        }
        self.not_offered(mark, "a reference to a function", "call the function")
    }

    fn conditions(&mut self, parts: &[Expr], mark: Mark, operator: &str) -> Box<[Node]> {
        let mut nodes = Vec::new();
        for part in parts {
            let (node, kind) = self.lower(part);
            let at = Mark::from(part.start_position());
            let at = if at.line == 0 { mark } else { at };
            self.expect(kind, Kind::Bool, at, &format!("what stands beside `{operator}`"));
            nodes.push(node);
        }
        nodes.into()
    }

    fn variable(&mut self, name: &str, mark: Mark) -> (Node, Kind) {
        if let Some(local) = self.local(name) {
            let (slot, kind, reads) = (local.slot, local.kind, local.reads.clone());
            self.log.extend(reads);
            return (Node::Local(slot), kind);
        }
        match self.root(name, mark) {
            Some((root, kind)) => {
                self.read(root, &[]);
                (Node::Root(root), kind)
            }
            None => broken(),
        }
    }

    /// An operator that Rhai keeps as a call; nothing if it is a real call.
    pub(super) fn operator(&mut self, call: &FnCallExpr, mark: Mark) -> Option<(Node, Kind)> {
        call.op_token.as_ref().filter(|_| call.name != "contains")?;
        match (call.name.as_str(), call.args.as_slice()) {
            ("!", [of]) => {
                let (node, kind) = self.lower(of);
                self.expect(kind, Kind::Bool, mark, "what `!` turns round");
                Some((Node::Not(node.into(), mark), Kind::Bool))
            }
            ("-", [of]) => {
                let (node, kind) = self.lower(of);
                self.expect(kind, Kind::Decimal, mark, "what stands after `-`");
                Some((Node::Negate(node.into(), mark), kind))
            }
            ("+", [of]) => Some(self.lower(of)),
            (name, [left, right]) => self.binary(name, left, right, mark),
            _ => None,
        }
    }

    fn binary(&mut self, name: &str, left: &Expr, right: &Expr, mark: Mark) -> Option<(Node, Kind)> {
        let ((left, left_kind), (right, right_kind)) = (self.lower(left), self.lower(right));
        let order = match name {
            "<" => Some(Order::Less),
            "<=" => Some(Order::LessOrEqual),
            ">" => Some(Order::Greater),
            ">=" => Some(Order::GreaterOrEqual),
            _ => None,
        };
        if let Some(order) = order {
            self.comparable(left_kind, right_kind, name, mark);
            self.ordered(&left, left_kind, name, mark);
            self.ordered(&right, right_kind, name, mark);
            return Some((Node::Order { order, pair: (left, right).into(), mark }, Kind::Bool));
        }
        if let "==" | "!=" = name {
            self.comparable(left_kind, right_kind, name, mark);
            self.compare(&left, &right, mark);
            self.compare(&right, &left, mark);
            let negated = name == "!=";
            return Some((Node::Equal { pair: (left, right).into(), negated, mark }, Kind::Bool));
        }
        let operator = match name {
            "+" => Arithmetic::Add,
            "-" => Arithmetic::Subtract,
            "*" => Arithmetic::Multiply,
            "/" => Arithmetic::Divide,
            "%" => Arithmetic::Remainder,
            ".." | "..=" => return Some(self.not_offered(mark, "a range", "compare with `>=` and `<=`")),
            _ => {
                let what = format!("the operator `{name}`");
                return Some(self.not_offered(mark, &what, "calculate with `+ - * / %`"));
            }
        };
        let kind = self.calculated(operator, left_kind, right_kind, name, mark);
        Some((Node::Calculate { operator, pair: (left, right).into(), mark }, kind))
    }

    /// Holds a text that a fact is compared with against the words that the fact can be; those of a ticket's own
    /// fields are known to whoever compiles the process.
    pub(super) fn compare(&mut self, fact: &Node, with: &Node, mark: Mark) {
        let (Some(path), Node::Const(Value::Text(word))) = (self.path_of(fact), with) else { return };
        match words::of(&path) {
            None => self.compared.push((path, word.to_string())),
            Some(words) if words.contains(&&**word) => {}
            Some(words) => {
                let message = format!("`{path}` is never `{word}`");
                self.findings.add("AC0014", mark, "", message, |diagnostic| {
                    diagnostic.label("never holds").nearest("word", word, words.iter().copied())
                });
            }
        }
    }

    fn path_of(&self, node: &Node) -> Option<String> {
        let (root, keys): (u16, &[Arc<str>]) = match node {
            Node::Root(root) => (*root, &[]),
            Node::Path { root, keys, .. } => (*root, keys),
            _ => return None,
        };
        let (name, _) = self.roots.get(usize::from(root))?;
        Some(keys.iter().fold(name.text.to_string(), |path, key| format!("{path}.{key}")))
    }

    fn comparable(&mut self, left: Kind, right: Kind, name: &str, mark: Mark) {
        if !alike(left, right)
            && let (Some(left), Some(right)) = (word(left), word(right))
        {
            let message = format!("{left} and {right} cannot be compared by `{name}`");
            self.findings.error("AC0305", mark, name, message);
        }
    }

    fn ordered(&mut self, node: &Node, kind: Kind, name: &str, mark: Mark) {
        if matches!(node, Node::Const(Value::Null)) {
            self.findings.add("AC0305", mark, name, "`()` has no order".to_owned(), |diagnostic| {
                diagnostic.help("ask whether a fact is there with `!= ()`")
            });
        } else if let Some(kind @ ("yes or no" | "a map" | "a list")) = word(kind) {
            self.findings.error("AC0305", mark, name, format!("{kind} has no order"));
        }
    }

    fn calculated(&mut self, operator: Arithmetic, left: Kind, right: Kind, name: &str, mark: Mark) -> Kind {
        match (word(left), word(right)) {
            (Some("a number"), Some("a number")) => match (operator, left, right) {
                (Arithmetic::Divide, ..) => Kind::Decimal,
                (_, Kind::Int, Kind::Int) => Kind::Int,
                _ => Kind::Decimal,
            },
            (Some("a text"), Some("a text")) if operator == Arithmetic::Add => Kind::Text,
            (Some("a list"), Some("a list")) if operator == Arithmetic::Add => Kind::Any,
            (Some("a number"), None) | (None, Some("a number")) => Kind::Decimal,
            (None, _) | (_, None) => Kind::Any,
            (Some(left), Some(right)) => {
                let message = format!("`{name}` does not go with {left} and {right}");
                self.findings.add("AC0305", mark, name, message, |diagnostic| match (left, right) {
                    ("a date", _) => diagnostic.help("use `days_after`, `months_after` or `days_between`"),
                    ("a moment", _) => diagnostic.help("use `hours_after` or `hours_between`"),
                    ("a text", _) | (_, "a text") => {
                        diagnostic.help("put a value into a text with `text(…)` or `${…}` in back-ticks")
                    }
                    _ => diagnostic,
                });
                Kind::Any
            }
        }
    }

    /// `if` where a value is expected: each branch is one expression.
    pub fn block_value(&mut self, statements: &[Stmt], mark: Mark) -> (Node, Kind) {
        match statements {
            [] | [Stmt::Noop(_)] => (Node::Const(Value::Null), Kind::Any),
            [Stmt::Expr(expr)] => self.lower(expr),
            [Stmt::FnCall(call, position)] => self.call(call, Mark::from(*position)),
            [Stmt::If(parts, position)] => {
                let mark = Mark::from(*position);
                let (test, kind) = self.lower(&parts.expr);
                self.expect(kind, Kind::Bool, mark, "the condition of `if`");
                let (then, then_kind) = self.block_value(parts.body.statements(), mark);
                let (otherwise, otherwise_kind) = self.block_value(parts.branch.statements(), mark);
                let kind = join(then_kind, otherwise_kind);
                (Node::If((test, then, otherwise).into(), mark), kind)
            }
            _ => self.not_offered(
                mark,
                "a block of statements inside an expression",
                "let each branch be one expression, or use `if` as a statement",
            ),
        }
    }
}
