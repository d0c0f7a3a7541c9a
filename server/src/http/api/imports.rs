//! POST /api/imports/{register}: a file comes into a register, or is looked through. GET: what came in.

mod upload;

use aftercare_engine::definition::messages::Permission;
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt, stream};
use poem::web::sse::{Event, SSE};
use poem::{IntoResponse, Response};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::registry::MetaMediaType;
use poem_openapi::types::Type;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::registry::asking;
use super::registry::list::{Asked, Page, readable};
use crate::app::App;
use crate::auth::Scope;
use crate::exchange::columns;
use crate::exchange::import::{Progress, Stopped, Told, Wanted, commit, look};
use crate::exchange::report::Report;
use crate::http::api::Tag;
use crate::http::idempotency_key::IdempotencyKey;
use crate::http::once::{Answer, Stop, before, once};
use crate::http::problem::{Kind, Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::register::check::{Asking, Entry};
use crate::register::{Register, find};
use crate::store::registry::category;
use crate::store::step::Key;
use upload::Upload;
pub use upload::{ARRIVAL, is_sheet};

/// The routes.
pub struct Imports(pub App);

/// A file that came into a register
#[derive(Debug, Object)]
struct Came {
    id: i64,
    register: String,
    file: String,
    /// SHA-256 of the bytes
    hash: String,
    lines: i64,
    added: i64,
    changed: i64,
    by: String,
    at: DateTime<Utc>,
}

/// What became of a file, or would
#[derive(Debug, Object)]
struct Outcome {
    lines: u64,
    added: u64,
    changed: u64,
    unchanged: u64,
    /// Mistakes in all; `errors` has the first thousand
    wrong: u64,
    errors: Vec<LineError>,
}

/// A mistake in a file
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct LineError {
    line: Option<u64>,
    /// What stands in the first line above it
    column: Option<String>,
    /// Stable code
    code: String,
    /// What was expected, in the reader's language
    message: String,
    /// What stands there
    found: Option<String>,
}

#[OpenApi(tag = "Tag::Registers")]
impl Imports {
    /// A file comes into a register, whole or not at all
    ///
    /// CSV (UTF-8; comma, semicolon or tab) or XLSX (its first sheet). The first line names the fields: `serial`,
    /// `name.fa`, `terms.guarantee.months`. An entry whose key is there is changed: fields without a column stay as
    /// they are, empty cells empty. 422: something is wrong, nothing came in, and `report` says what in which line
    /// and column. With `Accept: text/event-stream` the answer is a stream of `progress` events and one `report` or
    /// `problem` at the end.
    #[oai(path = "/imports/:register", method = "post")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn import(
        &self,
        who: SignedIn,
        register: Path<String>,
        /// Only look through it: the answer is the report, mistakes included, and nothing changes
        preview: Query<Option<bool>>,
        /// For a file without a first line, such as a barcode reader's: the fields of its columns, `-` for one that
        /// is not read
        columns: Query<Option<String>>,
        /// What every line says that has no column of its own: `product=F200,status=in_stock`
        with: Query<Option<String>>,
        /// Its name, for the list of what came in
        file: Query<Option<String>>,
        accept: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] once_key: IdempotencyKey,
        body: Upload,
    ) -> Result<Streamed, Problem> {
        let register = find(&register.0).ok_or_else(|| Problem::not_found("register", register.0))?;
        let asking = asking(&self.0, &who, register, "imported")?;
        // A file may name any entry, so it is for those who see all of them.
        if readable(&self.0, &who, register)? != Scope::All {
            return Err(Problem::new(Kind::Forbidden, "detail-other-branch", vec![]));
        }
        let with = fixed(&self.0, register, &asking, with.0.as_deref()).await?;
        let columns = columns.0.map(|names| names.split(',').map(str::to_owned).collect());
        let mut source = body.source;
        source.name = file.0.unwrap_or(source.name);
        let wanted = Wanted { register, source, hash: body.hash, columns, with };
        let only_look = preview.0.unwrap_or(false);
        let key = once_key.request(&who.caller, &format!("{} {:?}", wanted.hash, wanted.columns));
        let work = Work { app: self.0.clone(), asking, wanted, only_look, key, who };
        let streams = accept.0.is_some_and(|accept| accept.contains("text/event-stream"));
        let (told, progress) = watch::channel(Progress::default());
        Ok(Streamed(if streams {
            SSE::new(work.stream(told, progress)).into_response()
        } else {
            work.run(&told).await?.into_response()
        }))
    }

    /// Files that came into the registers, newest first
    #[oai(path = "/imports", method = "get")]
    async fn list(
        &self,
        who: SignedIn,
        /// Only of this register
        register: Query<Option<String>>,
        /// The `next` of the piece before
        after: Query<Option<String>>,
        /// 1 to 200, 50 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<Came>>, Problem> {
        who.may(&self.0, Permission::RegistriesRead)?;
        let before = after.0.as_deref().map(str::parse::<i64>).transpose();
        let before = before.map_err(|_| Problem::parameter("after", Text::why("why-next", vec![])))?;
        let limit = Asked { search: None, after: None, limit: limit.0 }.limit()?;
        let mut rows = self.0.store.imports(register.0.as_deref(), before, limit + 1).await?;
        let is_more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = rows.last().filter(|_| is_more).map(|row| row.id.to_string());
        let items = rows.into_iter().map(|row| Came {
            id: row.id,
            register: row.register,
            file: row.file,
            hash: row.hash,
            lines: row.lines,
            added: row.added,
            changed: row.changed,
            by: row.actor,
            at: row.at,
        });
        Ok(Json(Page { items: items.collect(), next }))
    }
}

