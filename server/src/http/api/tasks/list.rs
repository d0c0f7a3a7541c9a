//! GET /api/tasks: what is on my list, or on all lists that I may see.

use aftercare_engine::definition::messages::Permission;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::Task;
use crate::app::App;
use crate::http::api::Tag;
use crate::http::api::registry::list::{Asked, Page};
use crate::http::api::tickets::is_outside;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;
use crate::store::task::{TaskFilter, Whose};

pub struct List(pub App);

#[OpenApi(tag = "Tag::Tickets")]
impl List {
    /// Tasks, the soonest due first
    #[oai(path = "/tasks", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    async fn list(
        &self,
        who: SignedIn,
        /// `false`: also those of others, on tickets that you may see
        mine: Query<Option<bool>>,
        /// `open` if left out, `done`
        status: Query<Option<String>>,
        /// Tracking code
        ticket: Query<Option<String>>,
        /// Only those that are overdue or to be reminded of
        pressing: Query<Option<bool>>,
        /// The `next` of the piece before
        after: Query<Option<u32>>,
        /// 1 to 200, 50 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<Task>>, Problem> {
        let limit = Asked { search: None, after: None, limit: limit.0 }.limit()?;
        let filter = TaskFilter {
            status: Some(status.0.unwrap_or_else(|| "open".to_owned())),
            ticket: ticket.0,
            pressing_at: pressing.0.unwrap_or_default().then(|| self.0.clock.now()),
        };
        let scope = who.scope(&self.0);
        let whose = if mine.0.unwrap_or(true) {
            Whose::Own(&who.caller, &scope)
        } else {
            who.may(&self.0, Permission::TicketsRead)?;
            if is_outside(&scope) {
                return Err(Problem::new(Kind::Forbidden, "detail-staff-only", vec![]));
            }
            Whose::All(&scope)
        };
        let skip = u64::from(after.0.unwrap_or_default());
        let mut rows = self.0.store.tasks(whose, &filter, skip, limit + 1).await?;
        let is_more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = is_more.then(|| (skip + limit).to_string());
        Ok(Json(Page { items: rows.into_iter().map(|row| Task::told(row, who.language)).collect(), next }))
    }
}
