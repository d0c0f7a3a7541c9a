//! `/api`: the page that describes the API, what that page is made of, the description itself, and below it the API.

mod known;
mod merged;
mod problems;
mod written;

use poem::endpoint::BoxEndpoint;
use poem::http::{Method, header};
use poem::{Endpoint, EndpointExt, Request, Response, Result, error::MethodNotAllowedError};
use poem_openapi::{OpenApi, OpenApiService};

/// The page. Nothing of it stands in the page itself, so that its policy is as strict as that of every other one.
const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Aftercare API</title>
<link rel="stylesheet" href="/api/browse.css">
<script src="/api/browser.js" defer></script>
<script src="/api/browse.js" defer></script>
</head>
<body><div id="ui"></div></body>
</html>
"#;

/// Begins it.
const BEGIN: &str =
    "SwaggerUIBundle({dom_id: '#ui', url: '/api/openapi.json', filter: false, deepLinking: true})\n";

/// All of them.
pub struct ApiRoot {
    style: String,
    script: String,
    description: String,
    known: known::Known,
    service: BoxEndpoint<'static, Response>,
}

impl ApiRoot {
    pub fn new(service: OpenApiService<impl OpenApi + 'static, ()>) -> Self {
        let (page, written) = (service.swagger_ui_html(), service.spec());
        let described = written::standard(problems::told(merged::merged(&written)));
        let known = known::Known::of(&described);
        let part = |tag: &str| inner(&page, tag).unwrap_or_default().to_owned();
        let (style, script) = (part("style"), part("script"));
        let description = described.to_string();
        Self { style, script, description, known, service: service.map_to_response().boxed() }
    }
}

impl Endpoint for ApiRoot {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let (body, kind) = match request.uri().path() {
            "" | "/" => (PAGE, "text/html; charset=utf-8"),
            "/browse.css" => (self.style.as_str(), "text/css; charset=utf-8"),
            "/browser.js" => (self.script.as_str(), "text/javascript; charset=utf-8"),
            "/browse.js" => (BEGIN, "text/javascript; charset=utf-8"),
            "/openapi.json" => (self.description.as_str(), "application/json"),
            _ => {
                self.known.check(&request)?;
                return self.service.call(request).await;
            }
        };
        if request.method() != Method::GET {
            return Err(MethodNotAllowedError.into());
        }
        Ok(Response::builder().header(header::CONTENT_TYPE, kind).body(body.to_owned()))
    }
}

/// What stands in the first element of a name.
fn inner<'a>(page: &'a str, tag: &str) -> Option<&'a str> {
    let (_, from) = page.split_once(&format!("<{tag}"))?;
    let (_, inside) = from.split_once('>')?;
    inside.split_once(&format!("</{tag}>")).map(|(inside, _)| inside)
}
