//! The portal's door: a tracking code or a phone number, then the code that was sent to the phone; or the link of a
//! message. It answers alike whether we know what was asked for or not.

use std::sync::Arc;

use poem::http::header;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use super::frame;
use crate::app::App;
use crate::auth::throttle::Throttle;
use crate::auth::token;
use crate::http::pages::form::PageForm;
use crate::http::pages::view::{View, to};
use crate::http::portal::{self, Asked, wish::Wish};
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::{address, cookie};
use crate::http::visitor::cookie_name;
use crate::step::Answer;

/// Cookie with the secret of a browser that has asked for a code, and how many seconds it lives.
const ASKING: &str = "aftercare-asking";
const ASKING_SECONDS: i64 = 900;

/// Attempts of one address, counted apart from those of staff.
#[derive(Default)]
pub struct Attempts(pub Throttle);

/// The page with the door.
pub fn door(mut view: View, what: &str, wrong: Option<String>) -> Result<Response, Problem> {
    frame(&mut view);
    view.put("what", what);
    view.put("wrong", &wrong);
    view.page("track_door.html")
}

/// An answer that sets a cookie of ours.
pub fn with_cookie(mut response: Response, app: &App, name: &str, value: &str, seconds: i64) -> Response {
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(value) = cookie.parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

fn too_many(view: &View, request: &Request, attempts: &Attempts) -> Option<String> {
    let seconds = attempts.0.wait("", address(&view.app, request), view.app.clock.now())?;
    Some(view.writing.text("detail-too-many", &[("seconds", seconds.to_string())]))
}

/// POST /track: a code is asked for.
#[handler]
pub fn ask(
    request: &Request,
    attempts: Data<&Arc<Attempts>>,
    view: View,
    form: PageForm,
) -> Result<Response, Problem> {
    let what = form.get("what").unwrap_or_default().trim().to_owned();
    if let Some(wrong) = too_many(&view, request, &attempts) {
        return door(view, &what, Some(wrong));
    }
    send(&view, what, None)
}

/// Sends a code and leads to where it is typed in.
pub fn send(view: &View, what: String, wish: Option<Wish>) -> Result<Response, Problem> {
    let (secret, browser) = token::new().ok_or_else(Problem::unavailable)?;
    let language = view.writing.language;
    portal::send_code(&view.app, Asked { what, browser, language, wish });
    Ok(with_cookie(to("/track/sign-in"), &view.app, ASKING, &secret, ASKING_SECONDS))
}

/// GET /track/sign-in: where the code is typed in.
#[handler]
pub fn code_page(mut view: View) -> Result<Response, Problem> {
    frame(&mut view);
    view.page("track_code.html")
}

/// POST /track/sign-in
#[handler]
pub async fn prove(
    request: &Request,
    attempts: Data<&Arc<Attempts>>,
    mut view: View,
    form: PageForm,
) -> Result<Response, Problem> {
    frame(&mut view);
    if let Some(wrong) = too_many(&view, request, &attempts) {
        view.put("wrong", &wrong);
        return view.page_with("track_code.html", Kind::TooMany.status());
    }
    let asking = cookie(request, ASKING).unwrap_or_default();
    let code = form.get("code").unwrap_or_default();
    let Some(proved) = portal::prove(&view.app, &token::hash(&asking), code).await? else {
        view.put("wrong", &view.text("track-wrong-code"));
        return view.page_with("track_code.html", Kind::Unprocessable.status());
    };
    attempts.0.0.succeeded("", address(&view.app, request));
    if let Some(wish) = proved.wish.as_deref().and_then(Wish::read) {
        return fulfil(view, wish).await;
    }
    let Some(customer) = proved.customer else { return Err(Problem::unavailable()) };
    let path = proved.ticket.map_or("/track".to_owned(), |ticket| format!("/track/{ticket}"));
    visit(&view.app, customer, None, &path).await
}

/// Begins a visit and leads on; the browser's code has done its work.
pub async fn visit(
    app: &App,
    customer: String,
    only: Option<String>,
    path: &str,
) -> Result<Response, Problem> {
    let secret = portal::begin(app, customer, only).await?.ok_or_else(Problem::unavailable)?;
    let name = cookie_name(app.config.is_https());
    let response = with_cookie(to(path), app, name, &secret, portal::visit_seconds());
    Ok(with_cookie(response, app, ASKING, "", 0))
}

/// Opens what somebody has asked for at a device, now that their phone is proved.
async fn fulfil(mut view: View, wish: Wish) -> Result<Response, Problem> {
    let app = view.app.clone();
    let Some(customer) = portal::wish::customer(&app, &wish).await? else {
        return Err(Problem::unavailable());
    };
    let (process, device) = (wish.process.clone(), wish.device.clone());
    match portal::wish::open(&app, wish, &customer).await? {
        Answer::Done { code, .. } => visit(&app, customer, None, &format!("/track/{code}")).await,
        Answer::Refused { reasons, .. } => {
            let chart = app.catalog.current().chart(&process).cloned();
            let chart = chart.ok_or_else(Problem::unavailable)?;
            let explainer = aftercare_engine::explain::Explainer::new(&chart, view.writing.language);
            let texts: Vec<String> = reasons.iter().map(|reason| explainer.reason(reason)).collect();
            view.put("wrong", &texts);
            view.put("device", &device);
            view.page_with("track_refused.html", Kind::Refused.status())
        }
        _ => Err(Problem::unavailable()),
    }
}

/// GET /track/{code}/{secret}: the link of a message. The secret does not stay in the address.
#[handler]
pub async fn by_link(
    request: &Request,
    attempts: Data<&Arc<Attempts>>,
    view: View,
    Path((code, secret)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let path = format!("/track/{code}");
    let has_visit = super::own(&view, &crate::http::visitor::Only::of(request), &code).await?.is_some();
    if has_visit {
        return Ok(to(&path));
    }
    if let Some(wrong) = too_many(&view, request, &attempts) {
        return door(view, &code, Some(wrong));
    }
    match portal::linked(&view.app, &code, &secret).await? {
        Some(customer) => {
            attempts.0.0.succeeded("", address(&view.app, request));
            visit(&view.app, customer, Some(code), &path).await
        }
        None => Ok(to(&path)),
    }
}
