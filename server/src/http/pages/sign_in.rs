//! The page where one signs in.

use std::sync::Arc;

use poem::http::header;
use poem::web::Data;
use poem::{Request, Response, handler};

use super::form::{PageForm, is_ours};
use super::track::enter;
use super::view::{View, to};
use crate::auth::throttle::Throttle;
use crate::auth::{Caller, token};
use crate::http::api::session::begin::{Asked, DEVICE, Device, cookie, device_cookie, sign_in};
use crate::http::api::session::end::end;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::{address, caller, cookie as known};

const TEMPLATE: &str = "sign_in.html";

/// GET /sign-in
#[handler]
pub fn show(request: &Request, mut view: View) -> Result<Response, Problem> {
    let query = request.uri().query().unwrap_or_default();
    let back = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "back");
    let back = back.map(|(_, path)| path.into_owned()).filter(|path| is_ours(path)).unwrap_or("/".into());
    if view.is_signed_in() {
        return Ok(to(&back));
    }
    view.put("next", &back);
    view.page(TEMPLATE)
}

/// POST /sign-in
#[handler]
pub async fn submit(
    request: &Request,
    throttle: Data<&Arc<Throttle>>,
    mut view: View,
    form: PageForm,
) -> Result<Response, Problem> {
    let asked = Asked {
        user: form.get("user").unwrap_or_default().trim().to_owned(),
        password: form.get("password").unwrap_or_default().to_owned(),
        code: form.get("code").map(str::to_owned),
        address: address(&view.app, request),
        device: Device::Browser(known(request, DEVICE)),
        old: caller(request),
    };
    let user = asked.user.clone();
    match sign_in(&view.app, &throttle, asked).await {
        Ok(opened) => {
            let (mut response, session) = match opened.caller.customer.clone() {
                // Customers go on at their own door: the pages of staff are not for them.
                Some(customer) => {
                    let visit = enter::visit(&view.app, customer, None, "/track").await?;
                    let session = token::hash(&opened.secret);
                    end(&view.app, &Caller { session, ..opened.caller }).await?;
                    (visit, None)
                }
                None => (to(&form.back()), Some(cookie(&view.app, &opened.secret))),
            };
            let device = opened.device.map(|kept| device_cookie(&view.app, &kept));
            for cookie in [session, device].into_iter().flatten() {
                if let Ok(value) = cookie.parse() {
                    response.headers_mut().append(header::SET_COOKIE, value);
                }
            }
            Ok(response)
        }
        Err(problem) if matches!(problem.kind, Kind::Unauthorized | Kind::TooMany | Kind::Unavailable) => {
            view.put("next", &form.back());
            view.put("user", &user);
            view.put("second_factor", &problem.members.contains_key("second_factor"));
            view.put("wrong", &problem.detail.in_language(view.writing.language));
            view.page_with(TEMPLATE, problem.kind.status())
        }
        Err(problem) => Err(problem),
    }
}
