//! The page that asks once more for the password, before something grave. It carries the form that was sent; when the
//! password is right, the browser sends that form again by itself (307), so that nothing is typed twice.

use std::sync::Arc;

use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Request, Response, handler};

use super::form::{PageForm, TOKEN, is_ours};
use super::view::View;
use crate::auth::throttle::Throttle;
use crate::http::api::session::prove::{Proof, prove};
use crate::http::api::session::second;
use crate::http::problem::{Kind, Problem};

const TEMPLATE: &str = "confirm.html";
/// What the names of this page's own fields begin with.
const OWN: &str = "proof-";

/// The page over a form that was sent to an address of ours.
pub async fn page(
    mut view: View,
    form: &PageForm,
    address: &str,
    wrong: Option<&Problem>,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let carried = form.0.iter().filter(|(name, _)| !name.starts_with(OWN) && name != TOKEN);
    view.put("carried", &carried.collect::<Vec<_>>());
    view.put("address", address);
    view.put("second_factor", &second::is_needed(&view.app, &who.caller.name).await?);
    let language = view.writing.language;
    view.put("wrong", &wrong.map(|problem| problem.detail.in_language(language)));
    let status = wrong.map_or(StatusCode::UNAUTHORIZED, |problem| problem.kind.status());
    view.page_with(TEMPLATE, status)
}

/// POST /confirm
#[handler]
pub async fn submit(
    request: &Request,
    view: View,
    throttle: Data<&Arc<Throttle>>,
    form: PageForm,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let address = form.get("proof-address").filter(|path| is_ours(path)).unwrap_or("/").to_owned();
    let proof = Proof {
        password: form.get("proof-password").unwrap_or_default().to_owned(),
        code: form.get("proof-code").map(str::to_owned),
    };
    match prove(&view.app, &throttle, request, &who, proof).await {
        Ok(()) => Ok(Response::builder()
            .status(StatusCode::TEMPORARY_REDIRECT)
            .header(header::LOCATION, address)
            .finish()),
        Err(problem) if matches!(problem.kind, Kind::Unauthorized | Kind::TooMany | Kind::Unavailable) => {
            page(view, &form, &address, Some(&problem)).await
        }
        Err(problem) => Err(problem),
    }
}
