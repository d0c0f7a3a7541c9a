//! YAML text to [`Node`], within limits.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::Spanned;

use super::{MAX_BYTES, MAX_DEPTH, MAX_NODES, Node, NodeValue};
use crate::diagnostic::{Diagnostic, Place, SourceId, Sp};

pub(super) fn read(source: SourceId, text: &str) -> Result<Node, Box<Diagnostic>> {
    let start = Place { source, line: 1, column: 1, start: 0, len: 0 };
    if text.len() > MAX_BYTES {
        return Err(Box::new(
            Diagnostic::error("AC0001", start, format!("the file has {} bytes", text.len()))
                .help(format!("a file may have {MAX_BYTES} bytes; split it")),
        ));
    }
    let options = serde_yaml::options! {
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
        budget: serde_yaml::budget! {
            max_depth: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_events: 4 * MAX_NODES,
            max_aliases: 256,
            max_documents: 1,
        },
    };
    let raw: Spanned<Raw> = serde_yaml::from_str_with_options(text, options).map_err(|error| {
        let place = error.location().map_or(start, |location| place(source, text, &location));
        Box::new(Diagnostic::error("AC0002", place, first_line(&error.render())))
    })?;
    Ok(Builder { source, text }.node(raw))
}

/// The library's message without its own place, which the diagnostic shows better.
fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or("the YAML cannot be read");
    let line = line.strip_prefix("error: ").unwrap_or(line);
    let line = match line.split_once(": ") {
        Some((head, rest)) if head.starts_with("line ") => rest,
        _ => line,
    };
    line.split(" at line ").next().unwrap_or(line).to_owned()
}

fn place(source: SourceId, text: &str, location: &serde_yaml::Location) -> Place {
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let span = location.span();
    let start = span.byte_offset().map_or_else(
        || {
            text.lines()
                .take(usize::try_from(location.line()).unwrap_or(1).saturating_sub(1))
                .map(|l| l.len() + 1)
                .sum()
        },
        |offset| usize::try_from(offset).unwrap_or(0),
    );
    let start = start.min(text.len());
    let rest = text.get(start..).unwrap_or("");
    let end_of_line = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let len = span.byte_len().map_or(1, |n| usize::try_from(n).unwrap_or(1)).clamp(1, end_of_line.max(1));
    Place {
        source,
        line: number(location.line()).max(1),
        column: number(location.column()).max(1),
        start: number(start as u64),
        len: number(len as u64),
    }
}

/// What serde tells of a value, before its place is known.
enum Raw {
    Null,
    Bool(bool),
    Number,
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Raw;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }
            fn visit_none<E>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }
            fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Raw, D::Error> {
                d.deserialize_any(self)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
                Ok(Raw::Bool(value))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
                Ok(Raw::Number)
            }
            fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
                Ok(Raw::Number)
            }
            fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
                Ok(Raw::Number)
            }
            fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
                Ok(Raw::Number)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
                Ok(Raw::Number)
            }
            fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
                Ok(Raw::Text(text.to_owned()))
            }
            fn visit_string<E>(self, text: String) -> Result<Raw, E> {
                Ok(Raw::Text(text))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Raw::List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Raw::Map(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

struct Builder<'t> {
    source: SourceId,
    text: &'t str,
}

impl Builder<'_> {
    fn node(&self, raw: Spanned<Raw>) -> Node {
        let place = place(self.source, self.text, &raw.referenced);
        // An alias stands elsewhere than its value; the value's own place holds the digits.
        let digits = || {
            let defined = self::place(self.source, self.text, &raw.defined);
            let start = defined.start as usize;
            let text = self.text.get(start..start + defined.len as usize).unwrap_or("0");
            text.trim().to_owned()
        };
        let value = match raw.value {
            Raw::Null => NodeValue::Null,
            Raw::Bool(value) => NodeValue::Bool(value),
            Raw::Number => NodeValue::Number(digits()),
            Raw::Text(text) => NodeValue::Text(text),
            Raw::List(items) => NodeValue::List(items.into_iter().map(|item| self.node(item)).collect()),
            Raw::Map(entries) => NodeValue::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| {
                        let at = self::place(self.source, self.text, &key.referenced);
                        (Sp::new(key.value, at), self.node(value))
                    })
                    .collect(),
            ),
        };
        Node { place, value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_place_and_numbers_keep_their_digits() {
        let node = Node::read(SourceId(0), "a: 12.10\nb:\n  - x\n  - on: 'q'\n").unwrap();
        let a = node.get("a").unwrap();
        assert_eq!(a.value, NodeValue::Number("12.10".into()));
        assert_eq!((a.place.line, a.place.column, a.place.start, a.place.len), (1, 4, 3, 5));
        let NodeValue::List(items) = &node.get("b").unwrap().value else { panic!("a list") };
        assert_eq!(items[1].entries()[0].0.value, "on");
        assert_eq!((items[1].entries()[0].0.place.line, items[1].entries()[0].0.place.column), (4, 5));
    }

    #[test]
    fn hostile_files_are_refused_with_a_place() {
        for text in [
            "a: 1\na: 2\n",
            "a: [1, 2\n",
            "a: !!python/object x\n",
            &"[".repeat(1000),
            "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n\
             d: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e]\n",
            "a: 1\n---\nb: 2\n",
        ] {
            let found = Node::read(SourceId(0), text).unwrap_err();
            assert!(found.place.is_some(), "{found:?}");
        }
        assert!(Node::read(SourceId(0), &format!("a: {}", "x".repeat(2 << 20))).is_err());
    }
}
