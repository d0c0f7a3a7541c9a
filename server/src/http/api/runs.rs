//! Runs over the books and the statements that they write.

mod list;
mod start;
pub mod statements;

use poem_openapi::OpenApi;

use crate::app::App;

/// The routes.
pub fn routes(app: &App) -> impl OpenApi + use<> {
    (list::List(app.clone()), start::Start(app.clone()), statements::Statements(app.clone()))
}
