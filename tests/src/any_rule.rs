//! Reads whatever a rule file or an expression holds, and runs what can be run.

use std::borrow::Cow;

use aftercare_engine::diagnostic::render::{self, Colour};
use aftercare_engine::diagnostic::{Diagnostic, Place, Sources, Sp};
use aftercare_engine::facts::{Map, Value, sample};
use aftercare_engine::rules::{Expression, Name, Rules, Scope, View};

/// Facts that are all there.
struct Facts(Map);

impl View for Facts {
    fn value(&self, name: &Name) -> Option<&Value> {
        self.0.get(&name.text)
    }

    fn is_in(&self, n: usize) -> bool {
        n.is_multiple_of(2)
    }
}

/// Takes the text as a rule file and as an expression: whatever can be read runs, and must end, with an answer or
/// an error, twice the same.
pub fn run(text: &str) {
    let facts = Facts(sample::world());
    as_file(text, &facts);
    as_expression(text, &facts);
}

fn as_file(text: &str, facts: &Facts) {
    let mut sources = Sources::default();
    let source = sources.add("rules/any.rhai", text);
    let (rules, found) = Rules::compile(&[(source, text)], &sources);
    shown(&found, &sources);
    let item = Value::Map(Map::new());
    let fact = |name: &str| facts.0.get(name).or(Some(&item)).map(Cow::Borrowed);
    for name in rules.names() {
        let first = rules.call(name, &fact);
        assert!(first == rules.call(name, &fact), "`{name}` has two answers: {text}");
    }
}

fn as_expression(text: &str, facts: &Facts) {
    let mut sources = Sources::default();
    let source = sources.add("any.yaml", text);
    let place = Place { source, ..Place::default() };
    for lenient in [false, true] {
        match Expression::check(&Sp::new(text.to_owned(), place), &Scope { lenient, ..Scope::default() }) {
            Err(found) => shown(&found, &sources),
            Ok(expression) => {
                let first = expression.eval(facts);
                assert!(first == expression.eval(facts), "two answers: {text}");
                drop(expression.holds(facts));
            }
        }
    }
}

/// Every mistake can be shown, wherever it stands.
fn shown(found: &[Diagnostic], sources: &Sources) {
    let shown = render::full(found, sources, Colour::Plain);
    assert!(found.iter().all(|one| shown.contains(one.code)), "a mistake is not shown: {shown}");
}
