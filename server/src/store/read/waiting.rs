//! What dispatch asks of tickets: which ones nobody has in hand, the longest waiting first, and what somebody has.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{ExprTrait, Func};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};

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

/// Which end of the line is read first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Oldest,
    Newest,
}

impl Store {
    /// Open tickets that nobody has in hand, the longest waiting first or the newest, from a place on.
    pub async fn unassigned(
        &self,
        scope: &Scope,
        from: End,
        read_to: Option<&ReadTo>,
        limit: u64,
    ) -> Result<Vec<ticket::Model>, StoreError> {
        // As one expression: an index of technicians would lead through everything that was ever done without one.
        let hands = [Column::Technician, Column::Agency, Column::Partner].map(|column| column.into_expr());
        let beyond = |column: Column, value: sea_orm::Value| match from {
            End::Oldest => column.gt(value),
            End::Newest => column.lt(value),
        };
        let later = read_to.map(|ReadTo { opened_at, code }| {
            Condition::any().add(beyond(Column::OpenedAt, (*opened_at).into())).add(
                Condition::all()
                    .add(Column::OpenedAt.eq(*opened_at))
                    .add(beyond(Column::Code, code.as_str().into())),
            )
        });
        let order = match from {
            End::Oldest => Order::Asc,
            End::Newest => Order::Desc,
        };
        let query = ticket::Entity::find()
            .filter(Column::Category.eq(OPEN))
            .filter(Column::Finished.eq(false))
            .filter(Func::coalesce(hands).is_null())
            .filter(within(scope))
            .filter(Condition::all().add_option(later))
            .order_by(Column::OpenedAt, order.clone())
            .order_by(Column::Code, order);
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
