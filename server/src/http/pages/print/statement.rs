//! A statement of somebody's account, to send or to sign.

use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use crate::http::access::library;
use crate::http::api::runs::statements::Statements;
use crate::http::pages::people::{self, Names};
use crate::http::pages::view::View;
use crate::http::portal::company;
use crate::http::problem::Problem;

/// GET /statements/{number}/print
#[handler]
pub async fn show(mut view: View, Path(number): Path<String>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let app = view.app.clone();
    let found = Statements(app.clone()).find(&who, &number).await?;
    let statement = found.to_json().unwrap_or_default();
    let text = |key: &str| statement[key].as_str().unwrap_or_default();
    view.put("party", &party(&view, text("kind"), text("party")).await?);
    view.put("statement", &statement);
    view.put("company", &company(&app, view.writing.language));
    let library = library(&app);
    view.put("economic_code", &library.company.as_ref().and_then(|company| company.economic_code.clone()));
    view.page("print_statement.html")
}

/// Whose account it is, with where they are: what the addressee of a paper is called.
async fn party(view: &View, kind: &str, code: &str) -> Result<Value, Problem> {
    let store = &view.app.store;
    let (name, address) = match kind {
        "agency" | "partner" => {
            let address = store.agency(code).await?.and_then(|agency| agency.address.clone());
            (people::agency(view, code).await?, address)
        }
        "customer" => match store.customer(code).await? {
            Some(found) => (found.customer.name.clone(), found.customer.address.clone()),
            None => (code.to_owned(), None),
        },
        _ => (Names::default().of(view, code).await?, None),
    };
    Ok(json!({"name": name, "address": address}))
}
