//! Statements of a rule's body.

use std::sync::Arc;

use rhai::{ASTFlags, Expr, FlowControl, Ident, OpAssignment, Stmt, StmtBlock};

use super::{Local, Lower};
use crate::facts::shape::Kind;
use crate::rules::operators::Arithmetic;
use crate::rules::program::{Node, Step};
use crate::rules::scope::Mark;

impl Lower<'_> {
    /// Compiles the statements of a block; its variables end with it.
    pub fn steps(&mut self, statements: &[Stmt]) -> Box<[Step]> {
        let outer = self.locals.len();
        let steps = statements.iter().filter_map(|statement| self.step(statement)).collect();
        self.locals.truncate(outer);
        steps
    }

    fn step(&mut self, statement: &Stmt) -> Option<Step> {
        let mark = Mark::from(statement.position());
        match statement {
            Stmt::Noop(_) => None,
            Stmt::Expr(expr) => Some(self.expression_step(expr)),
            Stmt::FnCall(call, _) => Some(Step::Value(self.call(call, mark).0, mark)),
            Stmt::Var(parts, flags, _) => self.variable_step(&parts.0, &parts.1, *flags),
            Stmt::Assignment(parts) => self.assignment(&parts.0, &parts.1.lhs, &parts.1.rhs),
            Stmt::If(parts, _) => Some(self.branches(parts, mark)),
            Stmt::While(parts, _) => {
                let test = match &parts.expr {
                    Expr::Unit(_) => None,
                    test => Some(self.test(test, mark, "the condition of `while`")),
                };
                Some(Step::While { test, body: self.turns(&parts.body), mark })
            }
            Stmt::For(parts, _) => Some(self.each(&parts.0, parts.1.as_ref(), &parts.2, mark)),
            Stmt::Block(block) => Some(Step::Block(self.steps(block.statements()))),
            Stmt::Return(value, flags, _) if flags.contains(ASTFlags::BREAK) => {
                let node = value.as_ref().map(|value| self.lower(value).0);
                Some(Step::Throw(node.unwrap_or(Node::Const("the rule gave up".into())), mark))
            }
            Stmt::Return(value, ..) => {
                Some(Step::Return(value.as_ref().map(|value| (self.lower(value).0, mark))))
            }
            Stmt::BreakLoop(None, flags, _) if self.in_loop => {
                Some(if flags.contains(ASTFlags::BREAK) { Step::Break } else { Step::Continue })
            }
            Stmt::Switch(..) => {
                self.not_offered(mark, "`switch`", "use `if … else if … else`");
                None
            }
            Stmt::TryCatch(..) => {
                self.not_offered(mark, "`try`", "a rule that fails refuses the step, with its place");
                None
            }
            _ => {
                self.not_offered(mark, "this statement", "see rules/README.md for what there is");
                None
            }
        }
    }

    fn expression_step(&mut self, expr: &Expr) -> Step {
        let mark = Mark::from(expr.start_position());
        match expr {
            // Rhai keeps an `if` at the end of a block as an expression.
            Expr::Stmt(block) => match block.statements() {
                [statement] => self.step(statement).unwrap_or(Step::Block(Box::default())),
                statements => Step::Block(self.steps(statements)),
            },
            other => Step::Value(self.lower(other).0, mark),
        }
    }

    fn variable_step(&mut self, name: &Ident, value: &Expr, flags: ASTFlags) -> Option<Step> {
        let mark = Mark::from(name.pos);
        let start = self.log.len();
        let (value, kind) = self.lower(value);
        let reads = self.read_since(start);
        let slot = self.declare(&name.name, kind, flags.contains(ASTFlags::CONSTANT), reads, mark)?;
        Some(Step::Let { slot, value, mark })
    }

    fn declare(
        &mut self,
        name: &str,
        kind: Kind,
        constant: bool,
        reads: Vec<usize>,
        mark: Mark,
    ) -> Option<u16> {
        if self.roots.iter().any(|(root, _)| &*root.text == name) {
            let message = format!("`{name}` is a parameter already");
            self.findings.error("AC0308", mark, name, message);
            return None;
        }
        let slot = self.slots;
        self.slots = self.slots.checked_add(1)?;
        self.locals.push(Local { name: name.to_owned(), slot, kind, constant, reads });
        Some(slot)
    }

    fn assignment(&mut self, operator: &OpAssignment, target: &Expr, value: &Expr) -> Option<Step> {
        let mark = Mark::from(operator.position());
        let Some((name, keys)) = target_path(target) else {
            self.not_offered(mark, "assigning to this", "assign to a variable, or to a key of one");
            return None;
        };
        let Some(local) = self.local(name).cloned().filter(|local| !local.constant) else {
            self.findings.add("AC0308", mark, "=", format!("`{name}` cannot be changed"), |diagnostic| {
                diagnostic
                    .help("only a variable made with `let` can be; give the new value a name of its own")
            });
            return None;
        };
        let start = self.log.len();
        let (mut value, mut kind) = self.lower(value);
        if let Some((.., op, _)) =
            operator.get_op_assignment_info().map(|(a, b, c, d, e, f)| (a, b, c, d, e.clone(), f))
        {
            let operator = match op.literal_syntax() {
                "+" => Arithmetic::Add,
                "-" => Arithmetic::Subtract,
                "*" => Arithmetic::Multiply,
                "/" => Arithmetic::Divide,
                "%" => Arithmetic::Remainder,
                other => {
                    self.not_offered(mark, &format!("`{other}=`"), "calculate with `+ - * / %`");
                    return None;
                }
            };
            let (now, _) = self.lower(target);
            value = Node::Calculate { operator, pair: (now, value).into(), mark };
            kind = Kind::Any;
        }
        let reads = self.read_since(start);
        // After a change the type and the facts behind a variable are a mixture of both.
        if let Some(known) = self.locals.iter_mut().rev().find(|known| known.slot == local.slot) {
            known.kind = if keys.is_empty() && known.kind == kind { kind } else { Kind::Any };
            known.reads.extend(reads);
        }
        Some(Step::Set { slot: local.slot, keys: keys.into(), value, mark })
    }

    fn branches(&mut self, parts: &FlowControl, mark: Mark) -> Step {
        let test = self.test(&parts.expr, mark, "the condition of `if`");
        let then = self.steps(parts.body.statements());
        let otherwise = self.steps(parts.branch.statements());
        Step::If { test, then, otherwise, mark }
    }

    fn test(&mut self, expr: &Expr, mark: Mark, what: &str) -> Node {
        let (node, kind) = self.lower(expr);
        self.expect(kind, Kind::Bool, mark, what);
        node
    }

    fn turns(&mut self, body: &StmtBlock) -> Box<[Step]> {
        let outer = std::mem::replace(&mut self.in_loop, true);
        let steps = self.steps(body.statements());
        self.in_loop = outer;
        steps
    }

    fn each(&mut self, name: &Ident, counter: Option<&Ident>, parts: &FlowControl, mark: Mark) -> Step {
        let start = self.log.len();
        let (list, kind) = self.lower(&parts.expr);
        let reads = self.read_since(start);
        let item = match kind {
            Kind::Rows(entries) => Kind::Map(entries),
            Kind::Texts => Kind::Text,
            _ => Kind::Any,
        };
        let outer = self.locals.len();
        let slot = self.declare(&name.name, item, true, reads, Mark::from(name.pos)).unwrap_or(u16::MAX);
        let counter = counter.and_then(|counter| {
            self.declare(&counter.name, Kind::Int, true, Vec::new(), Mark::from(counter.pos))
        });
        let body = self.turns(&parts.body);
        self.locals.truncate(outer);
        Step::For { slot, counter, list, body, mark }
    }
}

/// `x` or `x.key.key` as a name and its keys.
fn target_path(expr: &Expr) -> Option<(&str, Vec<Arc<str>>)> {
    match expr {
        Expr::Variable(variable, ..) => Some((&variable.1, Vec::new())),
        Expr::Dot(pair, ..) => {
            let Expr::Variable(variable, ..) = &pair.lhs else { return None };
            let mut keys = Vec::new();
            let mut rest = &pair.rhs;
            loop {
                match rest {
                    Expr::Property(names, _) => {
                        keys.push(Arc::from(names.2.as_str()));
                        return Some((&variable.1, keys));
                    }
                    Expr::Dot(pair, ..) => {
                        let Expr::Property(names, _) = &pair.lhs else { return None };
                        keys.push(Arc::from(names.2.as_str()));
                        rest = &pair.rhs;
                    }
                    _ => return None,
                }
            }
        }
        _ => None,
    }
}
