//! Where the link leads by which somebody sets a password: no sign-in, and nothing else than that.

use poem::web::Path;
use poem::{Response, handler};

use super::form::PageForm;
use super::view::{View, to};
use crate::http::password_link::{owner, set};
use crate::http::problem::{Kind, Problem};

const TEMPLATE: &str = "welcome.html";

/// GET /welcome/{secret}
#[handler]
pub async fn show(view: View, Path(secret): Path<String>) -> Result<Response, Problem> {
    page(view, &secret, None).await
}

/// POST /welcome/{secret}
#[handler]
pub async fn submit(view: View, Path(secret): Path<String>, form: PageForm) -> Result<Response, Problem> {
    match set(&view.app, &secret, form.get("new").unwrap_or_default().to_owned()).await {
        Ok(()) => Ok(to("/sign-in")),
        Err(problem) if problem.kind == Kind::Unprocessable => page(view, &secret, Some(&problem)).await,
        Err(problem) => Err(problem),
    }
}

async fn page(mut view: View, secret: &str, wrong: Option<&Problem>) -> Result<Response, Problem> {
    let found = owner(&view.app, secret).await?;
    let (owner, _) = found.ok_or_else(|| Problem::new(Kind::NotFound, "detail-password-link", vec![]))?;
    let language = view.writing.language;
    let told =
        wrong.and_then(|problem| problem.errors.first()).map(|error| error.message.in_language(language));
    view.put("secret", &secret);
    view.put("user", &owner.name);
    view.put("full_name", &owner.full_name);
    view.put("wrong", &told);
    let status = wrong.map_or(poem::http::StatusCode::OK, |problem| problem.kind.status());
    view.page_with(TEMPLATE, status)
}
