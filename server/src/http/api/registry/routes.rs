//! The five routes of each register. A register is data, so its routes are made when the server starts.

use std::collections::HashMap;

use poem::endpoint::{BoxEndpoint, make};
use poem::http::Method;
use poem::web::Json;
use poem::{EndpointExt, IntoResponse, Request, RequestBody, Response, Result};
use poem_openapi::param::Query;
use poem_openapi::registry::{MetaApi, Registry};
use poem_openapi::types::ParseFromParameter;
use poem_openapi::{ApiExtractor, ApiResponse, ExtractParamOptions, OpenApi, Tags};
use serde_json::Value;

use super::list::Asked;
use super::{add, change, list, remove, schema, show};
use crate::app::App;
use crate::http::api::Tag;
use crate::http::body::Body;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::problem::{Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::register::check::Entry;
use crate::register::{ALL, Register};

/// List, show, add, change and remove, for each register.
pub struct Registers(pub App);

#[derive(Clone, Copy)]
enum Verb {
    List,
    Show,
    Add,
    Change,
    Remove,
}

impl OpenApi for Registers {
    fn meta() -> Vec<MetaApi> {
        vec![MetaApi { paths: ALL.iter().flat_map(|register| schema::paths(register)).collect() }]
    }

    fn register(registry: &mut Registry) {
        Tag::Registers.register(registry);
        SignedIn::register(registry);
        Problem::register(registry);
        for register in ALL {
            schema::register(registry, register);
        }
    }

    fn add_routes(self, table: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        for register in ALL {
            let (all, one) = (format!("/{}", register.name), format!("/{}/:param0", register.name));
            let verbs = [
                (&all, Method::GET, Verb::List),
                (&all, Method::POST, Verb::Add),
                (&one, Method::GET, Verb::Show),
                (&one, Method::PUT, Verb::Change),
                (&one, Method::DELETE, Verb::Remove),
            ];
            for (path, method, verb) in verbs {
                let endpoint = endpoint(self.0.clone(), register, verb);
                table.entry(path.clone()).or_default().insert(method, endpoint);
            }
        }
    }
}

fn endpoint(app: App, register: &'static Register, verb: Verb) -> BoxEndpoint<'static> {
    make(move |request: Request| {
        let app = app.clone();
        async move {
            let (request, mut body) = request.split();
            let asked = Asking { app: &app, register, request: &request, body: &mut body };
            asked.answer(verb).await
        }
    })
    .boxed()
}

/// One request to a register.
struct Asking<'a> {
    app: &'a App,
    register: &'static Register,
    request: &'a Request,
    body: &'a mut RequestBody,
}

impl Asking<'_> {
    async fn answer(mut self, verb: Verb) -> Result<Response> {
        let who = SignedIn::from_request(self.request, self.body, ExtractParamOptions::default()).await?;
        let (app, register) = (self.app, self.register);
        Ok(match verb {
            Verb::List => {
                let (search, after) = (self.query("search").await?, self.query("after").await?);
                let asked = Asked { search, after, limit: self.query("limit").await? };
                Json(list::list(app, &who, register, asked).await?).into_response()
            }
            Verb::Show => Json(show::show(app, &who, register, self.key()).await?).into_response(),
            Verb::Add => {
                who.may(app, register.write)?;
                let key = self.once().await?;
                let (entry, hash) = self.entry().await?;
                let request = key.request(&who.caller, &hash);
                add::add(app, &who, register, entry, request).await?.into_response()
            }
            Verb::Change => {
                who.may(app, register.write)?;
                let key = self.once().await?;
                let (entry, hash) = self.entry().await?;
                let request = key.request(&who.caller, &hash);
                let named = self.key().to_owned();
                change::change(app, &who, register, named, entry, request).await?.into_response()
            }
            Verb::Remove => {
                who.may(app, register.write)?;
                let version: Option<i64> = self.query("version").await?;
                let version =
                    version.ok_or_else(|| Problem::parameter("version", Text::why("why-version", vec![])))?;
                let key = self.once().await?.request(&who.caller, &version.to_string());
                let named = self.key().to_owned();
                remove::remove(app, &who, register, named, version, key).await?.into_response()
            }
        })
    }

    async fn once(&mut self) -> Result<IdempotencyKey> {
        IdempotencyKey::from_request(self.request, self.body, ExtractParamOptions::default()).await
    }

    async fn query<T: ParseFromParameter>(&mut self, name: &'static str) -> Result<Option<T>> {
        let options = ExtractParamOptions { name, explode: true, ..ExtractParamOptions::default() };
        Ok(Query::<Option<T>>::from_request(self.request, self.body, options).await?.0)
    }

    /// The entry in the body, and what tells whether a repeated request is the same.
    async fn entry(&mut self) -> Result<(Entry, String)> {
        let body =
            Body::<Value>::from_request(self.request, self.body, ExtractParamOptions::default()).await?;
        match body.value {
            Value::Object(entry) => Ok((entry, body.hash)),
            _ => Err(Problem::not_an_object().into()),
        }
    }

    fn key(&self) -> &str {
        self.request.raw_path_param("param0").unwrap_or_default()
    }
}
