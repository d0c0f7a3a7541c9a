//! A caller of the API: one signed-in user, or nobody.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::described;

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub kind: String,
    pub text: String,
    pub headers: reqwest::header::HeaderMap,
}

impl Reply {
    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The value at a JSON pointer.
    pub fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_default()
    }
}

/// A picture of one pixel.
pub fn pixel() -> Vec<u8> {
    const PNG: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    STANDARD.decode(PNG).expect("a picture")
}

/// One caller.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    is_blinkered: bool,
}

impl Client {
    /// The same for somebody from whom the company hides facts: what they are is in no answer, though it is described.
    pub fn blinkered(self) -> Self {
        Self { is_blinkered: true, ..self }
    }

    pub fn new(base: &str) -> Self {
        // The program may have chosen already; then its choice is the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { http, base: base.to_owned(), token: None, is_blinkered: false }
    }

    /// Where the server is.
    pub fn base(&self) -> &str {
        &self.base
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// What it says who it is with.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A request that the test may still change.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let (http, request) = request.build_split();
        let request = request.expect("a request");
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = http.execute(request).await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let kind =
            headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
        let reply = Reply { status, kind, headers, text: response.text().await.expect("a body") };
        described::check(&self.http, &self.base, &method, &path, &reply, self.is_blinkered).await;
        reply
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    pub async fn post_once(&self, path: &str, key: &str, body: &Value) -> Reply {
        self.send(self.request(Method::POST, path).header("Idempotency-Key", key).json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A file as the body.
    pub async fn send_file(&self, path: &str, kind: &str, file: impl Into<Vec<u8>>) -> Reply {
        self.send(self.request(Method::POST, path).header("content-type", kind).body(file.into())).await
    }

    /// The bytes of an answer.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.request(Method::GET, path).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.bytes().await.expect("a body").to_vec()
    }

    /// A body of raw bytes that says it is JSON.
    pub async fn post_raw(&self, path: &str, body: Vec<u8>) -> Reply {
        let request = self.request(Method::POST, path).header("content-type", "application/json").body(body);
        self.send(request).await
    }
}
