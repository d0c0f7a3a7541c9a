//! Chains such as `card.guarantee_to`, `charges.lines[0].net` and `text.trim().len()`.

use std::sync::Arc;

use rhai::{ASTFlags, Expr, FnCallExpr};

use super::kinds::entries;
use super::{Lower, broken};
use crate::facts::shape::Kind;
use crate::rules::program::Node;
use crate::rules::scope::Mark;

/// One link of a chain.
enum Link<'e> {
    Key { key: &'e str, optional: bool, mark: Mark },
    Index { index: &'e Expr, mark: Mark },
    Method { call: &'e FnCallExpr, mark: Mark },
    Other(Mark),
}

/// Rhai keeps `a.b.c` as `a . (b . c)`; here it is a list again.
fn links<'e>(expr: &'e Expr, out: &mut Vec<Link<'e>>) -> &'e Expr {
    match expr {
        Expr::Dot(pair, flags, position) => {
            rest(&pair.rhs, true, *flags, Mark::from(*position), out);
            &pair.lhs
        }
        Expr::Index(pair, flags, position) => {
            rest(&pair.rhs, false, *flags, Mark::from(*position), out);
            &pair.lhs
        }
        other => other,
    }
}

fn rest<'e>(expr: &'e Expr, dotted: bool, flags: ASTFlags, mark: Mark, out: &mut Vec<Link<'e>>) {
    let continues = dotted || !flags.contains(ASTFlags::BREAK);
    match expr {
        Expr::Dot(pair, next, at) if continues => {
            out.push(link(&pair.lhs, dotted, flags, mark));
            rest(&pair.rhs, true, *next, Mark::from(*at), out);
        }
        Expr::Index(pair, next, at) if continues => {
            out.push(link(&pair.lhs, dotted, flags, mark));
            rest(&pair.rhs, false, *next, Mark::from(*at), out);
        }
        last => out.push(link(last, dotted, flags, mark)),
    }
}

fn link(expr: &Expr, dotted: bool, flags: ASTFlags, mark: Mark) -> Link<'_> {
    match expr {
        _ if !dotted => Link::Index { index: expr, mark },
        Expr::Property(names, position) => Link::Key {
            key: &names.2,
            optional: flags.contains(ASTFlags::NEGATED),
            mark: Mark::from(*position),
        },
        Expr::MethodCall(call, position) | Expr::FnCall(call, position) => {
            Link::Method { call, mark: Mark::from(*position) }
        }
        other => Link::Other(Mark::from(other.position())),
    }
}

impl Lower<'_> {
    /// Compiles a chain.
    pub(super) fn chain(&mut self, expr: &Expr) -> (Node, Kind) {
        let mut found = Vec::new();
        let root = links(expr, &mut found);
        let mut links = found.into_iter().peekable();
        let mut owner = String::new();
        let (mut node, mut kind) = match root {
            Expr::Variable(variable, _, position) if self.local(&variable.1).is_none() => {
                let mark = Mark::from(*position);
                let Some((root, kind)) = self.root(&variable.1, mark) else { return broken() };
                owner.push_str(&variable.1);
                self.path(root, kind, mark, &mut owner, &mut links)
            }
            other => {
                if let Expr::Variable(variable, ..) = other {
                    owner.push_str(&variable.1);
                }
                self.lower(other)
            }
        };
        for link in links {
            (node, kind) = self.follow(node, kind, &mut owner, link);
        }
        (node, kind)
    }

    /// The keys straight after a fact's name: one node, one read.
    fn path<'e>(
        &mut self,
        root: u16,
        mut kind: Kind,
        mut mark: Mark,
        owner: &mut String,
        links: &mut std::iter::Peekable<std::vec::IntoIter<Link<'e>>>,
    ) -> (Node, Kind) {
        let mut keys: Vec<Arc<str>> = Vec::new();
        let plain = |link: &Link<'_>, kind: Kind| {
            matches!(link, Link::Key { optional: false, .. }) && !matches!(kind, Kind::Date | Kind::Time)
        };
        while let Some(Link::Key { key, mark: at, .. }) = links.next_if(|link| plain(link, kind)) {
            let Some(next) = self.property(kind, key, owner, at) else {
                links.by_ref().for_each(drop);
                return broken();
            };
            owner.push('.');
            owner.push_str(key);
            (kind, mark) = (next, at);
            keys.push(key.into());
        }
        self.read(root, &keys);
        if keys.is_empty() {
            (Node::Root(root), kind)
        } else {
            (Node::Path { root, keys: keys.into(), mark }, kind)
        }
    }

    fn follow(&mut self, node: Node, kind: Kind, owner: &mut String, link: Link<'_>) -> (Node, Kind) {
        match link {
            Link::Key { key, optional, mark } => {
                let Some(next) = self.property(kind, key, owner, mark) else { return broken() };
                owner.push('.');
                owner.push_str(key);
                (Node::Get { of: node.into(), key: key.into(), optional, mark }, next)
            }
            Link::Index { index, mark } => {
                let (index, index_kind) = self.lower(index);
                let next = match (kind, index_kind) {
                    (Kind::Rows(entries), _) => Kind::Map(entries),
                    (Kind::Texts, _) => Kind::Text,
                    _ => Kind::Any,
                };
                if entries(kind).is_none() && !matches!(kind, Kind::Any | Kind::Texts) {
                    self.findings.error("AC0305", mark, "", format!("`{owner}` has no items"));
                }
                (Node::Index { of: node.into(), index: index.into(), mark }, next)
            }
            Link::Method { call, mark } => self.method(node, kind, call, mark),
            Link::Other(mark) => {
                self.not_offered(mark, "this chain", "give its first part a name with `let`")
            }
        }
    }
}
