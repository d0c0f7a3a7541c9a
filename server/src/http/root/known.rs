//! A parameter that a route does not know is refused: `?dry_run=true`, left unread, would be the real thing.
//!
//! What is known stands in the API's own description, and nowhere else.

use std::collections::BTreeSet;

use poem::Request;
use poem::http::Method;
use serde_json::Value;

use crate::http::problem::{Problem, Text};

/// Where payers come back: each provider writes its own parameters, and what they are worth is asked of the provider.
const BACK: &str = "/api/payments/{id}/back";

/// The parameters of every route.
pub struct Known(Vec<Route>);

struct Route {
    method: String,
    /// Parts of the path; none for one that is different each time.
    path: Vec<Option<String>>,
    parameters: BTreeSet<String>,
}

impl Known {
    /// From the API's description.
    pub fn of(described: &Value) -> Self {
        let paths = described["paths"].as_object().into_iter().flatten().filter(|(path, _)| *path != BACK);
        let routes = paths.flat_map(|(path, verbs)| {
            let verbs = verbs.as_object().into_iter().flatten();
            verbs.map(move |(method, verb)| Route::of(path, method, verb))
        });
        Self(routes.collect())
    }

    /// # Errors
    /// When the query has a parameter that the route does not know.
    pub fn check(&self, request: &Request) -> Result<(), Problem> {
        let Some(query) = request.uri().query().filter(|query| !query.is_empty()) else { return Ok(()) };
        let path = request.original_uri().path();
        // An address that is not there has an answer of its own.
        let mut fitting = self.0.iter().filter(|route| route.fits(request.method(), path)).peekable();
        if fitting.peek().is_none() {
            return Ok(());
        }
        let known: BTreeSet<&str> =
            fitting.flat_map(|route| route.parameters.iter().map(String::as_str)).collect();
        for (name, _) in form_urlencoded::parse(query.as_bytes()) {
            if !known.contains(&*name) {
                let words = known.into_iter().collect::<Vec<_>>().join(", ");
                let why = match words.is_empty() {
                    true => Text::why("why-no-parameters", vec![]),
                    false => Text::why("why-unknown-parameter", vec![("words", words)]),
                };
                return Err(Problem::parameter(&name, why));
            }
        }
        Ok(())
    }
}

impl Route {
    fn of(path: &str, method: &str, verb: &Value) -> Self {
        let part = |part: &str| (!part.starts_with('{')).then(|| part.to_owned());
        let parameters = verb["parameters"].as_array().into_iter().flatten();
        let in_query = parameters.filter(|parameter| parameter["in"] == "query");
        Self {
            method: method.to_owned(),
            path: path.split('/').map(part).collect(),
            parameters: in_query
                .filter_map(|parameter| parameter["name"].as_str())
                .map(str::to_owned)
                .collect(),
        }
    }

    fn fits(&self, method: &Method, path: &str) -> bool {
        let mut parts = path.split('/');
        let is_verb = method.as_str().eq_ignore_ascii_case(&self.method)
            || (*method == Method::HEAD && self.method == "get");
        is_verb
            && self
                .path
                .iter()
                .all(|own| parts.next().is_some_and(|part| own.as_deref().is_none_or(|own| own == part)))
            && parts.next().is_none()
    }
}
