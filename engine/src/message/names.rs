//! The facts that a template names, wherever they stand in it: also in a branch that sample facts do not take.

use std::collections::BTreeMap;

use crate::facts::{Map, Value};

/// Words of the template language itself.
const OWN: &[&str] = &[
    "and",
    "elif",
    "else",
    "endfor",
    "endif",
    "endset",
    "false",
    "filter",
    "endfilter",
    "for",
    "if",
    "in",
    "is",
    "loop",
    "none",
    "None",
    "not",
    "or",
    "raw",
    "endraw",
    "set",
    "true",
    "break",
    "continue",
];

/// A name that the facts do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// As the author wrote it, dotted.
    pub path: String,
    /// The part of it that is not there.
    pub name: String,
    /// What would be there instead.
    pub known: Vec<String>,
}

/// The names in a template that are neither facts nor its own.
pub fn unknown(template: &str, facts: &Map) -> Vec<Unknown> {
    let mut locals: BTreeMap<String, Value> = BTreeMap::new();
    let mut found = Vec::new();
    for tag in tags(template) {
        let words = words(tag);
        // `{% for line in charges.lines %}`: the name stands for an item from here on.
        if let ["for", names @ .., list] = words.as_slice() {
            let item = match at(list, facts, &locals) {
                Ok(Some(Value::List(items))) => items.first().cloned(),
                _ => None,
            };
            let own = names.iter().filter(|name| !OWN.contains(*name)).map(|name| (*name).to_owned());
            locals.extend(own.zip(std::iter::repeat(item.unwrap_or(Value::Null))));
        }
        if let ["set", name, ..] = words.as_slice() {
            locals.insert((*name).to_owned(), Value::Null);
        }
        for word in words {
            if let Err(unknown) = at(word, facts, &locals)
                && !found.contains(&unknown)
            {
                found.push(unknown);
            }
        }
    }
    found
}

/// The names at the top of the facts that a template may ask for; its own locals may be among them.
pub fn heads(template: &str) -> impl Iterator<Item = &str> {
    let words = tags(template).into_iter().flat_map(words);
    words.filter_map(|word| word.split('.').next()).filter(|head| !OWN.contains(head))
}

/// The insides of `{{ … }}` and `{% … %}`.
fn tags(template: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let close = match after.chars().next() {
            Some('{') => "}}",
            Some('%') => "%}",
            Some('#') => "#}",
            _ => {
                rest = after;
                continue;
            }
        };
        let Some((inside, next)) = after.split_once(close) else { break };
        if close != "#}" {
            tags.extend(inside.get(1..));
        }
        rest = next;
    }
    tags
}

/// Dotted names in a tag, without texts, filters, tests, functions and the names of arguments.
fn words(tag: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    let mut rest = tag;
    // What stood last, blanks apart: `|` makes a filter of the next word.
    let mut before = "";
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let len = match first {
            '"' | '\'' | '`' => rest
                .char_indices()
                .skip(1)
                .find(|(_, c)| *c == first)
                .map_or(rest.len(), |(n, c)| n + c.len_utf8()),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(len).unwrap_or((rest, ""));
        rest = after;
        if token.trim().is_empty() {
            continue;
        }
        let next = after.trim_start();
        let argument = next.starts_with('=') && !next.starts_with("==") && before != "set";
        let name = first.is_alphabetic() || first == '_';
        if name && before != "|" && before != "is" && !argument && !next.starts_with('(') {
            words.push(token);
        }
        // `is not positive` names a test as well.
        if !(before == "is" && token == "not") {
            before = token;
        }
    }
    words
}

/// The value under a dotted name; nothing if it is not known what would be there.
fn at(path: &str, facts: &Map, locals: &BTreeMap<String, Value>) -> Result<Option<Value>, Unknown> {
    let mut keys = path.split('.');
    let head = keys.next().unwrap_or_default();
    if OWN.contains(&head) {
        return Ok(None);
    }
    let unknown =
        |name: &str, known: Vec<String>| Unknown { path: path.to_owned(), name: name.to_owned(), known };
    let found = locals.get(head).or_else(|| facts.get(head));
    let Some(mut value) = found else {
        return Err(unknown(
            head,
            facts.keys().map(ToString::to_string).chain(locals.keys().cloned()).collect(),
        ));
    };
    for key in keys {
        let Value::Map(map) = value else { return Ok(None) };
        if map.is_empty() {
            return Ok(None);
        }
        let Some(inside) = map.get(key) else {
            return Err(unknown(key, map.keys().map(ToString::to_string).collect()));
        };
        value = inside;
    }
    Ok(Some(value.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::sample;

    fn told(template: &str) -> Vec<String> {
        unknown(template, &sample::world())
            .into_iter()
            .map(|one| format!("{} of {}", one.name, one.path))
            .collect()
    }

    #[test]
    fn a_name_in_any_branch_loop_or_argument_is_found() {
        let text = "{{ ticket.cod }}{% if charges.paid is positive and not carges.net %}{{ x | money }}\
                    {% for line in charges.lines %}{{ line.nett | money(digits=y) }}{% endfor %}{# {{ no }} #}{% endif %}";
        assert_eq!(
            told(text),
            ["cod of ticket.cod", "carges of carges.net", "x of x", "nett of line.nett", "y of y"]
        );
    }

    #[test]
    fn texts_filters_tests_and_the_languages_own_words_are_no_names() {
        let text = "{% set a = 'b c' %}{{ a | default(value=\"d\") }}{% if a is not positive or loop.first %}{{ now | datetime }}\
                    {% endif %}{% for line in charges.lines %}{{ line.code }}{% if not loop.last %}, {% endif %}{% endfor %}";
        assert_eq!(told(text), [""; 0]);
    }
}
