//! The JSON body of a request: counted while it is read, bounded in depth, unknown fields refused, every
//! mistake told with the path of its field.

use std::time::Duration;

use poem::http::header;
use poem::{Request, RequestBody, Result};
use poem_openapi::registry::{MetaMediaType, MetaRequest, Registry};
use poem_openapi::types::{Binary, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde::de::DeserializeOwned;

use super::problem::{FieldError, Kind, Problem, Text};
use crate::config::Limits;
use crate::store::chain;

/// Deepest nesting of a body.
const DEPTH: usize = 64;

/// A body read as `T`, and the bytes that it was.
#[derive(Debug)]
pub struct Body<T> {
    pub value: T,
    /// For the repeated request under the same key: is it the same?
    pub hash: String,
}

/// How large and slow a body may be; the edge puts it beside each request. A route may raise the size.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    pub bytes: usize,
    pub read: Duration,
}

impl From<&Limits> for BodyLimits {
    fn from(limits: &Limits) -> Self {
        Self { bytes: limits.body_bytes, read: limits.read }
    }
}

impl<'a, T: Type + DeserializeOwned> ApiExtractor<'a> for Body<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    const PARAM_IS_REQUIRED: bool = true;
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        let content = vec![MetaMediaType { content_type: "application/json", schema: T::schema_ref() }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        if !is_json(request) {
            return Err(Problem::new(Kind::MediaType, "detail-media-type", vec![]).into());
        }
        let bytes = bytes(request, body).await?;
        let value = parse(&bytes)?;
        Ok(Self { value, hash: crate::auth::token::hash(&String::from_utf8_lossy(&bytes)) })
    }
}

/// A body as it came: a file.
#[derive(Debug)]
pub struct Bytes {
    pub value: Vec<u8>,
    /// For the repeated request under the same key: is it the same?
    pub hash: String,
}

impl<'a> ApiExtractor<'a> for Bytes {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    const PARAM_IS_REQUIRED: bool = true;
    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let schema = Binary::<Vec<u8>>::schema_ref();
        let content = vec![MetaMediaType { content_type: "application/octet-stream", schema }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> Result<Self> {
        let value = bytes(request, body).await?;
        Ok(Self { hash: chain::hash_bytes(&value), value })
    }
}

/// Whether the request says that it carries JSON.
pub fn is_json(request: &Request) -> bool {
    let kind = request.header(header::CONTENT_TYPE).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The bytes of a body, counted while they are read.
pub async fn bytes(request: &Request, body: &mut RequestBody) -> Result<Vec<u8>, Problem> {
    let limits =
        request.data::<BodyLimits>().copied().unwrap_or_else(|| BodyLimits::from(&Limits::default()));
    let too_large =
        || Problem::new(Kind::TooLarge, "detail-too-large", vec![("limit", limits.bytes.to_string())]);
    // A length that is announced can be refused before a byte of it is read.
    let announced = request.header(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limits.bytes as u64) {
        return Err(too_large());
    }
    let body = body.take().map_err(|_| Problem::new(Kind::MediaType, "detail-media-type", vec![]))?;
    match tokio::time::timeout(limits.read, body.into_bytes_limit(limits.bytes)).await {
        Err(_) => Err(Problem::new(Kind::Invalid, "detail-slow", vec![])),
        Ok(Err(poem::error::ReadBodyError::PayloadTooLarge)) => Err(too_large()),
        Ok(Err(error)) => {
            tracing::info!("A body cannot be read: {error}");
            Err(Problem::because(Kind::Invalid, "detail-json", vec![], Text::why("why-form", vec![])))
        }
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
    }
}

/// Reads JSON into a type; tells the path of what does not fit.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if is_too_deep(bytes) {
        return Err(Problem::new(Kind::Invalid, "detail-too-deep", vec![("limit", DEPTH.to_string())]));
    }
    if holds_nul(bytes) {
        return Err(Problem::nul());
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        explain(&path, error.inner())
    })?;
    reader.end().map_err(|error| explain(".", &error))?;
    Ok(value)
}

