//! Which problems a route may answer with, in place of the one word for all of them: they follow from what it takes. A
//! client that is made from the description has a case for each.

use serde_json::{Map, Value, json};

use crate::http::problem::Kind;
use crate::http::problem::document::CONTENT_TYPE;

/// What the framework knows of problems.
const ANY: &str = "4XX";

/// The description with each operation's own problems.
pub fn told(mut description: Value) -> Value {
    let paths = description.get_mut("paths").and_then(Value::as_object_mut);
    for (path, verbs) in paths.into_iter().flatten() {
        for (verb, operation) in verbs.as_object_mut().into_iter().flatten() {
            let kinds = kinds(path, verb, operation);
            if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
                spell_out(responses, &kinds);
            }
        }
    }
    description
}

/// Each kind has a problem document.
fn spell_out(responses: &mut Map<String, Value>, kinds: &[Kind]) {
    responses.remove(ANY);
    for kind in kinds {
        let document = json!({"schema": {"$ref": "#/components/schemas/ProblemDocument"}});
        let own = json!({"description": about(*kind), "content": {CONTENT_TYPE: document}});
        responses.entry(kind.status().as_str()).or_insert(own);
    }
}

fn kinds(path: &str, verb: &str, operation: &Value) -> Vec<Kind> {
    let has = |name: &str| operation.get(name).is_some_and(|given| !given.is_null());
    let (is_signed_in, is_change) = (operation["security"] != json!([]) && has("security"), verb != "get");
    let mut kinds = vec![Kind::Invalid, Kind::Internal, Kind::Unavailable];
    if is_signed_in || path == SIGN_IN {
        kinds.extend([Kind::Unauthorized, Kind::Forbidden]);
    }
    if path.contains('{') || operation["parameters"].as_array().is_some_and(|all| !all.is_empty()) {
        kinds.extend([Kind::NotFound, Kind::Unprocessable]);
    }
    if is_change {
        kinds.extend([Kind::Forbidden, Kind::NotFound, Kind::Conflict, Kind::Unprocessable]);
    }
    if has("requestBody") {
        kinds.extend([Kind::TooLarge, Kind::MediaType]);
    }
    if path.starts_with(SIGN_IN) && is_change {
        kinds.push(Kind::TooMany);
    }
    kinds
}

/// Where wrong attempts make the next ones wait.
const SIGN_IN: &str = "/api/session";

fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Invalid => "The request cannot be read: a parameter or the body is not what it should be",
        Kind::Unauthorized | Kind::Reauthenticate => {
            "Nobody is signed in, or the session has ended, or the password is asked for once more"
        }
        Kind::Forbidden => "The caller's roles do not allow it",
        Kind::NotFound => "There is no such thing, or the caller may not see it",
        Kind::Method => "The address knows no such verb",
        Kind::Conflict | Kind::Busy => "Somebody was quicker: `present` says how things stand",
        Kind::TooLarge => "The body is larger than it may be",
        Kind::MediaType => "The body is of another kind than described",
        Kind::Unprocessable | Kind::Refused => {
            "What is asked for is wrong or refused: `errors` and `reasons` say why"
        }
        Kind::TooMany => "Too many attempts: `Retry-After` says when the next one counts",
        Kind::Unavailable => "The server cannot do it now; the same request may be sent again",
        Kind::Internal => "The server failed; nothing has changed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_that_takes_a_body_says_what_may_be_wrong_with_it_and_one_that_reads_does_not() {
        let any = json!({"description": "any", "content": {}});
        let verbs = json!({
            "get": {"security": [{"Bearer": []}], "responses": {"200": {}, "4XX": any}},
            "post": {"security": [{"Bearer": []}], "requestBody": {}, "responses": {"201": {}, "4XX": any}},
        });
        let told = told(json!({"paths": {"/things": verbs}}));
        let statuses = |verb: &str| -> Vec<String> {
            told["paths"]["/things"][verb]["responses"].as_object().unwrap().keys().cloned().collect()
        };
        let mut reading = statuses("get");
        reading.sort();
        assert_eq!(reading, ["200", "400", "401", "403", "500", "503"]);
        assert!(statuses("post").contains(&"415".to_owned()) && statuses("post").contains(&"409".to_owned()));
    }
}
