//! A statement of somebody's account, to send or to sign.

use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::types::ToJSON;

use crate::http::access::library;
use crate::http::api::runs::statements::Statements;
use crate::http::pages::view::View;
use crate::http::portal::company;
use crate::http::problem::Problem;

/// GET /statements/{number}/print
#[handler]
pub async fn show(mut view: View, Path(number): Path<String>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let app = view.app.clone();
    let found = Statements(app.clone()).find(&who, &number).await?;
    view.put("statement", &found.to_json());
    view.put("company", &company(&app, view.writing.language));
    let library = library(&app);
    view.put("economic_code", &library.company.as_ref().and_then(|company| company.economic_code.clone()));
    view.page("print_statement.html")
}
