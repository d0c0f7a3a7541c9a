//! GET /api/letters and /api/files: what was written and sent in about all tickets that somebody may see, searched.

use aftercare_engine::definition::messages::Permission;
use aftercare_engine::text;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::files::File;
use super::letters::Letter;
use super::{chart, is_outside, veil};
use crate::app::App;
use crate::auth::Scope;
use crate::http::api::Tag;
use crate::http::problem::{Kind, Problem};
use crate::http::signed_in::SignedIn;

/// Most entries of one answer.
const MOST: u64 = 100;

pub struct Repository(pub App);

/// A file of a ticket
#[derive(Debug, Object)]
pub struct TicketFile {
    pub ticket: String,
    pub file: File,
}

#[OpenApi(tag = "Tag::Tickets")]
impl Repository {
    /// Letters about tickets, newest first
    ///
    /// For staff, each about the tickets of their own branches.
    #[oai(path = "/letters", method = "get")]
    async fn letters(
        &self,
        who: SignedIn,
        /// Part of the text, the recipient or the tracking code
        search: Query<Option<String>>,
        /// The `id` of the last one before
        before: Query<Option<i64>>,
        /// 1 to 100, 50 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Vec<Letter>>, Problem> {
        let limit = limit.0.unwrap_or(50).clamp(1, MOST);
        self.letters_found(&who, search.0.as_deref(), before.0, limit).await.map(Json)
    }

    /// Files of tickets, newest first
    ///
    /// For staff, each of the tickets of their own branches.
    #[oai(path = "/files", method = "get")]
    async fn files(
        &self,
        who: SignedIn,
        /// Part of the name or the tracking code
        search: Query<Option<String>>,
        /// 1 to 100, 50 if left out
        limit: Query<Option<u64>>,
    ) -> Result<Json<Vec<TicketFile>>, Problem> {
        let limit = limit.0.unwrap_or(50).clamp(1, MOST);
        self.files_found(&who, search.0.as_deref(), limit).await.map(Json)
    }
}

impl Repository {
    /// Letters that fit, as the caller may see them.
    pub async fn letters_found(
        &self,
        who: &SignedIn,
        search: Option<&str>,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<Letter>, Problem> {
        let scope = self.scope(who)?;
        let search = search.map(text::folded).filter(|text| !text.is_empty());
        let rows = self.0.store.letters(&scope, search.as_deref(), before, limit).await?;
        let mut told = Vec::with_capacity(rows.len());
        for row in rows {
            let ticket = self.0.store.ticket(&row.ticket).await?;
            let ticket = ticket.ok_or_else(|| Problem::not_found("ticket", row.ticket.as_str()))?;
            let veil = veil(&self.0, who, &*chart(&self.0, &ticket).await?, &ticket.branch);
            // What would not be shown is not found either: finding it would tell it.
            if search.is_none() || !veil.covers(&row.source) {
                told.push(Letter::told(row, &veil));
            }
        }
        Ok(told)
    }

    /// Files that fit.
    pub async fn files_found(
        &self,
        who: &SignedIn,
        search: Option<&str>,
        limit: u64,
    ) -> Result<Vec<TicketFile>, Problem> {
        let scope = self.scope(who)?;
        let search = search.map(str::trim).filter(|text| !text.is_empty());
        let rows = self.0.store.files_found(&scope, search, limit).await?;
        Ok(rows.into_iter().map(|(ticket, file)| TicketFile { ticket, file: file.into() }).collect())
    }

    /// Whose tickets; a refusal for people outside.
    fn scope(&self, who: &SignedIn) -> Result<Scope, Problem> {
        let scope = who.may(&self.0, Permission::TicketsRead)?;
        if is_outside(&scope) {
            return Err(Problem::new(Kind::Forbidden, "detail-letters-staff", vec![]));
        }
        Ok(scope)
    }
}
