//! Texts: comparing and tidying, nothing that can grow without bound.

use rust_decimal::Decimal;

use super::{Function, args, words};
use crate::facts::Value;
use crate::facts::shape::Kind;

pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "text",
        parameters: &[("value", Kind::Any)],
        result: Kind::Text,
        about: "the value as a text",
        run: |values| {
            let [value] = args(values)?;
            match value {
                Value::List(_) | Value::Map(_) => Err(format!("{} is not made a text", value.kind())),
                _ => Ok(Value::text(value.to_string())),
            }
        },
    },
    Function {
        name: "number",
        parameters: &[("text", Kind::Text)],
        result: Kind::Decimal,
        about: "the number that a text holds, exact",
        run: |values| {
            let [text] = args(values)?;
            let text = words(text)?;
            Decimal::from_str_exact(text.trim())
                .map(Value::Decimal)
                .map_err(|_| format!("`{}` is not a number", text.chars().take(40).collect::<String>()))
        },
    },
    Function {
        name: "among",
        parameters: &[("name", Kind::Any), ("list", Kind::Any)],
        result: Kind::Bool,
        about: "whether a list of texts has the name, however either is typed: letters, case, digits and spaces do not count; `()` is in no list",
        run: |values| {
            let [name, list] = args(values)?;
            let Some(name) = name.as_text() else {
                return match name {
                    Value::Null => Ok(Value::Bool(false)),
                    other => Err(format!("{} is no name", other.kind())),
                };
            };
            let mut names = list.as_list().iter().filter_map(Value::as_text);
            Ok(Value::Bool(names.any(|one| crate::text::same(one, name))))
        },
    },
    Function {
        name: "lower",
        parameters: &[("text", Kind::Text)],
        result: Kind::Text,
        about: "the text in small letters",
        run: |values| {
            let [text] = args(values)?;
            Ok(Value::text(words(text)?.to_lowercase()))
        },
    },
    Function {
        name: "upper",
        parameters: &[("text", Kind::Text)],
        result: Kind::Text,
        about: "the text in capital letters",
        run: |values| {
            let [text] = args(values)?;
            Ok(Value::text(words(text)?.to_uppercase()))
        },
    },
    Function {
        name: "trim",
        parameters: &[("text", Kind::Text)],
        result: Kind::Text,
        about: "the text without space at its ends",
        run: |values| {
            let [text] = args(values)?;
            Ok(Value::text(words(text)?.trim()))
        },
    },
    Function {
        name: "starts_with",
        parameters: &[("text", Kind::Text), ("start", Kind::Text)],
        result: Kind::Bool,
        about: "whether the text begins so",
        run: |values| {
            let [text, start] = args(values)?;
            Ok(Value::Bool(words(text)?.starts_with(words(start)?)))
        },
    },
    Function {
        name: "ends_with",
        parameters: &[("text", Kind::Text), ("end", Kind::Text)],
        result: Kind::Bool,
        about: "whether the text ends so",
        run: |values| {
            let [text, end] = args(values)?;
            Ok(Value::Bool(words(text)?.ends_with(words(end)?)))
        },
    },
];
