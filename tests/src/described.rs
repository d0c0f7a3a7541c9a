//! Holds every answer that a test gets against the description of the API: no route says another status, another kind of
//! content or a body of another shape than is written there.

mod body;

use reqwest::{Client as Http, Method};
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::client::Reply;

/// What the edge may answer before any route is asked.
const EDGE: [u16; 7] = [400, 401, 403, 404, 405, 413, 503];

/// Letters of an answer that are told when it lies.
const MOST_TOLD: usize = 2_000;

static DESCRIPTION: OnceCell<Option<Value>> = OnceCell::const_new();

/// Panics if an answer of the API is not one that it describes.
pub async fn check(http: &Http, base: &str, method: &Method, path: &str, reply: &Reply, is_blinkered: bool) {
    let Some(own) = path.strip_prefix("/api/").filter(|own| *own != "openapi.json") else { return };
    let description = DESCRIPTION.get_or_init(|| read(http, base)).await;
    let Some(description) = description else { return };
    if let Err(lie) = held_against(description, method, own, reply, is_blinkered) {
        let begin: String = reply.text.chars().take(MOST_TOLD).collect();
        panic!("{method} {path} was answered {} {}, but {lie}\n{begin}", reply.status, reply.kind);
    }
}

async fn read(http: &Http, base: &str) -> Option<Value> {
    let answer = http.get(format!("{base}/api/openapi.json")).send().await.ok()?;
    serde_json::from_str(&answer.text().await.ok()?).ok()
}

fn held_against(
    description: &Value,
    method: &Method,
    path: &str,
    reply: &Reply,
    is_blinkered: bool,
) -> Result<(), String> {
    let verb = method.as_str().to_lowercase();
    let Some((template, verbs)) = route(description, path) else {
        return EDGE.contains(&reply.status).then_some(()).ok_or("no such route is described".into());
    };
    let Some(operation) = verbs.get(&verb) else {
        let is_edge = EDGE.contains(&reply.status);
        return is_edge.then_some(()).ok_or(format!("{template} has no such verb"));
    };
    let answers = &operation["responses"];
    let Some(answer) = answers.get(reply.status.to_string()) else {
        let known: Vec<&String> =
            answers.as_object().into_iter().flatten().map(|(status, _)| status).collect();
        return Err(format!("{template} describes {known:?} alone"));
    };
    let kinds: Vec<&String> =
        answer["content"].as_object().into_iter().flatten().map(|(kind, _)| kind).collect();
    let plain = reply.kind.split(';').next().unwrap_or_default().trim();
    let is_binary = kinds.iter().any(|kind| *kind == "application/octet-stream");
    if kinds.is_empty() && !reply.text.is_empty() {
        return Err(format!("{template} describes no content"));
    }
    if !kinds.is_empty() && !is_binary && !kinds.iter().any(|kind| kind.split(';').next() == Some(plain)) {
        return Err(format!("{template} describes {kinds:?}"));
    }
    if plain.ends_with("json") {
        shaped(description, answer, plain, reply, is_blinkered)?;
    }
    if reply.status == 201 {
        placed(description, template, reply)?;
    }
    Ok(())
}

/// The body is as the schema of its kind says.
fn shaped(
    description: &Value,
    answer: &Value,
    kind: &str,
    reply: &Reply,
    is_blinkered: bool,
) -> Result<(), String> {
    let mut kinds = answer["content"].as_object().into_iter().flatten();
    let described = kinds.find(|(one, _)| one.split(';').next() == Some(kind));
    let Some(schema) = described.and_then(|(_, described)| described.get("schema")) else { return Ok(()) };
    let body = serde_json::from_str(&reply.text).map_err(|error| format!("its body is no JSON: {error}"))?;
    let lies = body::lies(description, schema, &body, is_blinkered);
    if lies.is_empty() { Ok(()) } else { Err(format!("of its body\n{}", lies.join("\n"))) }
}

/// What was made and can be looked at says where.
fn placed(description: &Value, template: &str, reply: &Reply) -> Result<(), String> {
    let place = reply.headers.get("location").and_then(|place| place.to_str().ok());
    let below = format!("{template}/{{");
    let mut routes = description["paths"].as_object().into_iter().flatten();
    let has_place = routes
        .any(|(path, verbs)| path.starts_with(&below) && path.ends_with('}') && verbs.get("get").is_some());
    match place.map(|place| place.strip_prefix("/api/")) {
        None if has_place => Err(format!("{template} has a place for it, which is not told")),
        Some(None) => Err(format!("its place {place:?} is none of ours")),
        Some(Some(own)) if route(description, own).is_none_or(|(_, verbs)| verbs.get("get").is_none()) => {
            Err(format!("nothing is described at its place {place:?}"))
        }
        _ => Ok(()),
    }
}

/// The route of a path; one that is written out goes before one with parameters.
fn route<'d>(description: &'d Value, path: &str) -> Option<(&'d str, &'d Value)> {
    let asked: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<&str> =
            template.trim_start_matches("/api").trim_start_matches('/').split('/').collect();
        let is_same = |(part, segment): (&&str, &&str)| part.starts_with('{') || part == segment;
        parts.len() == asked.len() && parts.iter().zip(&asked).all(is_same)
    };
    let routes = description["paths"].as_object().into_iter().flatten();
    let fitting = routes.filter(|(template, _)| fits(template));
    fitting
        .min_by_key(|(template, _)| template.matches('{').count())
        .map(|(path, verbs)| (path.as_str(), verbs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, kind: &str, text: &str) -> Reply {
        Reply { status, kind: kind.into(), headers: Default::default(), text: text.into() }
    }

    #[test]
    fn an_answer_that_is_not_described_is_found() {
        let json = serde_json::json!({"content": {"application/json": {}}});
        let description = serde_json::json!({"paths": {
            "/things": {"post": {"responses": {"201": json}}},
            "/things/{key}": {"get": {"responses": {"200": json}}, "delete": {"responses": {"204": {}}}},
        }});
        let held = |method: Method, path: &str, reply: Reply| {
            held_against(&description, &method, path, &reply, false)
        };
        assert!(held(Method::GET, "things/1", reply(200, "application/json; charset=utf-8", "{}")).is_ok());
        assert!(held(Method::GET, "things/1", reply(200, "text/html", "{}")).is_err());
        assert!(held(Method::GET, "things/1", reply(202, "application/json", "{}")).is_err());
        assert!(held(Method::DELETE, "things/1", reply(204, "", "")).is_ok());
        assert!(held(Method::DELETE, "things/1", reply(204, "", "{}")).is_err());
        assert!(held(Method::GET, "nothing", reply(200, "application/json", "{}")).is_err());
        let mut made = reply(201, "application/json", "{}");
        assert!(
            held(Method::POST, "things", reply(201, "application/json", "{}")).is_err(),
            "without its place"
        );
        made.headers.insert("location", "/api/things/1".parse().unwrap());
        assert!(held(Method::POST, "things", made).is_ok());
    }
}
