//! GET /api/tickets/{code}/activities: all that happened around a ticket, in one row of time.

use aftercare_engine::explain::Explainer;
use aftercare_engine::step::TraceStep;
use chrono::{DateTime, Utc};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::letters::Letters;
use super::messages::{Message, kept_secret};
use super::{chart, find, is_outside, note, veil};
use crate::app::App;
use crate::entity::ticket;
use crate::http::access::currency;
use crate::http::api::Tag;
use crate::http::api::tasks::Task;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::task::{TaskFilter, Whose};

pub struct Activities(pub App);

/// Something that happened, was said or is to be done
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Moment {
    /// `step`, `message`, `task`, `call`, `document`, `payment`, `letter` (given out), or one of those of notes: `note`, `talk`, `call_in`,
    /// `call_out`, `email_in`, `email_out`, `question` (by the customer), `answer`
    pub kind: String,
    pub at: DateTime<Utc>,
    /// Who did it; absent: the system
    pub by: Option<String>,
    /// What it is called: the step, the task, the series of a document, the channel of a message
    pub title: String,
    /// What was said, and how a step came about
    pub text: Option<String>,
    /// Whom it went to or is for
    pub to: Option<String>,
    /// Number of a document or step, amount of a payment, state of a message or task
    pub detail: Option<String>,
    /// Sign-in names of those it calls
    pub mentions: Vec<String>,
}

#[OpenApi(tag = "Tag::Tickets")]
impl Activities {
    /// What happened around a ticket, oldest first
    ///
    /// Steps, messages, notes, calls, tasks, documents, letters and payments together. A note for some roles is shown to those
    /// roles and to its author.
    #[oai(path = "/tickets/:code/activities", method = "get")]
    async fn activities(
        &self,
        who: SignedIn,
        code: Path<String>,
        /// Kinds to show, with commas between; all if left out
        kind: Query<Option<String>>,
    ) -> Result<Json<Vec<Moment>>, Problem> {
        let row = find(&self.0, &who, &code.0).await?;
        if is_outside(&who.scope(&self.0)) {
            return Err(Problem::new(Kind::Forbidden, "detail-staff-only", vec![]));
        }
        let mut all = steps(&self.0, &who, &row).await?;
        all.extend(sent(&self.0, &who, &row).await?);
        all.extend(noted(&self.0, &who, &row).await?);
        all.extend(given(&self.0, &who, &row).await?);
        all.extend(papers(&self.0, &row).await?);
        all.extend(letters(&self.0, &who, &row).await?);
        if let Some(kinds) = &kind.0 {
            all.retain(|moment| kinds.split(',').any(|kind| kind.trim() == moment.kind));
        }
        // What a step caused follows it: the parts come in that order and the sort is stable.
        all.sort_by_key(|moment| moment.at);
        Ok(Json(all))
    }
}

async fn steps(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Vec<Moment>, Problem> {
    let chart = chart(app, row).await?;
    let explainer = Explainer::new(&chart, who.language);
    let events = app.store.history(&row.code).await?;
    let step = events.into_iter().map(|event| {
        let trace: Vec<TraceStep> = serde_json::from_str(&event.trace).unwrap_or_default();
        Moment {
            kind: "step".into(),
            at: event.at,
            by: Some(event.actor).filter(|_| event.origin != "system"),
            title: explainer.event(&event.event),
            text: Some(explainer.moves(&trace).join("\n")).filter(|text| !text.is_empty()),
            to: None,
            detail: Some(event.seq.to_string()),
            mentions: Vec::new(),
        }
    });
    Ok(step.collect())
}

async fn sent(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Vec<Moment>, Problem> {
    let version = app.catalog.version(&row.bundle).await?;
    let veil = veil(app, who, &*chart(app, row).await?, &row.branch);
    let rows = app.store.messages_of(&row.code).await?;
    let message = rows.into_iter().map(|row| {
        let message = Message::told(kept_secret(app, row), who, &version, &veil);
        Moment {
            kind: "message".into(),
            at: message.created_at,
            by: None,
            title: message.channel,
            text: message.text,
            to: Some(message.recipient_name).filter(|name| !name.is_empty()),
            detail: Some(message.status),
            mentions: Vec::new(),
        }
    });
    Ok(message.collect())
}

/// What people have noted, as far as it is for the reader.
pub async fn noted(app: &App, who: &SignedIn, ticket: &ticket::Model) -> Result<Vec<Moment>, Problem> {
    let rows = app.store.activities_of(&ticket.code).await?;
    let roles = who.caller.roles_in(&ticket.branch);
    let is_for = |row: &crate::entity::activity::Model| {
        row.seen_by.is_empty()
            || row.actor == who.caller.name
            || row.seen_by.split(' ').any(|role| roles.contains(role))
    };
    let note = rows.into_iter().filter(is_for).map(|row| Moment {
        title: row.kind.clone(),
        kind: row.kind,
        at: row.at,
        by: Some(row.actor),
        text: Some(row.text),
        to: Some(row.seen_by).filter(|roles| !roles.is_empty()),
        detail: None,
        mentions: note::words(&row.mentions),
    });
    Ok(note.collect())
}

async fn given(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Vec<Moment>, Problem> {
    let scope = who.scope(app);
    let filter = TaskFilter { ticket: Some(row.code.clone()), ..TaskFilter::default() };
    let rows = app.store.tasks(Whose::All(&scope), &filter, 0, u64::from(u32::MAX)).await?;
    let task = rows.into_iter().map(|row| {
        let task = Task::told(row, who.language);
        Moment {
            kind: task.kind,
            at: task.created_at,
            by: task.created_by,
            title: task.title,
            text: task.result,
            to: Some(task.to),
            detail: Some(task.status),
            mentions: Vec::new(),
        }
    });
    Ok(task.collect())
}

/// Documents and payments.
pub async fn papers(app: &App, row: &ticket::Model) -> Result<Vec<Moment>, Problem> {
    let currency = currency(app);
    let amount = |minor| aftercare_engine::ledger::amount::decimal(minor, &currency).to_string();
    let documents = app.store.documents_of(&row.code).await?;
    let documents = documents.into_iter().map(|row| Moment {
        kind: "document".into(),
        at: row.at,
        by: Some(row.actor),
        title: row.series,
        text: Some(amount(row.gross)),
        to: None,
        detail: Some(row.number),
        mentions: Vec::new(),
    });
    let payments = app.store.payments_of(&row.code).await?;
    let payments = payments.into_iter().map(|row| Moment {
        kind: "payment".into(),
        at: row.at,
        by: Some(row.actor),
        title: row.method,
        text: row.reference,
        to: None,
        detail: Some(amount(if row.direction == "out" { -row.amount } else { row.amount })),
        mentions: Vec::new(),
    });
    Ok(documents.chain(payments).collect())
}

/// Letters that were given out: what about, to whom, and how. A draft has not happened yet.
pub async fn letters(app: &App, who: &SignedIn, row: &ticket::Model) -> Result<Vec<Moment>, Problem> {
    let all = Letters(app.clone()).of(who, row).await?;
    let given = all.into_iter().filter_map(|letter| {
        Some(Moment {
            kind: "letter".into(),
            at: letter.given_at?,
            by: letter.given_by,
            title: letter.number,
            text: Some(letter.subject),
            to: letter.email.or(Some(letter.recipient)).filter(|to| !to.is_empty()),
            detail: Some(letter.status),
            mentions: Vec::new(),
        })
    });
    Ok(given.collect())
}
