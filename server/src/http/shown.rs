//! An answer of a known shape from which parts may be missing: what the caller's roles never see has been
//! taken out.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};
use serde_json::Value;

use super::hidden;

/// JSON of the shape `T`, stripped.
pub struct Shown<T>(Value, PhantomData<fn() -> T>);

impl<T: ToJSON> Shown<T> {
    /// The whole, with the facts' names at its top.
    pub fn new(value: &T, hidden: &BTreeSet<String>) -> Self {
        let mut json = value.to_json().unwrap_or_default();
        hidden::strip(&mut json, hidden);
        Self(json, PhantomData)
    }

    /// A part of the facts, shown alone.
    pub fn part(value: &T, part: &str, hidden: &BTreeSet<String>) -> Self {
        let mut json = value.to_json().unwrap_or_default();
        hidden::strip_inside(&mut json, part, hidden);
        Self(json, PhantomData)
    }

    /// A list that stands under a name, from each item of which something is taken out.
    pub fn each(value: &T, list: &str, take: impl Fn(&mut Value)) -> Self {
        let mut json = value.to_json().unwrap_or_default();
        json.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten().for_each(take);
        Self(json, PhantomData)
    }
}

impl<T> Shown<T> {
    /// Takes out more.
    pub fn strip(&mut self, hidden: &BTreeSet<String>) {
        hidden::strip(&mut self.0, hidden);
    }

    /// Puts something into each item of a list.
    pub fn put_each(&mut self, list: &str, find: impl Fn(&Value) -> Option<(&'static str, String)>) {
        let items = self.0.pointer_mut(list).and_then(Value::as_array_mut);
        for item in items.into_iter().flatten() {
            if let Some((key, value)) = find(item) {
                item[key] = value.into();
            }
        }
    }

    /// What is left, for a page.
    pub fn json(self) -> Value {
        self.0
    }
}

impl<T: Send> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        poem::web::Json(self.0).into_response()
    }
}

impl<T: Type> ApiResponse for Shown<T> {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "Without what your roles never see",
                status: Some(200),
                status_range: None,
                content: vec![MetaMediaType { content_type: "application/json", schema: T::schema_ref() }],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
