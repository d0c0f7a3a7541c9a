//! Styles, scripts and pictures, part of the program. Their address holds a hash of all of them, so that browsers
//! keep them for a year and never show an old one.
//!
//! A debug build reads them from the repository's folder each time, so that a change is seen by reloading.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Request, Response, handler};
use sha2::{Digest, Sha256};

use super::template::compressed;
use crate::http::problem::{Kind, Problem};

macro_rules! files {
    ($($name:literal: $kind:literal),* $(,)?) => {
        &[$(($name, $kind, include_str!(concat!("../../../assets/", $name)))),*]
    };
}

/// Name, media type and content of each.
const FILES: &[(&str, &str, &str)] = files! {
    "base.css": "text/css; charset=utf-8",
    "shell.css": "text/css; charset=utf-8",
    "form.css": "text/css; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "portal.css": "text/css; charset=utf-8",
    "print.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "app.js": "text/javascript; charset=utf-8",
    "drawing.js": "text/javascript; charset=utf-8",
    "drag.js": "text/javascript; charset=utf-8",
    "days.js": "text/javascript; charset=utf-8",
    "draft.js": "text/javascript; charset=utf-8",
    "import.js": "text/javascript; charset=utf-8",
    "live.js": "text/javascript; charset=utf-8",
    "pictures.js": "text/javascript; charset=utf-8",
    "queue.js": "text/javascript; charset=utf-8",
    "scan.js": "text/javascript; charset=utf-8",
    "worker.js": "text/javascript; charset=utf-8",
};

const YEAR: &str = "public, max-age=31536000, immutable";

/// What all of them are together, as a part of their addresses.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for (name, _, text) in FILES {
        all.update(name);
        all.update(text);
    }
    all.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
});

static COMPRESSED: LazyLock<BTreeMap<&str, Vec<u8>>> = LazyLock::new(|| {
    FILES.iter().filter_map(|(name, _, text)| Some((*name, compressed(text.as_bytes(), 9)?))).collect()
});

/// Address of a file.
pub fn address(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

fn text(name: &str, built_in: &'static str) -> Cow<'static, str> {
    if cfg!(debug_assertions) {
        let path = format!("{}/assets/{name}", env!("CARGO_MANIFEST_DIR"));
        if let Ok(text) = std::fs::read_to_string(path) {
            return text.into();
        }
    }
    built_in.into()
}

/// GET /worker.js: from the root, since a worker sees no more than what lies beside it.
#[handler]
pub fn worker() -> Result<Response, Problem> {
    let found = FILES.iter().find(|(file, ..)| *file == "worker.js");
    let (name, kind, built_in) = found.ok_or_else(|| Problem::new(Kind::NotFound, "detail-route", vec![]))?;
    let policy = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";
    let response = Response::builder()
        .header(header::CONTENT_TYPE, *kind)
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response.body(text(name, built_in).into_owned()))
}

/// GET /manifest.webmanifest: what a telephone needs to put the pages among its programs.
#[handler]
pub fn manifest() -> Response {
    let manifest = serde_json::json!({
        "name": "Aftercare",
        "short_name": "Aftercare",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f5f2",
        "theme_color": "#0b6b5e",
        "icons": [{"src": address("icon.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any"}],
    });
    let response = Response::builder()
        .header(header::CONTENT_TYPE, "application/manifest+json")
        .header(header::CACHE_CONTROL, "no-cache");
    response.body(manifest.to_string())
}

/// GET /assets/{version}/{name}
#[handler]
pub fn serve(request: &Request, Path((_, name)): Path<(String, String)>) -> Result<Response, Problem> {
    let found = FILES.iter().find(|(file, ..)| *file == name);
    let (name, kind, built_in) = found.ok_or_else(|| Problem::new(Kind::NotFound, "detail-route", vec![]))?;
    let response = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, *kind)
        .header(header::CACHE_CONTROL, if cfg!(debug_assertions) { "no-cache" } else { YEAR })
        .header(header::VARY, "Accept-Encoding");
    let takes_gzip = request.header(header::ACCEPT_ENCODING).is_some_and(|all| all.contains("gzip"));
    let text = text(name, built_in);
    let small = takes_gzip.then(|| match &text {
        Cow::Borrowed(_) => COMPRESSED.get(name).cloned(),
        Cow::Owned(text) => compressed(text.as_bytes(), 9),
    });
    Ok(match small.flatten() {
        Some(bytes) => response.header(header::CONTENT_ENCODING, "gzip").body(bytes),
        None => response.body(text.into_owned()),
    })
}