/// What every line says: read as a line of its own.
async fn fixed(
    app: &App,
    register: &'static Register,
    asking: &Asking,
    text: Option<&str>,
) -> Result<Entry, Problem> {
    let mut entry = Entry::new();
    let Some(text) = text else { return Ok(entry) };
    let attributes = category::attributes(app.store.reader()).await?;
    let known = columns::of(register, &attributes, &asking.hidden);
    for pair in text.split(',').filter(|pair| !pair.trim().is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let column = known.iter().find(|column| column.header == name.trim());
        let column = column.ok_or_else(|| {
            Problem::parameter("with", Text::why("why-no-field", vec![("name", name.to_owned())]))
        })?;
        if column.put(&mut entry, value).is_err() {
            return Err(Problem::parameter(
                "with",
                Text::why("why-no-value", vec![("value", value.to_owned()), ("name", name.to_owned())]),
            ));
        }
    }
    Ok(entry)
}

/// One import.
struct Work {
    app: App,
    asking: Asking,
    wanted: Wanted,
    only_look: bool,
    key: Option<Key>,
    who: SignedIn,
}

impl Work {
    async fn run(self, told: &Told) -> Result<Answer<Value>, Problem> {
        if let Some(answer) = before(&self.app, self.key.as_ref().filter(|_| !self.only_look)).await? {
            return Ok(answer);
        }
        let language = self.who.language;
        let looked = look(&self.app, &self.asking, &self.wanted, told, self.only_look).await?;
        if self.only_look {
            return Ok(Answer::shown(&looked.report.told(language)));
        }
        if !looked.report.is_clean() {
            return Err(self.refused(&looked.report));
        }
        let (app, now, told) = (self.app.clone(), self.app.clock.now(), told.clone());
        once(&app, self.key.clone(), move |tx| {
            Box::pin(async move {
                match commit(tx, &self.asking, &self.wanted, looked, now, &told).await {
                    Ok(report) => Ok(Answer::shown(&report.told(language))),
                    Err(Stopped::Wrong(report)) => Err(self.refused(&report).into()),
                    Err(Stopped::Store(error)) => Err::<_, Stop>(error.into()),
                }
            })
        })
        .await
    }

    fn refused(&self, report: &Report) -> Problem {
        let values = vec![("wrong", report.wrong.to_string())];
        Problem::new(Kind::Unprocessable, "detail-import", values)
            .with("report", report.told(self.who.language))
    }

    /// Progress while it runs, and what became of it.
    fn stream(self, told: Told, progress: watch::Receiver<Progress>) -> impl Stream<Item = Event> + use<> {
        let language = self.who.language;
        let steps = stream::unfold(progress, |mut progress| async move {
            progress.changed().await.ok()?;
            let Progress { lines, percent } = *progress.borrow_and_update();
            let event = Event::message(json!({"lines": lines, "percent": percent}).to_string());
            Some((event.event_type("progress"), progress))
        });
        // It goes on when nobody listens any more: half of it would be nothing.
        let work = tokio::spawn(async move {
            let done = self.run(&told).await;
            drop(told);
            done
        });
        let end = stream::once(async move {
            let (kind, body) = match work.await {
                Ok(Ok(answer)) => ("report", answer.body().to_owned()),
                Ok(Err(problem)) => ("problem", problem.document(language, "/api/imports").to_string()),
                Err(_) => ("problem", "{}".to_owned()),
            };
            Event::message(body).event_type(kind)
        });
        steps.chain(end)
    }
}

/// An answer, whole or as a stream.
struct Streamed(Response);

impl IntoResponse for Streamed {
    fn into_response(self) -> Response {
        self.0
    }
}

impl poem_openapi::ApiResponse for Streamed {
    fn meta() -> poem_openapi::registry::MetaResponses {
        let mut meta = <Json<Outcome> as poem_openapi::ApiResponse>::meta();
        for answer in &mut meta.responses {
            let stream = MetaMediaType { content_type: "text/event-stream", schema: String::schema_ref() };
            answer.content.push(stream);
        }
        meta
    }

    fn register(registry: &mut poem_openapi::registry::Registry) {
        <Json<Outcome> as poem_openapi::ApiResponse>::register(registry);
    }
}
