//! Reasons of the engine as people read them: why a step is refused, who could do it, which field is wrong.

use aftercare_engine::explain::Explainer;
use aftercare_engine::language::Language;
use aftercare_engine::statechart::Statechart;
use aftercare_engine::step::Reason;
use poem_openapi::Object;
use poem_openapi::types::ToJSON;
use serde_json::Value;

use crate::http::hidden::Veil;
use crate::http::problem::{FieldError, Kind, Problem, Text};
use crate::i18n;

/// Why something may not be done
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Why {
    /// Stable code
    pub code: String,
    /// In the reader's language
    pub text: String,
    /// The field to blame
    pub field: Option<String>,
    /// What the reason is about: roles, values, limits
    pub values: Value,
    /// File and line of the guard or rule; staff only
    pub source: Option<String>,
}

impl Why {
    /// A reason that the house has, whatever the process: its text is one of the server's own.
    pub fn of_the_house(key: &'static str, language: Language) -> Self {
        Self {
            code: key.replace('-', "_"),
            text: i18n::text(language, key, &[]),
            field: None,
            values: Value::Object(serde_json::Map::new()),
            source: None,
        }
    }
}

/// A reason in words, with what the reader sees.
pub fn why(reason: &Reason, chart: &Statechart, language: Language, veil: &Veil) -> Why {
    let reason = &veil.reason(reason);
    Why {
        code: reason.code.clone(),
        text: Explainer::new(chart, language).reason(reason),
        field: reason.field.clone(),
        values: serde_json::to_value(&reason.values).unwrap_or_default(),
        source: reason.source.clone(),
    }
}

/// A refused step as a problem. Nobody's role fits: 403; otherwise the step itself is refused.
pub fn refused(
    event: &str,
    reasons: &[Reason],
    chart: &Statechart,
    language: Language,
    veil: &Veil,
) -> Problem {
    let who = |reason: &Reason| matches!(&*reason.code, "not_allowed" | "not_in_charge");
    let forbidden = !reasons.is_empty() && reasons.iter().all(who);
    let kind = if forbidden { Kind::Forbidden } else { Kind::Refused };
    let told: Vec<Why> = reasons.iter().map(|reason| why(reason, chart, language, veil)).collect();
    let errors = told
        .iter()
        .filter_map(|why| {
            let field = why.field.clone()?;
            Some(FieldError { field, code: why.code.clone(), message: Text::Said(why.text.clone()) })
        })
        .collect();
    let problem = Problem::new(kind, "detail-refused", vec![("event", event.to_owned())]);
    Problem { errors, ..problem }.with("reasons", told.to_json().unwrap_or_default())
}
