//! Tasks on people's lists: those that steps leave and those that people give each other.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, NullOrdering};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, Order, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::read::search::hangs_within;
use super::{Store, StoreError};
use crate::auth::{Caller, Scope};
use crate::entity::task;

/// Whose tasks.
pub enum Whose<'a> {
    /// Those of the caller: by name, by a role where it holds; of people outside also by their agency or as the
    /// customer, and by role only on their own tickets.
    Own(&'a Caller, &'a Scope),
    /// Those of all tickets that somebody of the house may see.
    All(&'a Scope),
    /// Both.
    Either(&'a Caller, &'a Scope),
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

    /// A task, if it is one of these.
    pub async fn task(&self, id: i64, whose: Whose<'_>) -> Result<Option<task::Model>, StoreError> {
        Ok(task::Entity::find_by_id(id).filter(belongs(whose)).one(self.reader()).await?)
    }
}

fn belongs(whose: Whose<'_>) -> Condition {
    match whose {
        Whose::All(scope) => on_tickets(scope),
        Whose::Own(caller, scope) => own(caller, scope),
        Whose::Either(caller, scope) => Condition::any().add(own(caller, scope)).add(on_tickets(scope)),
    }
}

fn on_tickets(scope: &Scope) -> Condition {
    hangs_within(scope, task::Column::Ticket)
}

fn own(caller: &Caller, scope: &Scope) -> Condition {
    use task::Column;
    let to =
        |kind: &str, name: &str| Condition::all().add(Column::ToKind.eq(kind)).add(Column::ToName.eq(name));
    let mut any = Condition::any().add(to("user", &caller.name));
    for held in &caller.roles {
        let role = to("role", &held.role);
        any = any.add(match (scope, &held.branch) {
            (Scope::Agency(_) | Scope::Customer(_), _) => role.add(on_tickets(scope)),
            (_, Some(branch)) => role.add(Column::Branch.eq(branch)),
            (_, None) => role,
        });
    }
    match scope {
        Scope::Agency(code) => any.add(to("agency", code)).add(to("partner", code)),
        Scope::Customer(code) => any.add(to("customer", code).add(on_tickets(scope))),
        Scope::All | Scope::Branches(_) | Scope::Nothing => any,
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
