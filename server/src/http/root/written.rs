//! The description's own words where the framework's are none of the standard's: generators of clients know `date`
//! and no `naive-date`, and what may be left out does not begin with a null.

use serde_json::Value;

/// The same description in the standard's words.
pub fn standard(mut description: Value) -> Value {
    rewrite(&mut description);
    if let Some(Value::Object(problem)) = description.pointer_mut(PROBLEM) {
        problem.insert("additionalProperties".into(), Value::Bool(true));
    }
    description
}

/// Where problem documents are described: they may have members that are none of everybody's business.
const PROBLEM: &str = "/components/schemas/ProblemDocument";

fn rewrite(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("format").is_some_and(|format| format == "naive-date") {
                members.insert("format".into(), "date".into());
            }
            if members.contains_key("type") && members.get("default") == Some(&Value::Null) {
                members.remove("default");
            }
            members.values_mut().for_each(rewrite);
        }
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn days_are_dates_and_what_may_be_left_out_has_no_default() {
        let framework = json!({"at": {"type": "string", "format": "naive-date", "default": null}});
        assert_eq!(standard(framework), json!({"at": {"type": "string", "format": "date"}}));
        let fields = json!({"properties": {"format": {"type": "string"}, "default": {"type": "boolean", "default": false}}});
        assert_eq!(standard(fields.clone()), fields);
    }
}
