//! Calls: of functions that everybody has, of the designer's own, of `in("…")` and `condition("…", …)`.

use rhai::{Expr, FnCallExpr};

use super::kinds::{entries, word};
use super::{Lower, broken};
use crate::diagnostic::Sp;
use crate::facts::Value;
use crate::facts::shape::Kind;
use crate::rules::functions::{self, Function};
use crate::rules::parse::STATE_IN;
use crate::rules::program::{Node, Site};
use crate::rules::scope::Mark;

impl Lower<'_> {
    /// Compiles an operator or a call.
    pub(super) fn call(&mut self, call: &FnCallExpr, mark: Mark) -> (Node, Kind) {
        if let Some(done) = self.operator(call, mark) {
            return done;
        }
        match call.name.as_str() {
            STATE_IN => self.state_in(call, mark),
            "condition" => self.condition(call, mark),
            name => {
                let arguments: Vec<(Node, Kind)> =
                    call.args.iter().map(|argument| self.lower(argument)).collect();
                self.apply(name, arguments, mark)
            }
        }
    }

    /// `value.function(…)` is `function(value, …)`.
    pub(super) fn method(&mut self, of: Node, kind: Kind, call: &FnCallExpr, mark: Mark) -> (Node, Kind) {
        let mut arguments = vec![(of, kind)];
        arguments.extend(call.args.iter().map(|argument| self.lower(argument)));
        self.apply(&call.name, arguments, mark)
    }

    fn apply(&mut self, name: &str, mut arguments: Vec<(Node, Kind)>, mark: Mark) -> (Node, Kind) {
        let own = self.functions.iter().zip(0u16..);
        let own =
            own.filter(|(f, _)| f.name == name && f.parameters == arguments.len()).map(|(_, n)| n).next();
        if let Some(function) = own {
            self.called.push(function);
            let arguments = arguments.into_iter().map(|(node, _)| node).collect();
            return (Node::Own { function, arguments, mark }, Kind::Any);
        }
        if name == "contains"
            && arguments.len() == 2
            && let Ok([container, item]) = <[(Node, Kind); 2]>::try_from(std::mem::take(&mut arguments))
        {
            if let Some(kind @ ("yes or no" | "a number" | "a date" | "a moment")) = word(container.1) {
                self.findings.error("AC0305", mark, "in", format!("nothing can be looked for in {kind}"));
            }
            if let Node::List(items, _) = &container.0 {
                items.iter().for_each(|word| self.compare(&item.0, word, mark));
            }
            return (Node::Contains((container.0, item.0).into(), mark), Kind::Bool);
        }
        let Some(function) = functions::named(name).find(|f| f.parameters.len() == arguments.len()) else {
            self.unknown_function(name, arguments.len(), mark);
            return broken();
        };
        let kind = self.fits(function, &arguments, mark);
        let arguments = arguments.into_iter().map(|(node, _)| node).collect();
        (Node::Call { function, arguments, mark }, kind)
    }

    /// Compares arguments with parameters and gives the type of the result.
    fn fits(&mut self, function: &Function, arguments: &[(Node, Kind)], mark: Mark) -> Kind {
        for ((node, found), (parameter, expected)) in arguments.iter().zip(function.parameters) {
            self.expect(*found, *expected, mark, &format!("`{parameter}` of `{}`", function.name));
            if *expected != Kind::Any && matches!(node, Node::Const(Value::Null)) {
                let message = format!("`{parameter}` of `{}` cannot be `()`", function.name);
                self.findings.error("AC0305", mark, function.name, message);
            }
        }
        // The key of `sum(lines, "net")` is a property like any other.
        if let [(_, list), (Node::Const(Value::Text(key)), _), ..] = arguments
            && function.parameters.get(1).is_some_and(|(name, _)| *name == "key")
            && let (Kind::Rows(_), Some(rows)) = (*list, entries(*list))
            && !rows.iter().any(|entry| entry.name == &**key)
        {
            self.findings.add("AC0302", mark, function.name, format!("no item has `{key}`"), |diagnostic| {
                diagnostic.nearest("property", key, rows.iter().map(|entry| entry.name))
            });
        }
        match (function.name, arguments) {
            ("min" | "max", [(_, Kind::Int), (_, Kind::Int)]) => Kind::Int,
            ("first" | "last", [(_, Kind::Rows(rows))]) => Kind::Map(rows),
            ("having" | "without", [(_, Kind::Rows(rows)), ..]) => Kind::Rows(rows),
            ("first" | "last", [(_, Kind::Texts)]) => Kind::Text,
            _ => function.result,
        }
    }

    fn unknown_function(&mut self, name: &str, arguments: usize, mark: Mark) {
        let mut forms: Vec<String> =
            functions::named(name).map(|function| written(function.name, function.parameters)).collect();
        let own = self.functions.iter().filter(|function| function.name == name);
        forms.extend(own.map(|function| format!("{name}/{}", function.parameters)));
        if !forms.is_empty() {
            let message = format!("`{name}` is called with {arguments} arguments");
            self.findings.add("AC0303", mark, name, message, |diagnostic| {
                diagnostic.help(format!("it is `{}`", forms.join("` or `")))
            });
            return;
        }
        let mut names: Vec<String> = self.functions.iter().map(|function| function.name.clone()).collect();
        names.extend(functions::all().map(|function| function.name.to_owned()));
        names.extend(["in".to_owned(), "condition".to_owned()]);
        self.findings.add("AC0303", mark, name, format!("unknown function `{name}`"), |diagnostic| {
            diagnostic.label("no such function").nearest("function", name, names.iter().map(String::as_str))
        });
    }

    fn state_in(&mut self, call: &FnCallExpr, mark: Mark) -> (Node, Kind) {
        let [Expr::StringConstant(state, position)] = call.args.as_slice() else {
            self.findings.add("AC0303", mark, "in", "`in` is given one state in quotes", |diagnostic| {
                diagnostic.help("write `in(\"repair.waiting\")`")
            });
            return broken();
        };
        if self.file.is_some() {
            return self.not_offered(mark, "`in(…)`", "ask for the state in the guard that calls the rule");
        }
        let place = self.findings.origin.place(Mark::from(*position), state.chars().count() + 2);
        self.states.push(Sp::new(state.to_string(), place));
        (Node::StateIn(self.states.len() - 1), Kind::Bool)
    }

    fn condition(&mut self, call: &FnCallExpr, mark: Mark) -> (Node, Kind) {
        let Some(file) = self.file else {
            return self.not_offered(
                mark,
                "`condition(…)`",
                "it stands in rules; a guard is a condition itself",
            );
        };
        let [Expr::StringConstant(name, _), test] = call.args.as_slice() else {
            self.findings.add(
                "AC0307",
                mark,
                "condition",
                "a condition has a name in quotes and a test",
                |d| d.help("write `condition(\"in_warranty\", today <= card.warranty_to)`"),
            );
            return broken();
        };
        let start = self.log.len();
        let (node, kind) = self.lower(test);
        self.expect(kind, Kind::Bool, mark, &format!("the condition `{name}`"));
        let reads = self.read_since(start).into_iter().filter_map(|n| self.reads.get(n).cloned()).collect();
        let site = u16::try_from(self.first_site + self.sites.len()).unwrap_or(u16::MAX);
        let source = format!("{file}:{}", mark.line).into();
        self.sites.push(Site { name: name.as_str().into(), source, reads });
        (Node::Condition { site, test: node.into(), mark }, Kind::Bool)
    }
}

/// A function as it is called.
pub fn written(name: &str, parameters: &[(&str, Kind)]) -> String {
    let names: Vec<&str> = parameters.iter().map(|(name, _)| *name).collect();
    format!("{name}({})", names.join(", "))
}
