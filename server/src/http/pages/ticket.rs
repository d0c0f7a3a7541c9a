//! One ticket: where it stands, what can be done, who and what it is about, what it costs, how it came here and why.

pub mod facts;
mod map;
pub mod step;
mod story;

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::explain::Explainer;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Request, Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::json;

use super::board::Query;
use super::form::PageForm;
use super::view::View;
use super::{choices, input, print};
use crate::auth;
use crate::entity::ticket;
use crate::http::access::library;
use crate::http::api::lookup::known;
use crate::http::api::tickets::charges::charges_of;
use crate::http::api::tickets::explanations::explanations_of;
use crate::http::api::tickets::messages::messages_of;
use crate::http::api::tickets::show::present;
use crate::http::api::tickets::steps::offered;
use crate::http::api::tickets::{chart, find, is_outside};
use crate::http::hidden;
use crate::http::problem::Problem;
use crate::http::request_id;
use crate::http::signed_in::SignedIn;

pub use step::submit;

const TEMPLATE: &str = "ticket.html";

/// GET /tickets/{code}
#[handler]
pub async fn show(request: &Request, mut view: View, Path(code): Path<String>) -> Result<Response, Problem> {
    view.put("open_step", &Query::of(request).get("step"));
    let who = view.signed_in()?;
    let row = find(&view.app, &who, &code).await?;
    page(view, &who, &row, None).await
}

/// A step that was not taken: which, what was typed into its form, and why.
pub struct Refusal {
    pub event: String,
    pub typed: PageForm,
    pub problem: Problem,
}

/// The page of a ticket as it stands now. What was typed into a form that was refused is in it again.
pub async fn page(
    mut view: View,
    who: &SignedIn,
    row: &ticket::Model,
    refusal: Option<Refusal>,
) -> Result<Response, Problem> {
    let app = view.app.clone();
    let chart = chart(&app, row).await?;
    let outside = is_outside(&who.scope(&app));
    let hidden = who.hidden(&app);

    let ticket = present(&app, who, row).await?;
    view.put("title", &row.code);
    let mut whole = ticket.to_json().unwrap_or_default();
    hidden::strip(&mut whole, &hidden);
    view.put("ticket", &whole["ticket"]);
    view.put("fields", &facts::fields(&view, &chart, &whole["fields"]).await?);
    view.put("technician", &choices::person(&view, row.technician.as_deref()).await?);
    view.put("charges", &charges_of(&app, who, row).await?.json());
    view.put("messages", &messages_of(&app, who, row).await?.to_json());
    view.put("outside", &outside);
    view.put("papers", &print::listed(&view, row, print::Reader::Staff).await?);
    if !outside {
        let told = explanations_of(&app, who, row).await?;
        view.put("verdict", &facts::latest(&told));
        view.put("told", &told.to_json());
        let story = story::of(&view, who, row, &chart).await?;
        view.put("map", &map::of(&chart, row, &story, who.language));
        view.put("story", &story);
        let may_look = auth::may(&who.caller, &library(&app).roles, Permission::RegistriesRead).is_ok();
        if let Some(serial) = row.device.as_deref().filter(|_| may_look) {
            let mut about = known(&app, who, serial, None).await?.json();
            facts::name_product(&mut about, who.language);
            view.put("about", &about);
        }
    }
    steps(&mut view, who, row, &Explainer::new(&chart, who.language), refusal.as_ref()).await?;
    view.put("once", &request_id::new());
    let status = refusal.map_or(StatusCode::OK, |refusal| refusal.problem.kind.status());
    view.page_with(TEMPLATE, status)
}

/// The steps with their forms: those that can be taken now, and the others with the reasons.
async fn steps(
    view: &mut View,
    who: &SignedIn,
    row: &ticket::Model,
    explainer: &Explainer<'_>,
    refusal: Option<&Refusal>,
) -> Result<(), Problem> {
    let offered = offered(&view.app, who, row).await?;
    let open = offered.steps.iter().filter(|step| step.possible).flat_map(|step| &step.form);
    choices::offer(view, who, &row.branch, open).await?;
    let (nothing, none) = (PageForm::default(), std::collections::BTreeMap::new());
    let wrong = refusal.map(|refusal| step::wrong(&refusal.problem, who.language));
    let shown = offered.steps.iter().map(|step| {
        let refused = refusal.filter(|refusal| refusal.event == step.event);
        let typed = refused.map_or(&nothing, |refusal| &refusal.typed);
        let wrong = wrong.as_ref().filter(|_| refused.is_some());
        let mut json = step.to_json().unwrap_or_default();
        json["inputs"] = input::shown(&step.form, typed, wrong.map_or(&none, |wrong| &wrong.fields)).into();
        json["refused"] = json!(refused.is_some());
        json["mine"] = json!(step.reasons.iter().all(|why| !is_about_whom(&why.code)));
        json
    });
    let shown: Vec<_> = shown.collect();
    view.put("steps", &shown);
    view.put("revision", &offered.revision);
    if let Some((refusal, wrong)) = refusal.zip(wrong.as_ref()) {
        view.put(
            "refusal",
            &json!({
                "event": refusal.event,
                "texts": wrong.texts,
                "stale": refusal.problem.kind == crate::http::problem::Kind::Conflict,
                // Whatever the form had that the step no longer asks for is not lost either.
                "left": step::left_over(refusal, &offered.steps, explainer),
            }),
        );
    }
    Ok(())
}

/// Codes of the engine for steps that are somebody else's.
fn is_about_whom(code: &str) -> bool {
    matches!(code, "not_allowed" | "not_in_charge")
}
