//! The one place that takes out of an answer what the caller's roles never see.

use std::collections::BTreeSet;

use serde_json::Value;

/// Removes the values at the hidden paths; a path goes through every item of a list on its way.
pub fn strip(value: &mut Value, hidden: &BTreeSet<String>) {
    for path in hidden {
        let parts: Vec<&str> = path.split('.').collect();
        remove(value, &parts);
    }
}

/// The same for a part of the facts that the answer shows alone: `part` is its name there.
pub fn strip_inside(value: &mut Value, part: &str, hidden: &BTreeSet<String>) {
    let inside: BTreeSet<String> = hidden
        .iter()
        .filter_map(|path| path.strip_prefix(part)?.strip_prefix('.').map(str::to_owned))
        .collect();
    strip(value, &inside);
}

fn remove(value: &mut Value, path: &[&str]) {
    match (value, path) {
        (Value::Array(items), _) => items.iter_mut().for_each(|item| remove(item, path)),
        (Value::Object(map), [last]) => {
            map.remove(*last);
        }
        (Value::Object(map), [first, rest @ ..]) => {
            if let Some(inner) = map.get_mut(*first) {
                remove(inner, rest);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_hidden_value_is_gone_from_every_line() {
        let mut answer =
            json!({"charges": {"cost": "9", "lines": [{"cost": "4", "net": "5"}, {"cost": "5"}]}});
        strip(&mut answer, &["charges.cost".to_owned(), "charges.lines.cost".to_owned()].into());
        assert_eq!(answer, json!({"charges": {"lines": [{"net": "5"}, {}]}}));
    }

    #[test]
    fn what_is_shown_alone_is_stripped_by_the_rest_of_the_path() {
        let mut part = json!({"code": "P1", "cost": "9", "price": "12"});
        strip_inside(&mut part, "part", &["part.cost".to_owned(), "charges.price".to_owned()].into());
        assert_eq!(part, json!({"code": "P1", "price": "12"}));
    }
}
