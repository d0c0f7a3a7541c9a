//! Changes of cards by hand: each is kept with what the card was before, as those by steps are.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::entity::card_change;
use crate::store::StoreError;

/// A change of a card.
#[derive(Clone, Debug)]
pub struct Change {
    pub card: String,
    /// JSON of the card; none: it is new.
    pub before: Option<String>,
    pub after: String,
    /// Of the card after the change.
    pub version: i64,
}

/// Keeps the changes.
pub async fn keep(
    tx: &impl ConnectionTrait,
    changes: Vec<Change>,
    actor: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = |change: Change| card_change::ActiveModel {
        source: Set(format!("register/{}/{}/{}", change.card, change.version, now.timestamp_micros())),
        change: Set(if change.before.is_some() { "edited" } else { "issued" }.to_owned()),
        card: Set(change.card),
        ticket: Set(None),
        reason: Set(reason.to_owned()),
        before: Set(change.before),
        after: Set(change.after),
        actor: Set(actor.to_owned()),
        at: Set(now),
        ..Default::default()
    };
    let rows: Vec<_> = changes.into_iter().map(row).collect();
    for rows in rows.chunks(64) {
        card_change::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}
