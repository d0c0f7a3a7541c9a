//! The `Idempotency-Key` header: the caller's name for one request, however often it is sent.

use poem::{Request, RequestBody, Result};
use poem_openapi::registry::{MetaParamIn, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use super::problem::{Problem, Text};
use crate::auth::Caller;
use crate::store::step::Key;

const NAME: &str = "Idempotency-Key";

/// The key, if the caller gave one, with the route it is for.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    key: Option<String>,
    route: String,
    /// Parameters after the path: they belong to what is asked.
    query: String,
}

impl IdempotencyKey {
    /// The key that a page's form carries.
    pub fn of_form(key: Option<&str>, route: String) -> Self {
        Self { key: key.map(str::to_owned), route, query: String::new() }
    }

    /// What to look for and to keep. `hash` tells whether a repeated request is the same.
    pub fn request(self, caller: &Caller, hash: &str) -> Option<Key> {
        let key = self.key?;
        let body_hash =
            if self.query.is_empty() { hash.to_owned() } else { format!("{hash}?{}", self.query) };
        Some(Key { principal: caller.name.clone(), route: self.route, key, body_hash })
    }
}

impl<'a> ApiExtractor<'a> for IdempotencyKey {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    const PARAM_IS_REQUIRED: bool = false;
    type ParamType = Option<String>;
    type ParamRawType = Option<String>;

    fn register(registry: &mut Registry) {
        <String as Type>::register(registry);
    }

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(String::schema_ref())
    }

    fn param_raw_type(&self) -> Option<&Self::ParamRawType> {
        Some(&self.key)
    }

    async fn from_request(
        request: &'a Request,
        _: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let key = request.header(NAME).map(str::to_owned);
        let fits =
            |key: &String| (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if key.as_ref().is_some_and(|key| !fits(key)) {
            return Err(Problem::parameter(NAME, Text::why("why-key", vec![])).into());
        }
        let route = format!("{} {}", request.method(), request.original_uri().path());
        let query = request.original_uri().query().unwrap_or_default().to_owned();
        Ok(Self { key, route, query })
    }
}
