//! The outermost layer: every request passes here on its way in and every answer on its way out.
//!
//! In: who asks, in which language, within which limits. Out: problems become documents, panics become a
//! problem, protective headers are set, the request is counted. It knows no route.

mod guard;
mod headers;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, IntoResponse, Request, Response, Result};

use super::api::imports::ARRIVAL;
use super::api::session::second;
use super::body::BodyLimits;
use super::pages;
use super::problem::{Kind, Problem, foreign};
use super::signed_in::identify;
use super::visitor;
use crate::app::App;
use crate::auth::{Caller, needs_second_factor};
use crate::i18n::Language;
use crate::i18n::language::accepted;
use crate::telemetry::metrics::Metrics;
use crate::upload;

/// Most bytes of a bundle of definitions.
const BUNDLE_BYTES: usize = 8 * 1024 * 1024;

/// Where files come into the registers.
const IMPORTS: &str = "/api/imports/";

/// How long a telephone on a bad line may take to send a picture or paper.
const FILE_READ: Duration = Duration::from_secs(120);

/// Longest that any body may take to arrive: the socket waits for it, each route allows less or as much.
pub const LONGEST: Duration = ARRIVAL;

/// The language in which the asker reads.
#[derive(Clone, Copy, Debug)]
pub struct Reader(pub Language);

/// Where the pages of staff and of customers take steps.
const PAGES: &str = "/tickets/";
const PORTAL: &str = "/track/";

/// What somebody can do who still has to set up a second factor: that, signing out, and choosing a language.
const FACTORLESS: [&str; 8] =
    ["/account", "/api/session", "/sign-out", "/sign-in", "/preferences", "/assets", "/healthz", "/readyz"];

/// Wraps the whole server.
pub struct Edge<E> {
    inner: E,
    app: App,
    metrics: Arc<Metrics>,
}

impl<E: Endpoint> Edge<E> {
    pub fn new(inner: E, app: App, metrics: Arc<Metrics>) -> Self {
        Self { inner, app, metrics }
    }

    /// A whole bundle of definitions is larger than other bodies, and a file comes as it is.
    fn body_limits(&self, path: &str) -> BodyLimits {
        let limits = BodyLimits::from(&self.app.config.limits);
        if path == "/api/bundles" {
            BodyLimits { bytes: limits.bytes.max(BUNDLE_BYTES), ..limits }
        } else if is_file(path) {
            BodyLimits { bytes: upload::BYTES, read: limits.read.max(FILE_READ) }
        } else if [PAGES, PORTAL].iter().any(|home| path.starts_with(home))
            && (path.contains("/steps/") || path.contains("/files/"))
        {
            // A form may bring pictures, written as text.
            BodyLimits { bytes: upload::BYTES * 2, read: limits.read.max(FILE_READ) }
        } else if path.starts_with(IMPORTS) {
            // Its own reader counts the bytes.
            BodyLimits { read: LONGEST, ..limits }
        } else {
            limits
        }
    }

