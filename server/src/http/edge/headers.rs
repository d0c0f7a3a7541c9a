//! Headers that protect the reader's browser. A page that needs more than nothing sets its own policy first.

use poem::Response;
use poem::http::HeaderMap;
use poem::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// What may stand in an encoded name as it is.
const PLAIN: &[u8] = b"!#$&+-.^_`|~";

/// For answers that are no pages.
const NOTHING: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'");

/// For the page that describes the API.
pub const API_PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Sets them.
pub fn protect(response: &mut Response, path: &str, https: bool) {
    let headers = response.headers_mut();
    let policy = if path == "/api" || path == "/api/" { API_PAGE } else { NOTHING };
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    headers.insert(opener, HeaderValue::from_static("same-origin"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    name_file(headers);
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
}

/// A file's name with letters beyond ASCII is said twice (RFC 6266): without them, and whole but encoded.
fn name_file(headers: &mut HeaderMap) {
    let Some(said) = headers.get(CONTENT_DISPOSITION).filter(|said| !said.as_bytes().is_ascii()) else {
        return;
    };
    let said = String::from_utf8_lossy(said.as_bytes()).into_owned();
    let Some((kind, name)) = said.split_once("; filename=\"") else { return };
    let name = name.trim_end_matches('"');
    let plain: String = name.chars().map(|letter| if letter.is_ascii() { letter } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    if let Ok(value) = format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}").parse() {
        headers.insert(CONTENT_DISPOSITION, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persian_name_is_told_in_a_way_that_browsers_read() {
        let mut headers = HeaderMap::new();
        let said = HeaderValue::from_bytes("attachment; filename=\"عکس 1.jpg\"".as_bytes()).unwrap();
        headers.insert(CONTENT_DISPOSITION, said);
        name_file(&mut headers);
        let told = headers.get(CONTENT_DISPOSITION).unwrap().to_str().unwrap();
        assert_eq!(told, "attachment; filename=\"___ 1.jpg\"; filename*=UTF-8''%D8%B9%DA%A9%D8%B3%201.jpg");
    }
}
