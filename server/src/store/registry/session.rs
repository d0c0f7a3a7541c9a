//! Sign-ins and tokens: made, found, noted as used, ended. Only hashes of tokens are stored.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};

use crate::app::App;
use crate::auth::Caller;
use crate::auth::caller::Held;
use crate::clock::is_within;
use crate::config::Sessions;
use crate::entity::{session, user, user_role};
use crate::i18n::Language;
use crate::store::{Store, StoreError};

/// How often the last use of a session is noted.
const NOTED_EVERY: TimeDelta = TimeDelta::seconds(60);

/// A valid session's user.
#[derive(Debug)]
pub struct Found {
    pub caller: Arc<Caller>,
    /// Its last use should be noted.
    pub is_old: bool,
}

/// What kind of sign-in it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// A person's: ends when idle.
    Session,
    /// A program's: ends on its day.
    Token,
}

impl SessionKind {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
        }
    }
}

/// Remembers a new sign-in under its hash.
pub async fn begin(
    tx: &impl ConnectionTrait,
    token_hash: &str,
    user: &str,
    kind: SessionKind,
    label: Option<String>,
    now: DateTime<Utc>,
    length: std::time::Duration,
) -> Result<(), StoreError> {
    let row = session::ActiveModel {
        token_hash: Set(token_hash.to_owned()),
        user_name: Set(user.to_owned()),
        kind: Set(kind.name().to_owned()),
        label: Set(label),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(TimeDelta::from_std(length).ok().and_then(|length| now.checked_add_signed(length))),
        revoked_at: Set(None),
        proved_at: Set(None),
    };
    session::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// The user behind a token, if it still holds: not ended, not expired, not idle too long, the user active.
pub async fn find(
    store: &Store,
    token_hash: &str,
    now: DateTime<Utc>,
    limits: &Sessions,
) -> Result<Option<Found>, StoreError> {
    let mut found = store.kept("session", token_hash, || held(store, token_hash)).await?;
    // The notes of its use do not count as a change, so what is kept may not know the last one.
    if found.as_ref().is_some_and(|found| now - found.0.seen_at > NOTED_EVERY) {
        store.forget("session", token_hash);
        found = store.kept("session", token_hash, || held(store, token_hash)).await?;
    }
    let Some((row, caller)) = found.as_deref() else { return Ok(None) };
    let idle = TimeDelta::from_std(limits.idle).unwrap_or(TimeDelta::MAX);
    let is_idle = row.kind == SessionKind::Session.name() && !is_within(row.seen_at, now, idle);
    let is_of_now = is_within(row.created_at, now, TimeDelta::MAX);
    if row.revoked_at.is_some() || is_idle || !is_of_now || row.expires_at.is_some_and(|end| end <= now) {
        return Ok(None);
    }
    Ok(Some(Found { caller: Arc::clone(caller), is_old: now - row.seen_at > NOTED_EVERY }))
}

/// A session and its active user, as they are now.
async fn held(store: &Store, token_hash: &str) -> Result<Option<(session::Model, Arc<Caller>)>, DbErr> {
    let db = store.reader();
    let Some(row) = session::Entity::find_by_id(token_hash.to_owned()).one(db).await? else {
        return Ok(None);
    };
    let caller = caller(db, &row.user_name).await?;
    Ok(caller.map(|caller| {
        let is_program = row.kind == SessionKind::Token.name();
        let proved_at = (!is_program).then(|| row.proved_at.unwrap_or(row.created_at));
        let caller = Caller { session: row.token_hash.clone(), is_program, proved_at, ..caller };
        (row, Arc::new(caller))
    }))
}

/// A user as a caller, with the roles held now; none when there is no such active user.
pub async fn caller(db: &impl ConnectionTrait, name: &str) -> Result<Option<Caller>, DbErr> {
    let Some(user) = user::Entity::find_by_id(name.to_owned()).one(db).await? else { return Ok(None) };
    if !user.active {
        return Ok(None);
    }
    let held = user_role::Entity::find().filter(user_role::Column::UserName.eq(name)).all(db).await?;
    let roles = held
        .into_iter()
        .map(|held| Held { role: held.role, branch: Some(held.branch).filter(|branch| !branch.is_empty()) })
        .collect();
    Ok(Some(Caller {
        language: Language::of_code(&user.language).unwrap_or(Language::En),
        name: user.name,
        full_name: user.full_name,
        roles,
        branch: user.branch,
        agency: user.agency,
        customer: user.customer,
        session: String::new(),
        is_program: false,
        proved_at: None,
        by_cookie: false,
    }))
}

impl Store {
    /// A user's sessions and tokens that have not ended, newest first.
    pub async fn sessions_of(
        &self,
        user: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<session::Model>, StoreError> {
        let rows = session::Entity::find()
            .filter(session::Column::UserName.eq(user))
            .filter(session::Column::RevokedAt.is_null())
            .order_by_desc(session::Column::CreatedAt);
        let mut rows = rows.all(self.reader()).await?;
        rows.retain(|row| row.expires_at.is_none_or(|end| end > now));
        Ok(rows)
    }
}

/// Notes that a session is in use. A failure is logged and otherwise harmless.
pub async fn touch(app: &App, token_hash: String, now: DateTime<Utc>) {
    let written: Result<(), StoreError> = app
        .store
        .write(move |tx| {
            Box::pin(async move {
                session::Entity::update_many()
                    .col_expr(session::Column::SeenAt, Expr::value(now))
                    .filter(session::Column::TokenHash.eq(token_hash))
                    .exec(tx)
                    .await?;
                Ok(())
            })
        })
        .await;
    if let Err(error) = written {
        tracing::warn!("The use of a session could not be noted: {error}");
    }
}

/// Notes that the person of a session has just given the password again.
pub async fn prove(
    tx: &impl ConnectionTrait,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::ProvedAt, Expr::value(now))
        .filter(session::Column::TokenHash.eq(token_hash))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends one session, or with `None` all of a user's.
pub async fn end(
    tx: &impl ConnectionTrait,
    user: &str,
    token_hash: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut query = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(now))
        .filter(session::Column::UserName.eq(user))
        .filter(session::Column::RevokedAt.is_null());
    if let Some(hash) = token_hash {
        query = query.filter(session::Column::TokenHash.eq(hash));
    }
    query.exec(tx).await?;
    Ok(())
}

/// Ends all of a user's but one: those of whoever was there before something about signing in changed.
pub async fn end_others(
    tx: &impl ConnectionTrait,
    user: &str,
    but: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(now))
        .filter(session::Column::UserName.eq(user))
        .filter(session::Column::TokenHash.ne(but))
        .filter(session::Column::Kind.eq(SessionKind::Session.name()))
        .filter(session::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
