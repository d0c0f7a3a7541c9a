//! GET /api/tickets/{code}/steps: what may be done now, by whom, and why not.

use aftercare_engine::definition::Translated;
use aftercare_engine::explain::Explainer;
use aftercare_engine::facts::Map;
use aftercare_engine::language::Language;
use aftercare_engine::statechart::{ChartField, FormEntry, Statechart, Transition};
use aftercare_engine::step::{Offer, offers};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::reasons::{Why, why};
use super::{find, is_outside, veil};
use crate::app::App;
use crate::entity::ticket;
use crate::http::api::Tag;
use crate::http::hidden::Veil;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::step::look::Look;

pub struct Steps(pub App);

/// What may be done with a ticket where it stands
#[derive(Debug, Object)]
pub struct Offered {
    /// Name it when you take a step
    pub revision: i64,
    pub steps: Vec<Step>,
}

/// A step
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Step {
    /// Its event: `POST …/steps/{event}`
    pub event: String,
    pub title: String,
    /// The one of several that it is about: the event carries its key, as in `accept@A1`
    pub instance: Option<Instance>,
    /// Whether you can take it now
    pub possible: bool,
    /// Why you cannot; empty: you can
    pub reasons: Vec<Why>,
    /// Roles that may take it
    pub by: Vec<RoleName>,
    /// It records money received: people outside take it by paying through a provider
    pub pays: bool,
    /// The ticket waits for one of your roles where it offers this step
    pub awaited: bool,
    /// A correction or an exception, not the way on
    pub rare: bool,
    /// A sign-in that is some minutes old has to be proved again (`PUT /session/proof`)
    pub reauthenticate: bool,
    pub form: Vec<FormField>,
}

/// One of several that run side by side
#[derive(Debug, Object)]
pub struct Instance {
    pub key: String,
    /// What people call it
    pub label: String,
}

/// A role
#[derive(Debug, Object)]
pub struct RoleName {
    role: String,
    title: String,
}

/// A field that the step asks for
#[derive(Clone, Debug, Default, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FormField {
    pub field: String,
    pub title: String,
    pub help: Option<String>,
    /// `text`, `money`, `date`, `choice`, `user`, `parts`, …
    pub r#type: String,
    pub required: bool,
    /// Asked only where it applies: that depends on what else is given
    pub conditional: bool,
    /// For choices and checklists
    pub options: Vec<Choice>,
    pub min: Option<i64>,
    pub max: Option<i64>,
    /// For users: the role that they must have
    pub role: Option<String>,
    /// For parts: what is asked of each line besides `code` and `quantity`
    pub columns: Vec<String>,
    /// For lists of records: what each holds
    pub of: Vec<FormField>,
    /// Part of a record that comes with its row: it may be left out, and not be changed
    pub fixed: bool,
    /// What the form begins with, as it may be sent; of a list with fixed parts all rows, to be sent in this order
    pub value: Value,
}

/// A value to choose
#[derive(Clone, Debug, Object)]
pub struct Choice {
    pub value: String,
    pub title: String,
}

#[OpenApi(tag = "Tag::Tickets")]
impl Steps {
    /// What may be done now, by whom, and why not
    #[oai(path = "/tickets/:code/steps", method = "get")]
    async fn steps(&self, who: SignedIn, code: Path<String>) -> Result<Json<Offered>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        Ok(Json(offered(&self.0, &who, &row).await?))
    }
}

