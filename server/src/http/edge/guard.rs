//! What is refused before any route sees it.

use std::collections::BTreeSet;

use poem::Request;
use poem::http::{Method, header};

use crate::auth::Caller;
use crate::http::api::imports::is_sheet;
use crate::http::body::is_json;
use crate::http::pages::is_page;
use crate::http::problem::{Kind, Problem, Text};

/// A parameter given twice: which one counts would depend on who reads it.
pub fn no_repeated_parameters(request: &Request) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    let query = request.uri().query().unwrap_or_default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.split('=').next().unwrap_or_default();
        if !seen.insert(name) {
            return Err(Problem::parameter(name, Text::why("why-given-twice", vec![])));
        }
    }
    Ok(())
}

/// No address and no text of ours holds a NUL: one of the databases cannot keep it.
pub fn no_nul(request: &Request) -> Result<(), Problem> {
    let uri = request.original_uri();
    if uri.path().contains("%00") || uri.query().is_some_and(|query| query.contains("%00")) {
        return Err(Problem::nul());
    }
    Ok(())
}

/// A browser sends our cookie whoever asks it to. What changes something must therefore look like our own
/// page: the browser's word that it is the same origin or a header that only we can set, and JSON, a sheet, a
/// picture or a paper, none of which another site's form can send; a page's form instead brings a token, which is asked for where forms are read.
pub fn not_cross_site(request: &Request, caller: Option<&Caller>) -> Result<(), Problem> {
    let is_form = is_page(request.uri().path());
    // Whoever signs in by a form has no cookie yet, but may be made to by another site.
    let by_browser = caller.map_or(is_form, |caller| caller.by_cookie);
    if !by_browser || matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let has_body = request.header(header::CONTENT_LENGTH).is_none_or(|length| length != "0")
        && request.header(header::CONTENT_TYPE).is_some();
    let ours = match request.header("sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        None => request.header("x-requested-with").is_some() || is_own_origin(request),
    };
    if ours && (!has_body || is_form || is_json(request) || is_sheet(request) || is_file(request)) {
        return Ok(());
    }
    Err(Problem::new(Kind::Forbidden, "detail-cross-site", vec![]))
}

/// Whether the body is said to be a picture, a paper or plain bytes.
fn is_file(request: &Request) -> bool {
    let kind = request.content_type().unwrap_or_default();
    kind.starts_with("image/") || kind == "application/pdf" || kind == "application/octet-stream"
}

/// Older browsers say at least where the page with the form came from.
fn is_own_origin(request: &Request) -> bool {
    let host = request.header(header::HOST);
    let origin = request.header(header::ORIGIN).and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, from)| host == Some(from))
}
