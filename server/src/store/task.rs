//! Tasks on people's lists: those that steps leave and those that people give each other.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, NullOrdering, Query};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, Order, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::read::search::within;
use super::{Store, StoreError};
use crate::auth::{Caller, Scope};
use crate::entity::{task, ticket};

/// Whose tasks.
pub enum Whose<'a> {
    /// Those of the caller: by name, by role within the scope's branches, by agency.
    Own(&'a Caller, &'a Scope),
    /// Those of all tickets that somebody may see.
    All(&'a Scope),
}

/// Which tasks.
#[derive(Default)]
pub struct TaskFilter {
    /// `open`, `done`.
    pub status: Option<String>,
    pub ticket: Option<String>,
    /// Due before this moment, or to be reminded of.
    pub pressing_at: Option<DateTime<Utc>>,
}

impl Store {
    /// Tasks that fit, the soonest due first, those without a day last.
    pub async fn tasks(
        &self,
        whose: Whose<'_>,
        filter: &TaskFilter,
        skip: u64,
        limit: u64,
    ) -> Result<Vec<task::Model>, StoreError> {
        use task::Column;
        let mut query = task::Entity::find().filter(belongs(whose));
        if let Some(status) = &filter.status {
            query = query.filter(Column::Status.eq(status));
        }
        if let Some(ticket) = &filter.ticket {
            query = query.filter(Column::Ticket.eq(ticket));
        }
        if let Some(now) = filter.pressing_at {
            query = query.filter(Condition::any().add(Column::DueAt.lt(now)).add(Column::RemindAt.lte(now)));
        }
        let query = query
            .order_by_with_nulls(Column::DueAt, Order::Asc, NullOrdering::Last)
            .order_by_asc(Column::Id)
            .offset(skip)
            .limit(limit);
        Ok(query.all(self.reader()).await?)
    }

    /// A task, if it is the caller's or hangs on a ticket that the caller may see.
    pub async fn task(
        &self,
        id: i64,
        caller: &Caller,
        scope: &Scope,
    ) -> Result<Option<task::Model>, StoreError> {
        let either = Condition::any().add(belongs(Whose::Own(caller, scope))).add(belongs(Whose::All(scope)));
        Ok(task::Entity::find_by_id(id).filter(either).one(self.reader()).await?)
    }
}

fn belongs(whose: Whose<'_>) -> Condition {
    use task::Column;
    match whose {
        Whose::All(scope) => {
            let mut seen = Query::select();
            seen.column(ticket::Column::Code).from(ticket::Entity).cond_where(within(scope));
            Condition::all().add(Column::Ticket.in_subquery(seen))
        }
        Whose::Own(caller, scope) => {
            let to = |kind: &str| Condition::all().add(Column::ToKind.eq(kind));
            let mut role = to("role").add(Column::ToName.is_in(caller.role_names()));
            if let Scope::Branches(branches) = scope {
                role = role.add(Column::Branch.is_in(branches));
            }
            let mut any = Condition::any().add(to("user").add(Column::ToName.eq(&caller.name))).add(role);
            if let Some(agency) = &caller.agency {
                any = any.add(
                    Condition::all()
                        .add(Column::ToKind.is_in(["agency", "partner"]))
                        .add(Column::ToName.eq(agency)),
                );
            }
            any
        }
    }
}

/// Puts a task on somebody's list; its id.
pub async fn give(tx: &DatabaseTransaction, row: task::Model) -> Result<i64, StoreError> {
    let new = task::ActiveModel { id: NotSet, ..row.into() };
    Ok(task::Entity::insert(new).exec(tx).await?.last_insert_id)
}

/// Who finished a task, when, and what came of it.
pub struct Done {
    pub by: String,
    pub at: DateTime<Utc>,
    pub result: Option<String>,
}

/// Finishes an open task; false if it is done already.
pub async fn finish(tx: &DatabaseTransaction, id: i64, done: Done) -> Result<bool, StoreError> {
    let change = task::Entity::update_many()
        .col_expr(task::Column::Status, Expr::value("done"))
        .col_expr(task::Column::DoneAt, Expr::value(done.at))
        .col_expr(task::Column::DoneBy, Expr::value(done.by))
        .col_expr(task::Column::Result, Expr::value(done.result))
        .filter(task::Column::Id.eq(id))
        .filter(task::Column::Status.eq("open"));
    Ok(change.exec(tx).await?.rows_affected == 1)
}

/// Gives an open task to a user; false if it is done already.
pub async fn hand_over(tx: &DatabaseTransaction, id: i64, to: &str) -> Result<bool, StoreError> {
    let change = task::Entity::update_many()
        .col_expr(task::Column::ToKind, Expr::value("user"))
        .col_expr(task::Column::ToName, Expr::value(to))
        .filter(task::Column::Id.eq(id))
        .filter(task::Column::Status.eq("open"));
    Ok(change.exec(tx).await?.rows_affected == 1)
}
