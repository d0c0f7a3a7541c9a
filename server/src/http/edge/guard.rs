//! What is refused before any route sees it.

use std::collections::BTreeSet;

use poem::Request;
use poem::http::{Method, header};

use crate::auth::Caller;
use crate::http::body::is_json;
use crate::http::problem::{Kind, Problem};

/// A parameter given twice: which one counts would depend on who reads it.
pub fn no_repeated_parameters(request: &Request) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    let query = request.uri().query().unwrap_or_default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.split('=').next().unwrap_or_default();
        if !seen.insert(name) {
            return Err(Problem::parameter(name, "it is given twice"));
        }
    }
    Ok(())
}

/// A browser sends our cookie whoever asks it to. What changes something must therefore look like our own
/// page: JSON, and either the browser's word that it is the same origin or a header that only we can set.
pub fn not_cross_site(request: &Request, caller: &Caller) -> Result<(), Problem> {
    if !caller.by_cookie || matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let has_body = request.header(header::CONTENT_LENGTH).is_none_or(|length| length != "0")
        && request.header(header::CONTENT_TYPE).is_some();
    let site = request.header("sec-fetch-site");
    let ours = match site {
        Some(site) => site == "same-origin" || site == "none",
        None => request.header("x-requested-with").is_some(),
    };
    if ours && (!has_body || is_json(request)) {
        return Ok(());
    }
    Err(Problem::new(Kind::Forbidden, "detail-cross-site", vec![]))
}
