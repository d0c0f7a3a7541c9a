//! A request that was dragged to a group of the board: the steps that lead there, with their forms, and why others
//! cannot be taken. It decides nothing itself: each form goes to the step's own address.

use poem::web::Path;
use poem::{Response, handler};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::form::PageForm;
use super::view::View;
use super::{choices, input, leads};
use crate::http::api::tickets::show::present;
use crate::http::api::tickets::steps::{Step, offered};
use crate::http::api::tickets::{chart, find};
use crate::http::problem::Problem;
use crate::http::request_id;

const TEMPLATE: &str = "moves.html";

/// GET /tickets/{code}/moves/{group}
#[handler]
pub async fn show(mut view: View, Path((code, group)): Path<(String, String)>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let row = find(&view.app, &who, &code).await?;
    let chart = chart(&view.app, &row).await?;
    let mut offered = offered(&view.app, &who, &row).await?;
    leads::sort(&mut offered.steps, &chart, &row);
    let leads_there =
        |step: &Step| leads::lead(&chart, &row.states, &step.event).groups.contains(group.as_str());
    offered.steps.retain(leads_there);
    let open = offered.steps.iter().filter(|step| step.possible).flat_map(|step| &step.form);
    choices::offer(&mut view, &who, &row.branch, open).await?;
    let shown = offered.steps.iter().map(|step| {
        let mut json = step.to_json().unwrap_or_default();
        json["inputs"] =
            input::shown(&step.form, &PageForm::default(), &Default::default(), &view.writing).into();
        json
    });
    let shown: Vec<Value> = shown.collect();
    let possible = offered.steps.iter().filter(|step| step.possible);
    // A step that asks nothing and is the only one needs no second word.
    view.put(
        "is_only",
        &(possible.clone().count() == 1 && possible.clone().all(|step| step.form.is_empty())),
    );
    view.put("steps", &shown);
    view.put("group", &group);
    view.put("revision", &offered.revision);
    view.put("ticket", &json!(present(&view.app, &who, &row).await?.ticket.to_json()));
    view.put("once", &request_id::new());
    view.page(TEMPLATE)
}
