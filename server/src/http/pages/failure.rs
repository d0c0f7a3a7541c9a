//! What went wrong, as a page: the same words that a program gets as a problem document. Whoever has not signed
//! in is sent to do so and comes back afterwards.

use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, Request, Response, Result};
use tera::Context;

use super::confirm;
use super::form::Sent;
use super::preferences::Preferences;
use super::view::{Ground, View, takes_gzip};
use super::{format, template};
use crate::app::App;
use crate::http::problem::{Kind, Problem, foreign};
use crate::i18n::{self, Language};

const TEMPLATE: &str = "failure.html";

/// Where the request came from, kept aside for the case that it fails.
pub struct Asker {
    /// Address to come back to after signing in.
    back: String,
    takes_gzip: bool,
    preferences: Preferences,
}

impl Asker {
    pub fn of(request: &Request) -> Self {
        let uri = request.original_uri();
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let back = if *request.method() == Method::GET { path } else { "/" };
        Self { back: back.to_owned(), takes_gzip: takes_gzip(request), preferences: Preferences::of(request) }
    }
}

/// Asks a page; where it cannot be made, its reader is told within the frame they know. Whatever has no reader goes
/// on to the edge.
pub async fn framed<E: Endpoint<Output = Response>>(
    page: std::sync::Arc<E>,
    mut request: Request,
) -> Result<Response> {
    let (sent, address) = (Sent::default(), request.original_uri().clone());
    request.extensions_mut().insert(sent.clone());
    let (ground, method) = (Ground::of(&request), request.method().to_string());
    let app = request.data::<App>().cloned();
    let error = match page.call(request).await {
        Ok(response) => return Ok(response),
        Err(error) => error,
    };
    let problem = foreign::problem(error, &method);
    let Some(app) = app.filter(|_| problem.kind != Kind::Unauthorized) else { return Err(problem.into()) };
    let mut view = View::on(app, ground);
    if let (Kind::Reauthenticate, Some(form)) = (problem.kind, sent.0.get()) {
        let address = address.path_and_query().map_or("/", |path| path.as_str());
        return confirm::page(view, form, address, None).await.map_err(Into::into);
    }
    let language = view.writing.language;
    view.put("title", &i18n::text(language, &format!("problem-{}", problem.kind.name()), &[]));
    view.put("detail", &problem.detail.in_language(language));
    view.put("status", &problem.kind.status().as_u16());
    view.page_with(TEMPLATE, problem.kind.status()).map_err(|_| problem.into())
}

/// The answer to a request for a page that did not succeed.
pub fn respond(problem: &Problem, language: Language, asker: &Asker) -> Response {
    if problem.kind == Kind::Unauthorized {
        let back: String = form_urlencoded::byte_serialize(asker.back.as_bytes()).collect();
        return Response::builder()
            .status(StatusCode::SEE_OTHER)
            .header(header::LOCATION, format!("/sign-in?back={back}"))
            .finish();
    }
    let mut context = Context::new();
    context.insert(format::READER, &format!("{} g l 0 XXX 0 0", language.code()));
    context.insert("lang", language.code());
    context.insert("dir", if language == Language::Fa { "rtl" } else { "ltr" });
    context.insert("theme", asker.preferences.theme.name());
    context.insert("title", &i18n::text(language, &format!("problem-{}", problem.kind.name()), &[]));
    context.insert("detail", &problem.detail.in_language(language));
    context.insert("status", &problem.kind.status().as_u16());
    let page = template::page(TEMPLATE, &context, problem.kind.status(), asker.takes_gzip);
    // A template that fails must not hide what went wrong.
    page.unwrap_or_else(|_| problem.respond(language, &asker.back))
}
