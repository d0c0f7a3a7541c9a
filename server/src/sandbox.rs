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
    /// What the payer decided.
    #[serde(skip)]
    decided: Option<&'static str>,
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

    /// The first decision counts.
    fn decide(&self, reference: &str, status: &'static str) {
        let mut all = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(begun) = all.get_mut(reference) {
            begun.decided.get_or_insert(status);
        }
    }

    /// What the shop is told of a payment, signed.
    fn told(&self, reference: &str, begun: &Begun, status: &str) -> [(&'static str, String); 4] {
        let amount = begun.amount.to_string();
        let signature = signature(&self.secret, [&begun.id, reference, status, &amount]);
        [
            ("reference", reference.to_owned()),
            ("status", status.to_owned()),
            ("amount", amount),
            ("signature", signature),
        ]
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
    let routes = Route::new()
        .at("/payments", post(begin))
        .at("/payments/:reference", get(tell))
        .at("/pay/:reference", get(page).post(decide));
    Server::new_with_acceptor(TcpAcceptor::from_std(socket)?)
        .run_with_graceful_shutdown(routes.data(desk), stop, None)
        .await
}

#[handler]
fn begin(desk: Data<&Arc<Desk>>, begun: Json<Begun>) -> Response {
    let mut all = desk.begun.lock().unwrap_or_else(PoisonError::into_inner);
    // The same for the same payment, and for no other one, also after a restart.
    let id: String = begun.id.chars().filter(char::is_ascii_alphanumeric).collect();
    let reference = format!("S{id}");
    let url = format!("{}/pay/{reference}", desk.home);
    all.entry(reference.clone()).or_insert(begun.0);
    Json(Accepted { reference, url }).into_response()
}

/// The shop asks by itself.
#[handler]
fn tell(desk: Data<&Arc<Desk>>, reference: Path<String>) -> Response {
    let Some(begun) = desk.find(&reference) else { return StatusCode::NOT_FOUND.into_response() };
    let told = desk.told(&reference, &begun, begun.decided.unwrap_or("open"));
    Json(BTreeMap::from(told)).into_response()
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
    desk.decide(&reference, status);
    let query: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(desk.told(&reference, &begun, status))
        .finish();
    let mark = if begun.return_url.contains('?') { '&' } else { '?' };
    let back = format!("{}{mark}{query}", begun.return_url);
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, back).finish()
}
