//! The history of a ticket as a timeline: what was done, by whom, what came of it.

use std::collections::BTreeMap;

use aftercare_engine::explain::Explainer;
use aftercare_engine::statechart::Statechart;
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use super::facts;
use crate::entity::ticket;
use crate::http::api::tickets::history::history_of;
use crate::http::pages::choices::person;
use crate::http::pages::view::View;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;

/// The steps, newest first, each with a title and a full name.
pub async fn of(
    view: &View,
    who: &SignedIn,
    row: &ticket::Model,
    chart: &Statechart,
) -> Result<Vec<Value>, Problem> {
    let explainer = Explainer::new(chart, view.writing.language);
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut story = Vec::new();
    for past in history_of(&view.app, who, row).await? {
        let mut step = past.to_json().unwrap_or_default();
        let by = step["by"].as_str().unwrap_or_default().to_owned();
        if !names.contains_key(&by) {
            let name = person(view, Some(&by)).await?.unwrap_or_else(|| by.clone());
            names.insert(by.clone(), name);
        }
        step["by_name"] = json!(names.get(&by));
        step["changes"] = changes(view, chart, &step["changes"]).await?;
        // Timers and opening have no event that people know: what came of them says it.
        let is_opening = step["revision"] == 1;
        let event = step["event"].as_str().unwrap_or_default();
        let title = Some(explainer.event(event)).filter(|title| title != event);
        step["title"] = json!(if is_opening { Some(view.text("story-opened")) } else { title });
        // States that are passed without a title have that of the one around them.
        if let Some(moves) = step["moves"].as_array_mut() {
            moves.dedup();
        }
        story.push(step);
    }
    story.reverse();
    Ok(story)
}

/// Fields that a step has changed, in words: what people read, and what was there before.
async fn changes(view: &View, chart: &Statechart, changes: &Value) -> Result<Value, Problem> {
    let all = |side: &str| -> Value {
        let pairs = changes.as_array().into_iter().flatten();
        let pairs = pairs.filter_map(|one| Some((one["field"].as_str()?.to_owned(), one[side].clone())));
        Value::Object(pairs.collect())
    };
    let (old, new) =
        (facts::fields(view, chart, &all("old")).await?, facts::fields(view, chart, &all("new")).await?);
    let gone = old.iter().filter(|was| new.iter().all(|is| is["name"] != was["name"]));
    let gone = gone.map(|was| json!({"title": was["title"], "old": was}));
    let told = new.iter().map(|is| {
        let was = old.iter().find(|was| was["name"] == is["name"]);
        json!({"title": is["title"], "old": was, "new": is})
    });
    Ok(told.chain(gone).collect())
}
