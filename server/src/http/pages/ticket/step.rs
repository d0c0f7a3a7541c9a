//! Taking a step from a ticket's page. The same call as the API's; when it is refused, the page comes back with
//! everything that was typed and the reasons beside it.

use std::collections::BTreeMap;

use aftercare_engine::explain::Explainer;
use aftercare_engine::language::Language;
use poem::web::Path;
use poem::{Response, handler};
use serde_json::{Value, json};

use super::{Refusal, page};
use crate::auth::token;
use crate::http::api::tickets::steps::{Step, offered};
use crate::http::api::tickets::take::{Taking, take};
use crate::http::api::tickets::{chart, find};
use crate::http::pages::form::PageForm;
use crate::http::pages::view::{View, to};
use crate::http::pages::{input, pictures};
use crate::http::problem::{Kind, Problem};
use crate::i18n;
use crate::store::step::Key;

/// POST /tickets/{code}/steps/{event}
#[handler]
pub async fn submit(
    view: View,
    Path((code, event)): Path<(String, String)>,
    form: PageForm,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let row = find(&view.app, &who, &code).await?;
    let steps = offered(&view.app, &who, &row).await?.steps;
    let asked = steps.iter().find(|step| step.event == event).map(|step| step.form.as_slice());
    let asked = asked.unwrap_or_default();
    let mut data = input::read(asked, &form, &view.writing);
    let chart = chart(&view.app, &row).await?;
    match pictures::kept(&view, &who, (&code, &chart), asked, &form).await {
        Ok(numbers) => data.extend(numbers),
        Err(problem) if can_be_mended(problem.kind) => {
            return page(view, &who, &row, Some(Refusal { event, typed: form, problem })).await;
        }
        Err(problem) => return Err(problem),
    }
    let revision = form.get("revision").and_then(|text| text.parse().ok()).unwrap_or(row.revision);
    let key = form.get("once").map(|key| Key {
        principal: who.caller.name.clone(),
        route: format!("POST /tickets/{code}/steps/{event}"),
        key: key.to_owned(),
        body_hash: token::hash(&json!(sent(&form)).to_string()),
    });
    let taking = Taking { revision, data };
    match take(&view.app, &who, &row, &event, taking, key).await {
        Ok(_) => Ok(to(&form.get("back").map_or(format!("/tickets/{code}"), |_| form.back()))),
        Err(problem) if can_be_mended(problem.kind) => {
            let row = find(&view.app, &who, &code).await?;
            page(view, &who, &row, Some(Refusal { event, typed: form, problem })).await
        }
        Err(problem) => Err(problem),
    }
}

/// What was sent, letter by letter: what it is read as depends on the fields that the ticket asks for, and after the
/// first of two presses it asks no more.
fn sent(form: &PageForm) -> Vec<&(String, String)> {
    form.0.iter().filter(|(name, _)| name == "revision" || name.starts_with("f:")).collect()
}

/// What the person at the form can do something about.
pub fn can_be_mended(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Refused | Kind::Unprocessable | Kind::Invalid | Kind::Conflict | Kind::Forbidden | Kind::Busy
    )
}

/// What a problem says: by field, and about the whole.
pub struct Wrong {
    pub fields: BTreeMap<String, String>,
    pub texts: Vec<String>,
}

impl Wrong {
    /// All of it in one list.
    pub fn all(&self) -> Vec<String> {
        let fields = self.fields.values();
        if self.fields.is_empty() { self.texts.clone() } else { fields.cloned().collect() }
    }
}

/// The problem in the reader's language.
pub fn wrong(problem: &Problem, language: Language) -> Wrong {
    let mut fields = BTreeMap::new();
    for error in &problem.errors {
        let name = error.field.trim_start_matches("data.").split('.').next().unwrap_or_default();
        let message = || error.titled(language, &title_of(&error.field, language), &str::to_owned);
        fields.entry(name.to_owned()).or_insert_with(message);
    }
    let reasons = problem.members.get("reasons").and_then(Value::as_array);
    let mut texts: Vec<String> = reasons
        .into_iter()
        .flatten()
        .filter_map(|reason| reason.get("text").and_then(Value::as_str).map(str::to_owned))
        .collect();
    if texts.is_empty() {
        texts.push(problem.detail.in_language(language));
    }
    Wrong { fields, texts }
}

/// What a field of the API is called on pages; of one that stands on none, its name.
pub fn title_of(field: &str, language: Language) -> String {
    let name = field.rsplit('.').next().unwrap_or(field);
    let key = name.replace('_', "-");
    let named = |kind: &str| i18n::find(language, &format!("{kind}-{key}"), &[]);
    named("input").or_else(|| named("column")).unwrap_or_else(|| field.to_owned())
}

/// What was typed for fields that the ticket does not ask for any more.
pub fn left_over(refusal: &Refusal, steps: &[Step], explainer: &Explainer<'_>) -> Vec<Value> {
    if steps.iter().any(|step| step.possible && step.event == refusal.event) {
        return Vec::new();
    }
    let typed = refusal.typed.0.iter().filter(|(_, text)| !text.trim().is_empty());
    typed
        .filter_map(|(name, text)| {
            let field = name.strip_prefix("f:")?.split(':').next()?;
            Some(json!({"title": explainer.field(field), "text": text}))
        })
        .collect()
}
