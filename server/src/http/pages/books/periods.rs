//! Closing the books up to a day, and opening them again, at the accountant's desk: the same calls as the API's.

use aftercare_engine::definition::messages::Permission;
use poem::web::Path;
use poem::{Request, Response, handler};
use serde_json::{Value, json};

use super::{after, key};
use crate::auth::{self, token};
use crate::http::access::library;
use crate::http::api::periods::{Closing, Periods};
use crate::http::body::Body;
use crate::http::pages::form::PageForm;
use crate::http::pages::input;
use crate::http::pages::people::Names;
use crate::http::pages::view::View;
use crate::http::problem::{Kind, Problem, Text};
use crate::http::signed_in::SignedIn;

/// The last closed day, who closed it, and whether the reader may change it.
pub async fn of(view: &View, who: &SignedIn) -> Result<Value, Problem> {
    let may = auth::may(&who.caller, &library(&view.app).roles, Permission::PeriodsClose).is_ok();
    let last = view.app.store.closings(1).await?.pop();
    let by = match &last {
        Some(last) => Some(Names::default().of(view, &last.actor).await?),
        None => None,
    };
    let last = last.map(|last| json!({"up_to": last.up_to, "reason": last.reason, "by": by, "at": last.at}));
    Ok(json!({"may": may, "last": last}))
}

/// POST /vouchers/periods/{deed}: `close` or `open`.
#[handler]
pub async fn submit(
    request: &Request,
    view: View,
    Path(deed): Path<String>,
    form: PageForm,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let key = key(&form, format!("POST /vouchers/periods/{deed}"));
    let reason = form.get("reason").unwrap_or_default().to_owned();
    let body = form.get("up_to").and_then(input::day).map(|up_to| Body {
        hash: token::hash(&format!("{up_to} {reason}")),
        value: Closing { up_to, reason },
    });
    let periods = Periods(view.app.clone());
    let done = match (deed.as_str(), body) {
        (_, None) => Err(Problem::parameter("up_to", Text::Said(view.text("no-day")))),
        ("close", Some(body)) => periods.close(who.clone(), key, body).await.map(drop),
        ("open", Some(body)) => periods.open(who.clone(), key, body).await.map(drop),
        _ => return Err(Problem::new(Kind::NotFound, "detail-route", vec![])),
    };
    after(request, view, &who, &form, done).await
}
