//! The sandbox provider's own server: a payment page with two buttons, to try out paying without money.
//!
//! It stands outside: it shares nothing with the rest but the key of its signatures. What it knows is gone when it
//! ends.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use poem::http::{StatusCode, header};
use poem::listener::TcpAcceptor;
use poem::web::{Data, Form, Html, Json, Path};
use poem::{EndpointExt, IntoResponse, Response, Route, Server, get, handler, post};
use serde::{Deserialize, Serialize};

use crate::gateway::payment::sandbox::signature;

/// A payment that somebody has begun.
#[derive(Clone, Debug, Deserialize)]
struct Begun {
    id: String,
    amount: i64,
    currency: String,
    description: String,
    return_url: String,
}

#[derive(Serialize)]
struct Accepted {
    reference: String,
    url: String,
}

#[derive(Deserialize)]
struct Decision {
    status: String,
}

/// What the server knows.
struct Desk {
    /// How payers reach it.
    home: String,
    secret: String,
    begun: Mutex<BTreeMap<String, Begun>>,
}

impl Desk {
    fn find(&self, reference: &str) -> Option<Begun> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).get(reference).cloned()
    }
}

/// Serves on a bound socket until `stop` is done.
pub async fn serve(
    socket: std::net::TcpListener,
    secret: &str,
    stop: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let home = format!("http://{}", socket.local_addr()?);
    socket.set_nonblocking(true)?;
    let desk = Arc::new(Desk { home, secret: secret.to_owned(), begun: Mutex::default() });
    let routes = Route::new().at("/payments", post(begin)).at("/pay/:reference", get(page).post(decide));
    Server::new_with_acceptor(TcpAcceptor::from_std(socket)?)
        .run_with_graceful_shutdown(routes.data(desk), stop, None)
        .await
}

#[handler]
fn begin(desk: Data<&Arc<Desk>>, begun: Json<Begun>) -> Response {
    let mut all = desk.begun.lock().unwrap_or_else(PoisonError::into_inner);
    let known = all.iter().find(|(_, other)| other.id == begun.id).map(|(reference, _)| reference.clone());
    let reference = known.unwrap_or_else(|| format!("S{:06}", all.len() + 1));
    let url = format!("{}/pay/{reference}", desk.home);
    all.insert(reference.clone(), begun.0);
    Json(Accepted { reference, url }).into_response()
}

#[handler]
fn page(desk: Data<&Arc<Desk>>, reference: Path<String>) -> Response {
    let Some(begun) = desk.find(&reference) else { return StatusCode::NOT_FOUND.into_response() };
    let text = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    Html(format!(
        "<!doctype html><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Sandbox</title><h1>Sandbox payment</h1><p>{}<p><strong>{} {}</strong> (minor units)\
         <form method=post><button name=status value=paid>Pay</button> \
         <button name=status value=declined>Decline</button></form>",
        text(&begun.description),
        begun.amount,
        text(&begun.currency)
    ))
    .into_response()
}

#[handler]
fn decide(desk: Data<&Arc<Desk>>, reference: Path<String>, decision: Form<Decision>) -> Response {
    let Some(begun) = desk.find(&reference) else { return StatusCode::NOT_FOUND.into_response() };
    let status = if decision.status == "paid" { "paid" } else { "declined" };
    let amount = begun.amount.to_string();
    let signed = signature(&desk.secret, [&begun.id, &reference, status, &amount]);
    let query: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("reference", reference.as_str()),
            ("status", status),
            ("amount", &amount),
            ("signature", &signed),
        ])
        .finish();
    let mark = if begun.return_url.contains('?') { '&' } else { '?' };
    let back = format!("{}{mark}{query}", begun.return_url);
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, back).finish()
}
