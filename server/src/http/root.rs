//! `/api`: the page that describes the API, the description itself, and below it the API.

mod known;
mod merged;
mod problems;

use poem::endpoint::BoxEndpoint;
use poem::http::{Method, header};
use poem::{Endpoint, EndpointExt, Request, Response, Result, error::MethodNotAllowedError};
use poem_openapi::{OpenApi, OpenApiService};

/// The three of them.
pub struct ApiRoot {
    page: String,
    description: String,
    known: known::Known,
    service: BoxEndpoint<'static, Response>,
}

impl ApiRoot {
    pub fn new(service: OpenApiService<impl OpenApi + 'static, ()>) -> Self {
        let (page, written) = (service.swagger_ui_html(), service.spec());
        let described = problems::told(merged::merged(&written));
        let known = known::Known::of(&described);
        let description = described.to_string();
        // The page holds the description as it was written.
        let page = page.replace(&written, &description);
        Self { page, description, known, service: service.map_to_response().boxed() }
    }
}

impl Endpoint for ApiRoot {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let (body, kind) = match request.uri().path() {
            "" | "/" => (&self.page, "text/html; charset=utf-8"),
            "/openapi.json" => (&self.description, "application/json"),
            _ => {
                self.known.check(&request)?;
                return self.service.call(request).await;
            }
        };
        if request.method() != Method::GET {
            return Err(MethodNotAllowedError.into());
        }
        Ok(Response::builder().header(header::CONTENT_TYPE, kind).body(body.clone()))
    }
}