/// The steps of a ticket as the caller finds them. People outside are shown their own alone.
pub async fn offered(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Offered, Problem> {
    let actor = who.caller.actor(&row.branch);
    let look = app.look(actor, &row.code, Map::new()).await?;
    let look = look.ok_or_else(|| Problem::not_found("ticket", row.code.as_str()))?;
    Ok(offered_at(app, who, &look))
}

/// The same for a ticket that the caller has just looked at.
pub fn offered_at(app: &App, who: &SignedIn, look: &Look) -> Offered {
    let outside = is_outside(&who.scope(app));
    let (chart, language) = (&*look.chart, who.language);
    let veil = veil(app, who, chart, &look.ticket.branch);
    let roles = who.caller.roles_in(&look.ticket.branch);
    let explainer = Explainer::new(chart, language);
    // Nobody outside says of themselves that they have paid, and no provider is there to say it.
    let is_paid_elsewhere = |transition: &Transition| {
        outside && app.config.gateways.payments.is_empty() && transition.takes_payment()
    };
    let steps = once(chart, offers(chart, &look.configuration, &look.assembled.facts))
        .into_iter()
        // People outside are shown their own: never what others are asked side by side with them.
        .filter(|offer| !outside || (offer.allowed && (offer.instance.is_none() || offer.refused.is_empty())))
        .map(|offer| Step {
            event: offer.name(),
            title: said(offer.transition.title.as_ref(), language, offer.event),
            instance: offer
                .instance
                .as_ref()
                .map(|one| Instance { key: one.key.to_string(), label: one.label.clone() }),
            possible: offer.refused.is_empty() && !is_paid_elsewhere(offer.transition),
            reasons: offer
                .refused
                .iter()
                .map(|reason| why(reason, chart, language, &veil))
                .chain(
                    is_paid_elsewhere(offer.transition).then(|| Why::of_the_house("pay-with-us", language)),
                )
                .collect(),
            by: offer
                .transition
                .by
                .iter()
                .map(|role| RoleName { role: role.clone(), title: explainer.role(role) })
                .collect(),
            pays: offer.transition.takes_payment(),
            awaited: chart.owner(offer.source).iter().any(|role| roles.contains(role.as_str())),
            rare: offer.transition.rare,
            reauthenticate: chart.reauthenticates(offer.event),
            form: asked(chart, &offer, language, &veil),
        })
        .collect();
    Offered { revision: look.ticket.revision, steps }
}

/// Each step once: what an inner state answers its own way, those around it do not offer as well, and what one of them
/// would still take nobody need be refused.
fn once<'a>(chart: &Statechart, offers: Vec<Offer<'a>>) -> Vec<Offer<'a>> {
    let mut kept: Vec<Offer<'a>> = Vec::new();
    for offer in offers {
        let is_inside = |inner: &Offer<'_>| {
            let mut around = std::iter::once(inner.source).chain(chart.ancestors(inner.source));
            inner.event == offer.event
                && inner.instance == offer.instance
                && around.any(|id| id == offer.source)
        };
        let fields =
            |of: &Offer<'_>| of.form.iter().map(|asked| (asked.field, asked.column)).collect::<Vec<_>>();
        let is_possible = |one: &Offer<'_>| one.refused.is_empty();
        if kept.iter().any(|inner| is_inside(inner) && is_possible(inner) && fields(inner) == fields(&offer))
        {
            continue;
        }
        if is_possible(&offer) {
            kept.retain(|inner| !is_inside(inner) || is_possible(inner));
        }
        kept.push(offer);
    }
    kept
}

/// A text of the definition, or what stands for it.
pub fn said(text: Option<&Translated>, language: Language, otherwise: &str) -> String {
    let text = text.map(|text| text.best(language)).filter(|text| !text.is_empty());
    text.unwrap_or(otherwise).to_owned()
}

/// A step's form with what it begins with, as far as its reader sees that.
fn asked(chart: &Statechart, offer: &Offer<'_>, language: Language, veil: &Veil) -> Vec<FormField> {
    let mut begins = offer.begins.iter();
    let field = |entry| {
        let begin = begins.next();
        let mut field = field(chart, entry, language)?;
        let begin = begin.filter(|value| !value.is_null()).and_then(|value| veil.value(&field.field, value));
        field.value = begin.map(|value| value.to_json()).unwrap_or_default();
        Some(field)
    };
    offer.form.iter().filter_map(field).collect()
}

/// A form's entry as its reader is asked.
pub fn field(chart: &Statechart, entry: &FormEntry, language: Language) -> Option<FormField> {
    let mut field = described(chart.asked(entry)?, entry.required, language)?;
    field.of.retain(|part| part.fixed || entry.asks(&part.field));
    field.columns.retain(|column| entry.asks(column));
    Some(FormField { conditional: entry.when.is_some(), ..field })
}

fn described(known: &ChartField, required: bool, language: Language) -> Option<FormField> {
    let written = known.field.as_ref()?;
    let parts = known.columns.iter();
    let asked = |part: &ChartField| part.field.as_ref().is_some_and(|field| field.required);
    let kind = serde_json::to_value(written.r#type.value).ok();
    let choices = written.options.iter().chain(written.items.iter());
    Some(FormField {
        field: known.name.to_string(),
        title: said(written.title.as_ref(), language, &known.name),
        help: written.help.as_ref().map(|text| text.best(language).to_owned()),
        r#type: kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default().to_owned(),
        required,
        conditional: false,
        options: choices
            .map(|(value, text)| Choice {
                value: value.value.clone(),
                title: said(Some(text), language, &value.value),
            })
            .collect(),
        min: written.min.as_ref().map(|least| least.value),
        max: written.max.as_ref().map(|most| most.value),
        role: written.role.as_ref().map(|role| role.value.clone()),
        of: parts.filter_map(|part| described(part, asked(part), language)).collect(),
        columns: written.part_columns().into_iter().map(str::to_owned).collect(),
        fixed: written.fixed,
        value: Value::Null,
    })
}