    /// Checks what holds for every route, then asks the route.
    async fn answer(&self, mut request: Request, language: &mut Language) -> Result<Response, Problem> {
        let method = request.method().clone();
        guard::no_repeated_parameters(&request)?;
        guard::no_nul(&request)?;
        let wanted = request.header("accept-language").and_then(accepted);
        let caller = if visitor::is_portal(request.uri().path()) {
            let (visitor, only) = Box::pin(visitor::identify(&self.app, &request)).await?;
            request.extensions_mut().insert(only);
            visitor
        } else {
            identify(&self.app, &request).await?
        };
        let own = caller.as_ref().ok().map(|(caller, _)| caller.language);
        *language = if pages::is_page(request.uri().path()) {
            // People read in the language they have chosen; programs say with each request which one they want.
            pages::Preferences::of(&request).language.or(own).or(wanted)
        } else {
            wanted.or(own)
        }
        .unwrap_or(Language::En);
        guard::not_cross_site(&request, caller.as_ref().ok().map(|(caller, _)| &**caller))?;
        if let Ok((caller, _)) = &caller
            && let Some(instead) = second_factor_first(&self.app, caller, request.uri().path()).await?
        {
            return instead;
        }
        let name = caller.as_ref().ok().map(|(caller, _)| Arc::clone(caller));
        request.extensions_mut().insert(caller);
        request.extensions_mut().insert(Reader(*language));
        if request.uri().path().starts_with(IMPORTS) {
            // A large body is not read for somebody who may not send it.
            let app = self.app.clone();
            request.extensions_mut().insert(app);
        }
        let limits = self.body_limits(request.uri().path());
        request.extensions_mut().insert(limits);
        let limit = self.app.config.limits.answer + limits.read;
        let path = request.original_uri().path().to_owned();
        let answer = match tokio::time::timeout(limit, self.inner.call(request)).await {
            Ok(Ok(answer)) => Ok(answer.into_response()),
            Ok(Err(error)) => Err(foreign::problem(error, method.as_str())),
            Err(_) => Err(Problem::unavailable()),
        };
        let status = answer.as_ref().map_or_else(|problem| problem.kind.status(), Response::status);
        if status == StatusCode::FORBIDDEN {
            denied(name.as_deref(), &method, &path);
        }
        answer
    }
}

impl<E: Endpoint> Endpoint for Edge<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let started = Instant::now();
        let method = request.method().clone();
        let path = request.original_uri().path().to_owned();
        let mut language = Language::En;
        let asker = pages::Asker::of(&request);
        let answer = AssertUnwindSafe(self.answer(request, &mut language)).catch_unwind().await;
        let answer = answer.unwrap_or_else(|_| Err(Problem::internal(&format!("{method} {path} panicked"))));
        let mut response = match answer {
            Ok(response) => response,
            Err(problem) if pages::is_page(&path) => pages::respond(&problem, language, &asker),
            Err(problem) => problem.respond(language, &path),
        };
        headers::protect(&mut response, &path, self.app.config.is_https());
        let status = response.status();
        let labels = [("method", known(&method)), ("code", status.as_str())];
        self.metrics.count("aftercare_http_requests_total", &labels);
        self.metrics.took("aftercare_http_request_seconds", &labels[..1], started.elapsed());
        Ok(response)
    }
}

/// Notes that somebody was refused. What follows in the address of a link or of the portal may be a secret.
fn denied(who: Option<&Caller>, method: &Method, path: &str) {
    let name = who.map_or("(nobody)", |who| who.name.as_str());
    let is_open = !visitor::is_portal(path) && !path.starts_with("/welcome");
    let path = if is_open { path } else { "the portal" };
    tracing::info!(user.name = %name, "`{name}` was refused {method} {path}");
}

/// Where a file comes as it is: to a ticket, an entry of a register or a voucher.
fn is_file(path: &str) -> bool {
    let path = path.trim_start_matches("/api");
    let homes = ["/tickets/", "/registers/", "/vouchers/"];
    homes.iter().any(|home| path.starts_with(home))
        && (path.ends_with("/files") || path.ends_with("/attachments"))
}

/// Whoever has a role that asks for a second factor and has none is led to set it up, before anything else.
async fn second_factor_first(
    app: &App,
    caller: &Caller,
    path: &str,
) -> Result<Option<Result<Response, Problem>>, Problem> {
    let is_about_it = FACTORLESS.iter().any(|own| path == *own || path.starts_with(&format!("{own}/")));
    let roles = &app.catalog.current().library().roles.clone();
    if is_about_it || !needs_second_factor(caller, roles) || second::is_needed(app, &caller.name).await? {
        return Ok(None);
    }
    let instead = if pages::is_page(path) {
        Ok(pages::to("/account#second-factor"))
    } else {
        let problem = Problem::new(Kind::Forbidden, "detail-second-factor-first", vec![]);
        Err(problem.with("second_factor", true.into()))
    };
    Ok(Some(instead))
}

/// The method as a label: callers can invent others.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
