//! Text to Rhai's syntax tree, within limits. Rhai reads; it never runs anything here.

use std::sync::LazyLock;

use rhai::{AST, Engine, OptimizationLevel, ParseError, ParseErrorType};

use super::limits;
use super::scope::{Findings, Mark};

/// Stands for `in(` while Rhai reads, which keeps the word `in` for `item in list`. As long as the original, so
/// that columns stay true, and no name that an author may use.
pub const STATE_IN: &str = "_I";

/// No packages: functions are ours, and the tree is walked by [`run`](super::run).
static READER: LazyLock<Engine> = LazyLock::new(|| {
    let mut engine = Engine::new_raw();
    engine
        .set_max_expr_depths(limits::MAX_DEPTH, limits::MAX_DEPTH)
        .set_max_functions(limits::MAX_FUNCTIONS)
        .set_max_variables(limits::MAX_VARIABLES)
        .set_max_string_size(limits::MAX_TEXT)
        .set_max_array_size(limits::MAX_LIST)
        .set_max_map_size(limits::MAX_MAP)
        .set_allow_anonymous_fn(false)
        .set_optimization_level(OptimizationLevel::None)
        .disable_symbol("eval")
        .disable_symbol("Fn")
        .disable_symbol("call")
        .disable_symbol("curry")
        .disable_symbol("this")
        .disable_symbol("global");
    engine
});

/// Reads one expression.
pub fn expression(text: &str, findings: &mut Findings<'_>) -> Option<AST> {
    if text.len() > limits::MAX_EXPRESSION {
        too_long(text.len(), limits::MAX_EXPRESSION, findings);
        return None;
    }
    READER.compile_expression(state_calls(text)).map_err(|error| note(&error, findings)).ok()
}

/// Reads a rule file.
pub fn file(text: &str, findings: &mut Findings<'_>) -> Option<AST> {
    if text.len() > limits::MAX_SOURCE {
        too_long(text.len(), limits::MAX_SOURCE, findings);
        return None;
    }
    READER.compile(text).map_err(|error| note(&error, findings)).ok()
}

fn too_long(bytes: usize, limit: usize, findings: &mut Findings<'_>) {
    let start = Mark { line: 1, column: 1 };
    findings.error("AC0304", start, "", format!("the text has {bytes} bytes; {limit} are allowed"));
}

fn note(error: &ParseError, findings: &mut Findings<'_>) {
    let mark = Mark::from(error.position());
    let message = match error.err_type() {
        ParseErrorType::ExprTooDeep => "the expression is nested too deep".to_owned(),
        ParseErrorType::TooManyFunctions => format!("a file may have {} functions", limits::MAX_FUNCTIONS),
        other => {
            let text = other.to_string();
            let mut letters = text.chars();
            letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or(text)
        }
    };
    let message = message.replace('\'', "`");
    findings.add("AC0304", mark, "", message, |diagnostic| {
        diagnostic.help("texts stand in double quotes; conditions are joined by `&&`, `||` and `!`")
    });
}

/// Replaces the word `in` by [`STATE_IN`] where an operand is expected and `(` follows: `in("repair.waiting")`.
fn state_calls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut operand_before = false;
    let mut before_bang = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word: usize = match first {
            '"' | '\'' | '`' => quoted(rest, first),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            letter if letter.is_alphanumeric() || letter == '_' => {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            other => other.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(word).unwrap_or((rest, ""));
        if token == "in" && !operand_before && !before_bang && after.trim_start().starts_with('(') {
            out.push_str(STATE_IN);
        } else {
            out.push_str(token);
        }
        if !token.trim().is_empty() && !token.starts_with("//") {
            // `a !in (list)`: the `!` belongs to `in`; `!in("state")` at an operand's place does not.
            before_bang = first == '!' && operand_before;
            operand_before = token != "in"
                && (first.is_alphanumeric() || matches!(first, '_' | ')' | ']' | '}' | '"' | '\'' | '`'));
        }
        rest = after;
    }
    out
}

/// Length of a quoted text with its quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (n, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            letter if letter == quote => return n + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_call_of_in_is_renamed() {
        for (text, read) in [
            ("in(\"a.b\")", "_I(\"a.b\")"),
            ("!in(\"a\") && in (\"b\")", "!_I(\"a\") && _I (\"b\")"),
            ("x in (list)", "x in (list)"),
            ("x !in (list)", "x !in (list)"),
            ("\"in(\" in (list)", "\"in(\" in (list)"),
            ("f(in(\"a\"), 1 in (b))", "f(_I(\"a\"), 1 in (b))"),
            ("a == 1 || in(\"a\")", "a == 1 || _I(\"a\")"),
        ] {
            assert_eq!(state_calls(text), read);
        }
    }
}
