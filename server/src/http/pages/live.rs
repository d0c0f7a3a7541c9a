//! Live pages: whoever looks at a ticket or at the board is told that something has changed and asks for the page
//! anew. Nothing of a ticket is in the message itself, so that there is nothing to hide.
//!
//! One watcher reads what has changed since it last looked, whoever changed it: another server of the same store
//! counts as well. It looks only while somebody listens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::unfold;
use poem::web::sse::{Event, SSE};
use poem::web::{Data, Path};
use poem::{IntoResponse, Response, handler};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender, channel};

use super::view::View;
use crate::app::App;
use crate::auth::Scope;
use crate::http::api::tickets::find;
use crate::http::problem::Problem;
use crate::store::StoreError;

/// How often the watcher looks.
const PAUSE: Duration = Duration::from_millis(400);
/// Changes that a slow listener may miss before it is told to look anew whatever they were.
const BEHIND: usize = 256;
/// A step that was begun before another may commit after it; so far back is looked again.
const OVERLAP: TimeDelta = TimeDelta::seconds(2);
/// Most changes read at once.
const MOST: u64 = 200;

/// The tickets that have changed, by their codes.
#[derive(Clone)]
pub struct Changes {
    sender: Sender<Arc<str>>,
    watched: Arc<AtomicBool>,
}

impl Default for Changes {
    fn default() -> Self {
        Self { sender: channel(BEHIND).0, watched: Arc::default() }
    }
}

impl Changes {
    fn listen(&self, app: &App) -> Receiver<Arc<str>> {
        let receiver = self.sender.subscribe();
        if !self.watched.swap(true, Ordering::AcqRel) {
            tokio::spawn(watch(app.clone(), self.clone()));
        }
        receiver
    }
}

/// Tickets that have moved, and those around which something was said or sent in.
async fn changed(app: &App, since: DateTime<Utc>) -> Result<Vec<(String, i64)>, StoreError> {
    let mut found = app.store.changed_since(since, MOST).await?;
    let stirred = app.store.stirred_since(since, MOST).await?;
    // No revision is below zero.
    found.extend(stirred.into_iter().map(|(code, mark)| (code, -2 * mark.abs() - i64::from(mark < 0))));
    Ok(found)
}

async fn watch(app: App, changes: Changes) {
    let mut seen: Vec<(String, i64)> = Vec::new();
    let mut since: DateTime<Utc> = app.clock.now() - OVERLAP;
    let mut is_first = true;
    while changes.sender.receiver_count() > 0 {
        match changed(&app, since).await {
            Ok(found) => {
                for one in found.iter().filter(|one| !seen.contains(one)) {
                    if !is_first {
                        // Nobody is left to hear it: then the loop ends as well.
                        let _ = changes.sender.send(one.0.as_str().into());
                    }
                }
                seen = found;
                is_first = false;
                since = app.clock.now() - OVERLAP;
            }
            Err(error) => tracing::debug!("The watcher of changes could not look: {error}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
    changes.watched.store(false, Ordering::Release);
}

/// GET /tickets/{code}/live
#[handler]
pub async fn ticket(
    view: View,
    changes: Data<&Changes>,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let row = find(&view.app, &who, &code).await?;
    Ok(of_ticket(&view.app, &changes, row.code))
}

/// GET /live: any ticket that the reader sees. Which ones a page shows, it says that is asked for anew.
#[handler]
pub fn any(view: View, changes: Data<&Changes>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    Ok(stream(changes.listen(&view.app), Heard::Within(Box::new(view.app.clone()), who.scope(&view.app))))
}

/// What a listener is told of.
enum Heard {
    Only(String),
    Within(Box<App>, Scope),
}

impl Heard {
    async fn is_about(&self, code: &str) -> bool {
        match self {
            Self::Only(only) => only == code,
            Self::Within(_, Scope::All) => true,
            Self::Within(app, scope) => matches!(app.store.ticket_within(code, scope).await, Ok(Some(_))),
        }
    }
}

/// What changes one ticket, for whoever may see it.
pub fn of_ticket(app: &App, changes: &Changes, code: String) -> Response {
    stream(changes.listen(app), Heard::Only(code))
}

fn stream(changes: Receiver<Arc<str>>, heard: Heard) -> Response {
    let events = unfold((changes, heard), |(mut changes, heard)| async move {
        loop {
            match changes.recv().await {
                Ok(code) if heard.is_about(&code).await => break,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return None,
            }
        }
        Some((Event::message("changed"), (changes, heard)))
    });
    SSE::new(events).keep_alive(Duration::from_secs(15)).into_response()
}
