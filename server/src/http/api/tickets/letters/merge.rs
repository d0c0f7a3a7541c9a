//! A letter's first text: that of its type with the fragments put in, merged with what is known of the ticket in the
//! letter's language. What the writer never sees is merged for nobody.

use aftercare_engine::facts::{Map, Value};
use aftercare_engine::language::Language;

use super::{Beginning, search_key};
use crate::app::App;
use crate::effects::notify::named_in;
use crate::entity::{letter, ticket};
use crate::facts::in_language;
use crate::http::api::tickets::{chart, veil};
use crate::http::problem::{FieldError, Kind, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::letter::{fragments, put_together};

/// The draft of a letter.
pub async fn begin(
    app: &App,
    who: &SignedIn,
    ticket: &ticket::Model,
    beginning: Beginning,
) -> Result<letter::Model, Problem> {
    let types = app.store.letter_types().await?;
    let kind = types.into_iter().find(|kind| kind.code == beginning.r#type);
    let kind = kind.ok_or_else(|| missing("type", "letter-type"))?;
    let language = language(app, ticket, beginning.language.as_deref()).await?;
    let source = whole(app, &in_language(&kind.body, language), language).await?;
    let subject = in_language(&kind.subject, language);
    let facts = facts(app, who, ticket, language, &format!("{subject}\n{source}")).await?;
    let recipient = recipient(app, who, ticket, &facts);
    let (subject, body) = (render(app, &subject, language, &facts)?, render(app, &source, language, &facts)?);
    let now = app.clock.now();
    Ok(letter::Model {
        id: 0,
        ticket: ticket.code.clone(),
        position: 0,
        language: language.code().to_owned(),
        search_key: search_key(&kind.code, &recipient, &subject, &body),
        kind: kind.code,
        recipient,
        email: None,
        subject: subject.replace(['\r', '\n'], " "),
        body,
        source,
        status: "draft".to_owned(),
        actor: who.caller.name.clone(),
        created_at: now,
        updated_at: now,
        given_by: None,
        given_at: None,
        version: 0,
    })
}

/// A fragment merged with the ticket, and the template that it was.
pub async fn fragment(
    app: &App,
    who: &SignedIn,
    ticket: &ticket::Model,
    code: &str,
    language: &str,
) -> Result<(String, String), Problem> {
    let all = app.store.letter_fragments().await?;
    let found = all.into_iter().find(|one| one.code == code);
    let found = found.ok_or_else(|| missing("insert", "letter-fragment"))?;
    let language = Language::of_code(language).unwrap_or(who.language);
    let source = put_together(&in_language(&found.body, language), |_| None);
    let facts = facts(app, who, ticket, language, &source).await?;
    Ok((render(app, &source, language, &facts)?, source))
}

/// The text with its fragments in their places.
async fn whole(app: &App, text: &str, language: Language) -> Result<String, Problem> {
    if fragments(text).is_empty() {
        return Ok(text.to_owned());
    }
    let all = app.store.letter_fragments().await?;
    let find =
        |code: &str| all.iter().find(|one| one.code == code).map(|one| in_language(&one.body, language));
    Ok(put_together(text, find))
}

/// What a letter can tell of a ticket, with names in its language.
async fn facts(
    app: &App,
    who: &SignedIn,
    ticket: &ticket::Model,
    language: Language,
    source: &str,
) -> Result<Map, Problem> {
    let veil = veil(app, who, &*chart(app, ticket).await?, &ticket.branch);
    if veil.covers(source) {
        return Err(Problem::new(Kind::Forbidden, "detail-letter-hidden", vec![]));
    }
    let look = app.look(who.caller.actor(&ticket.branch), &ticket.code, Map::new()).await?;
    let look = look.ok_or_else(|| Problem::not_found("ticket", ticket.code.as_str()))?;
    let facts = &look.assembled.facts;
    let world = facts.world.iter().map(|(name, value)| (name.clone(), Value::clone(value)));
    let fields = look.chart.fields.iter().zip(&facts.fields);
    let all: Map = world.chain(fields.map(|(field, value)| (field.name.clone(), value.clone()))).collect();
    Ok(named_in(all, &look.assembled.names, language))
}

fn render(app: &App, text: &str, language: Language, facts: &Map) -> Result<String, Problem> {
    let version = app.catalog.current();
    version.library().templates.render_alone(text, language, facts).map_err(|error| {
        let why = Text::Raw(error.to_string());
        Problem::because(Kind::Unprocessable, "detail-letter-text", vec![], why)
    })
}

/// The customer's name and address, as far as the writer sees them.
fn recipient(app: &App, who: &SignedIn, ticket: &ticket::Model, facts: &Map) -> String {
    let hidden = who.hidden_in(app, &ticket.branch);
    let customer = facts.get("customer");
    let part = |name: &str| {
        let text = customer.and_then(|customer| customer.get(name)).and_then(Value::as_text);
        let seen = text.filter(|text| !text.is_empty() && !hidden.contains(&format!("customer.{name}")));
        seen.map(str::to_owned)
    };
    ["name", "address", "city"].into_iter().filter_map(part).collect::<Vec<_>>().join("\n")
}

/// The language that was asked for, else the customer's, else that of the books.
async fn language(app: &App, ticket: &ticket::Model, asked: Option<&str>) -> Result<Language, Problem> {
    if let Some(asked) = asked.filter(|asked| !asked.is_empty()) {
        return Language::of_code(asked).ok_or_else(|| missing("language", "language"));
    }
    let customer = match &ticket.customer {
        Some(code) => app.store.customer(code).await?,
        None => None,
    };
    let known = customer.and_then(|found| Language::of_code(&found.customer.language));
    Ok(known.unwrap_or_else(|| app.catalog.current().language()))
}

fn missing(field: &str, what: &str) -> Problem {
    Problem::fields(vec![FieldError::new(field, "field-not-found", vec![("what", what.to_owned())])])
}
