//! The description of a voucher or line: words of the books' language with facts in braces.

use std::sync::Arc;

use super::Formula;
use super::compile::Compiler;
use crate::definition::Translated;
use crate::diagnostic::{Diagnostic, Place, Sp};
use crate::facts::Value;
use crate::facts::shape::Kind;
use crate::rules::{RuleError, View};

/// A compiled description.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Words(Arc<str>),
    Fact(Formula),
}

impl Text {
    /// Checks the text in every language; the one of the books is kept.
    pub fn compile(compiler: &mut Compiler<'_>, text: &Translated, locals: &[(&str, Kind)]) -> Option<Self> {
        let mut kept = None;
        let before = compiler.found.len();
        for (language, words) in [("en", &text.en), ("fa", &text.fa), ("zh", &text.zh), ("pl", &text.pl)] {
            let Some(words) = words else { continue };
            let pieces = pieces(compiler, words, locals);
            // Any language is better than none when the books' own is missing, which is told elsewhere.
            if kept.is_none() || *language == *compiler.books.language {
                kept = Some(pieces);
            }
        }
        (before == compiler.found.len()).then(|| Self { pieces: kept.unwrap_or_default() })
    }

    pub fn formulas(&self) -> impl Iterator<Item = &Formula> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Fact(formula) => Some(formula),
            Piece::Words(_) => None,
        })
    }

    /// The words with the facts in them, and the facts by themselves.
    pub fn render(&self, view: &dyn View) -> Result<(String, Vec<(String, Value)>), RuleError> {
        let mut text = String::new();
        let mut values = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Fact(formula) => {
                    let value = formula.eval(view)?;
                    text.push_str(&value.to_string());
                    values.push((formula.expression.text().to_owned(), value));
                }
            }
        }
        Ok((text, values))
    }
}

fn pieces(compiler: &mut Compiler<'_>, text: &Sp<String>, locals: &[(&str, Kind)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.value.as_str();
    while let Some((words, more)) = rest.split_once('{') {
        if !words.is_empty() {
            pieces.push(Piece::Words(words.into()));
        }
        let Some((inside, after)) = more.split_once('}') else {
            let message = format!("`{{{more}` has no closing brace");
            compiler.found.push(Diagnostic::error("AC0608", text.place, message));
            return pieces;
        };
        let place = place_of(compiler, text, inside);
        pieces.extend(compiler.formula(&Sp::new(inside.to_owned(), place), locals).map(Piece::Fact));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.into()));
    }
    pieces
}

/// Where the placeholder stands in the file; the whole text when it is folded or escaped.
fn place_of(compiler: &Compiler<'_>, text: &Sp<String>, inside: &str) -> Place {
    let whole = text.place;
    let (start, len) = (whole.start as usize, whole.len as usize);
    let written = compiler.sources.text(whole.source).get(start..start + len).unwrap_or_default();
    let before = written.find(&format!("{{{inside}}}")).and_then(|at| written.get(..=at));
    match before {
        Some(before) if !before.contains('\n') => {
            let number = |n: usize| u32::try_from(n).unwrap_or(0);
            Place {
                column: whole.column + number(before.chars().count()),
                start: whole.start + number(before.len()),
                len: number(inside.len()),
                ..whole
            }
        }
        _ => whole,
    }
}