fn explain(path: &str, error: &serde_json::Error) -> Problem {
    if !error.is_data() {
        let place = vec![("line", error.line().to_string()), ("column", error.column().to_string())];
        return Problem::because(Kind::Invalid, "detail-json", vec![], Text::why("why-no-json", place));
    }
    let said = error.to_string();
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    let inside = |name: String| if path == "." { name } else { format!("{path}.{name}") };
    let (field, why, code) = if said.starts_with("unknown field") {
        (inside_of_parent(path, quoted(&said)), Text::why("why-unknown", vec![]), Some("field-unknown"))
    } else if said.starts_with("missing field") {
        (inside(quoted(&said)), Text::why("why-missing", vec![]), Some("field-required"))
    } else {
        (path.to_owned(), expected(&said), None)
    };
    let wrong = match code {
        Some(code) => FieldError::new(&field, code, vec![]),
        None => FieldError::invalid(&field, why.clone()),
    };
    let problem = Problem::because(Kind::Invalid, "detail-body", vec![("field", field)], why);
    Problem { errors: vec![wrong], ..problem }
}

/// What should stand there instead, from what the JSON reader says.
fn expected(said: &str) -> Text {
    let said = said.split(" at line ").next().unwrap_or_default();
    let wanted = said.rsplit("expected ").next().unwrap_or_default();
    if said.starts_with("unknown variant") {
        let words: Vec<&str> = wanted.split('`').skip(1).step_by(2).collect();
        return Text::why("why-one-of", vec![("words", words.join(", "))]);
    }
    let kinds: [(&str, &[&str]); 6] = [
        ("why-text", &["a string", "string"]),
        ("why-whole", &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "usize", "an integer"]),
        ("why-number", &["f64", "a number", "a decimal", "a Decimal"]),
        ("why-yes-no", &["a boolean"]),
        ("why-list", &["a sequence", "an array"]),
        ("why-object", &["a map", "struct ", "an object"]),
    ];
    let kind = kinds.iter().find(|(_, words)| words.iter().any(|word| wanted.starts_with(word)));
    Text::why(kind.map_or("why-form", |(key, _)| key), vec![])
}

/// The path already ends in the unknown field's name.
fn inside_of_parent(path: &str, name: String) -> String {
    if path == "." || path.is_empty() { name } else { path.to_owned() }
}

/// Whether a text in it has an escaped NUL; a plain one is no JSON.
fn holds_nul(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter();
    while rest.any(|byte| *byte == b'\\') {
        if rest.as_slice().starts_with(b"u0000") {
            return true;
        }
        // What is escaped is no escape.
        rest.next();
    }
    false
}

/// Brackets are counted before anything recursive sees them.
fn is_too_deep(bytes: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'{' | b'[') => depth += 1,
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape is asked")]
    struct Outer {
        name: String,
        inner: Vec<Inner>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape is asked")]
    struct Inner {
        count: i64,
    }

    fn wrong(text: &str) -> (String, String) {
        let problem = parse::<Outer>(text.as_bytes()).unwrap_err();
        let error = problem.errors.first().unwrap();
        (error.field.clone(), error.code.clone())
    }

    #[test]
    fn a_mistake_is_told_with_the_path_of_its_field() {
        assert_eq!(wrong(r#"{"name": "x"}"#), ("inner".into(), "field_required".into()));
        assert_eq!(
            wrong(r#"{"name": "x", "inner": [{"count": "many"}]}"#),
            ("inner[0].count".into(), "field_invalid".into())
        );
        assert_eq!(
            wrong(r#"{"name": "x", "inner": [{"count": 1, "colour": 2}]}"#),
            ("inner[0].colour".into(), "field_unknown".into())
        );
        assert_eq!(wrong(r#"{"colour": 1}"#), ("colour".into(), "field_unknown".into()));
    }

    #[test]
    fn deep_nesting_is_refused_before_it_is_read() {
        let deep = "[".repeat(100_000);
        let Err(problem) = parse::<serde_json::Value>(deep.as_bytes()) else { panic!("it was read") };
        assert!(matches!(problem.detail, Text::Own("detail-too-deep", _)));
        assert!(!is_too_deep(format!("\"{deep}\"").as_bytes()), "brackets in a text are text");
    }

    #[test]
    fn a_nul_in_a_text_is_found_and_its_spelling_is_not() {
        assert!(holds_nul(br#"{"a": "x\u0000"}"#));
        assert!(holds_nul(br#""\\\u0000""#));
        assert!(!holds_nul(br#""\\u0000 \u0001""#));
    }

    #[test]
    fn what_follows_the_value_is_refused() {
        assert!(parse::<i64>(b"1 2").is_err());
    }
}
