//! What dispatch asks of tickets: which ones nobody has in hand, the longest waiting first, and what somebody has.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{ExprTrait, Func};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::search::within;
use crate::auth::Scope;
use crate::entity::ticket::{self, Column};
use crate::store::{Store, StoreError};

/// Category of what has to be done by the house.
const OPEN: &str = "open";

/// How far the waiting tickets have been read.
#[derive(Clone, Debug)]
pub struct ReadTo {
    pub opened_at: DateTime<Utc>,
    pub code: String,
}

impl Store {
    /// Open tickets that nobody has in hand, the longest waiting first, from a place on.
    pub async fn unassigned(
        &self,
        scope: &Scope,
        read_to: Option<&ReadTo>,
        limit: u64,
    ) -> Result<Vec<ticket::Model>, StoreError> {
        // As one expression: an index of technicians would lead through everything that was ever done without one.
        let hands = [Column::Technician, Column::Agency, Column::Partner].map(|column| column.into_expr());
        let later = read_to.map(|ReadTo { opened_at, code }| {
            Condition::any().add(Column::OpenedAt.gt(*opened_at)).add(
                Condition::all().add(Column::OpenedAt.eq(*opened_at)).add(Column::Code.gt(code.as_str())),
            )
        });
        let query = ticket::Entity::find()
            .filter(Column::Category.eq(OPEN))
            .filter(Column::Finished.eq(false))
            .filter(Func::coalesce(hands).is_null())
            .filter(within(scope))
            .filter(Condition::all().add_option(later))
            .order_by_asc(Column::OpenedAt)
            .order_by_asc(Column::Code);
        Ok(query.limit(limit).all(self.reader()).await?)
    }

    /// Open tickets that somebody has in hand, in whichever branch, the newest first.
    pub async fn in_hand(&self, person: &str, limit: u64) -> Result<Vec<ticket::Model>, StoreError> {
        let query = ticket::Entity::find()
            .filter(Column::Technician.eq(person))
            .filter(Column::Category.eq(OPEN))
            .filter(Column::Finished.eq(false))
            .order_by_desc(Column::OpenedAt)
            .order_by_desc(Column::Code);
        Ok(query.limit(limit).all(self.reader()).await?)
    }
}
