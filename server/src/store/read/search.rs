//! Tickets by everything that people search by, newest first, within what the asker may see.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::pieces::Pieces;
use super::steer::Steer;
use crate::auth::Scope;
use crate::entity::{activity, customer, customer_phone, decision, outbox, ticket, ticket_asked};
use crate::store::{Store, StoreError};

/// Categories in which nobody has to do anything any more, though the ticket may still be open for an answer.
const SETTLED: [&str; 2] = ["done", "cancelled"];

/// What tickets must fit; what is left out does not matter.
#[derive(Clone, Debug, Default)]
pub struct TicketFilter {
    /// The code or part of it.
    pub code: Option<String>,
    /// Digits somewhere in one of the customer's numbers.
    pub phone: Option<String>,
    /// Part of the customer's name, folded.
    pub name: Option<String>,
    pub customer: Option<String>,
    pub device: Option<String>,
    /// Product category.
    pub product_category: Option<String>,
    pub product: Option<String>,
    pub technician: Option<String>,
    /// Code of the store.
    pub shop: Option<String>,
    pub branch: Option<String>,
    pub process: Option<String>,
    /// One of these; none: any.
    pub processes: Vec<String>,
    /// `open`, `waiting`, `done`, `cancelled`.
    pub category: Option<String>,
    /// A deadline has passed before this moment.
    pub overdue_at: Option<DateTime<Utc>>,
    /// Open, and since this moment there was no step and nothing was said.
    pub quiet_since: Option<DateTime<Utc>>,
    pub finished: Option<bool>,
    /// Opened at this moment or later.
    pub opened_from: Option<DateTime<Utc>>,
    /// Opened before this moment.
    pub opened_before: Option<DateTime<Utc>>,
}

/// Where a piece of the list begins: just after the ticket opened then, under this code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    pub opened_at: DateTime<Utc>,
    pub code: String,
}

impl Store {
    /// Tickets that fit, newest first, after a place in the list.
    pub async fn tickets(
        &self,
        filter: &TicketFilter,
        scope: &Scope,
        after: Option<&After>,
        limit: u64,
    ) -> Result<Vec<ticket::Model>, StoreError> {
        let found = self.pieces(filter).await?;
        if found.is_nothing() {
            return Ok(Vec::new());
        }
        let steer = Steer::of(self.backend(), filter, &found);
        let mut query = ticket::Entity::find().filter(conditions(filter, &found, &steer));
        query = query.filter(within_by(scope, steer.column(ticket::Column::Branch)));
        if let Some(After { opened_at, code }) = after {
            query = query.filter(
                Condition::any().add(ticket::Column::OpenedAt.lt(*opened_at)).add(
                    Condition::all()
                        .add(ticket::Column::OpenedAt.eq(*opened_at))
                        .add(ticket::Column::Code.lt(code)),
                ),
            );
        }
        let query = query.order_by_desc(ticket::Column::OpenedAt).order_by_desc(ticket::Column::Code);
        Ok(query.limit(limit).all(self.reader()).await?)
    }

    /// A ticket, if it is within what the asker may see.
    pub async fn ticket_within(
        &self,
        code: &str,
        scope: &Scope,
    ) -> Result<Option<ticket::Model>, StoreError> {
        let Some(ticket) = self.ticket(code).await? else { return Ok(None) };
        if is_within(&ticket, scope) {
            return Ok(Some(ticket));
        }
        let Scope::Agency(agency) = scope else { return Ok(None) };
        // An agency also sees what it was asked to take.
        let asked = ticket_asked::Entity::find_by_id((code.to_owned(), agency.clone()));
        Ok(asked.one(&self.readers).await?.map(|_| ticket))
    }
}

/// The scope as a condition on tickets. Nothing is seen without one.
pub fn within(scope: &Scope) -> Condition {
    within_by(scope, Expr::col(ticket::Column::Branch))
}

fn within_by(scope: &Scope, branch: Expr) -> Condition {
    match scope {
        Scope::All => Condition::all(),
        Scope::Branches(branches) => Condition::all().add(branch.is_in(branches)),
        Scope::Agency(code) => {
            let mut asked = Query::select();
            asked.column(ticket_asked::Column::Ticket).from(ticket_asked::Entity);
            asked.and_where(ticket_asked::Column::Agency.eq(code));
            Condition::any()
                .add(ticket::Column::Agency.eq(code))
                .add(ticket::Column::Partner.eq(code))
                .add(ticket::Column::Code.in_subquery(asked))
        }
        Scope::Customer(code) => Condition::all().add(ticket::Column::Customer.eq(code)),
        Scope::Nothing => Condition::all().add(ticket::Column::Code.is_in(Vec::<String>::new())),
    }
}

/// The same for one that was read.
pub fn is_within(ticket: &ticket::Model, scope: &Scope) -> bool {
    match scope {
        Scope::All => true,
        Scope::Branches(branches) => branches.contains(&ticket.branch),
        Scope::Agency(code) => [&ticket.agency, &ticket.partner].contains(&&Some(code.clone())),
        Scope::Customer(code) => ticket.customer.as_ref() == Some(code),
        Scope::Nothing => false,
    }
}

fn conditions(filter: &TicketFilter, found: &Pieces, steer: &Steer) -> Condition {
    use ticket::Column;
    let mut all = found.condition(filter);
    let plain = |column: Column| steer.column(column);
    let equal = [
        (Column::Customer, &filter.customer),
        (Column::Device, &filter.device),
        (Column::ProductCategory, &filter.product_category),
        (Column::Product, &filter.product),
        (Column::Technician, &filter.technician),
        (Column::Shop, &filter.shop),
        (Column::Branch, &filter.branch),
        (Column::Process, &filter.process),
        (Column::Category, &filter.category),
    ];
    for (column, wanted) in equal {
        if let Some(wanted) = wanted {
            all = all.add(plain(column).eq(wanted));
        }
    }
    if !filter.processes.is_empty() {
        all = all.add(plain(Column::Process).is_in(&filter.processes));
    }
    if let Some(now) = filter.overdue_at {
        all = all.add(plain(Column::DueAt).lt(now)).add(plain(Column::Finished).eq(false));
    }
    if let Some(since) = filter.quiet_since {
        let mut said = Query::select();
        said.column(activity::Column::Id).from(activity::Entity);
        said.and_where(
            Expr::col((activity::Entity, activity::Column::Ticket)).equals((ticket::Entity, Column::Code)),
        );
        said.and_where(activity::Column::At.gte(since));
        all = all
            .add(plain(Column::UpdatedAt).lt(since))
            .add(plain(Column::Finished).eq(false))
            .add(Column::Category.is_null().or(Column::Category.is_not_in(SETTLED)))
            .add(Expr::exists(said).not());
    }
    if let Some(finished) = filter.finished {
        all = all.add(plain(Column::Finished).eq(finished));
    }
    all = all.add_option(filter.opened_from.map(|moment| Column::OpenedAt.gte(moment)));
    all = all.add_option(filter.opened_before.map(|moment| Column::OpenedAt.lt(moment)));
    all
}

impl Store {
    /// Name and first number of each of these customers.
    pub async fn customers_named(
        &self,
        codes: &[String],
    ) -> Result<BTreeMap<String, (String, Option<String>)>, StoreError> {
        let rows =
            customer::Entity::find().filter(customer::Column::Code.is_in(codes)).all(self.reader()).await?;
        let phones = customer_phone::Entity::find()
            .filter(customer_phone::Column::Customer.is_in(codes))
            .filter(customer_phone::Column::Position.eq(0))
            .all(self.reader())
            .await?;
        let mut first: BTreeMap<String, String> =
            phones.into_iter().map(|phone| (phone.customer, phone.number)).collect();
        Ok(rows
            .into_iter()
            .map(|row| {
                let phone = first.remove(&row.code);
                (row.code, (row.name, phone))
            })
            .collect())
    }

    /// Which of these open tickets have had no step since a moment, and nobody has said anything about.
    pub async fn quiet_of(
        &self,
        rows: &[ticket::Model],
        since: DateTime<Utc>,
    ) -> Result<BTreeSet<String>, StoreError> {
        let is_settled = |row: &ticket::Model| SETTLED.iter().any(|one| row.category.as_deref() == Some(one));
        let old = rows.iter().filter(|row| !row.finished && row.updated_at < since && !is_settled(row));
        let mut quiet: BTreeSet<String> = old.map(|row| row.code.clone()).collect();
        if !quiet.is_empty() {
            let said = activity::Entity::find()
                .select_only()
                .column(activity::Column::Ticket)
                .filter(activity::Column::Ticket.is_in(&quiet))
                .filter(activity::Column::At.gte(since))
                .distinct();
            for code in said.into_tuple::<String>().all(self.reader()).await? {
                quiet.remove(&code);
            }
        }
        Ok(quiet)
    }

    /// How many requests about a model, and about its whole category, each technician has brought to an end.
    pub async fn experience(&self, category: &str) -> Result<Vec<(String, Option<String>, i64)>, StoreError> {
        let query = ticket::Entity::find()
            .select_only()
            .columns([ticket::Column::Technician, ticket::Column::Product])
            .column_as(ticket::Column::Code.count(), "count")
            .filter(ticket::Column::ProductCategory.eq(category))
            .filter(ticket::Column::Finished.eq(true))
            .filter(ticket::Column::Technician.is_not_null())
            .group_by(ticket::Column::Technician)
            .group_by(ticket::Column::Product);
        Ok(query.into_tuple().all(self.reader()).await?)
    }

    /// What rules have decided about each of these tickets, as JSON.
    pub async fn decided_about(&self, codes: &[String]) -> Result<Vec<(String, String)>, StoreError> {
        let query = ticket::Entity::find()
            .select_only()
            .columns([ticket::Column::Code, ticket::Column::Decided])
            .filter(ticket::Column::Code.is_in(codes));
        Ok(query.into_tuple().all(self.reader()).await?)
    }

    /// Codes and revisions of the tickets that have changed since a moment.
    pub async fn changed_since(
        &self,
        since: DateTime<Utc>,
        most: u64,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let query = ticket::Entity::find()
            .select_only()
            .column(ticket::Column::Code)
            .column(ticket::Column::Revision)
            .filter(ticket::Column::UpdatedAt.gte(since))
            .order_by_desc(ticket::Column::UpdatedAt)
            .limit(most);
        Ok(query.into_tuple().all(self.reader()).await?)
    }

    /// What was sent, or is to be sent, for a ticket.
    pub async fn messages_of(&self, ticket: &str) -> Result<Vec<outbox::Model>, StoreError> {
        let query = outbox::Entity::find().filter(outbox::Column::Ticket.eq(ticket));
        Ok(query.order_by_asc(outbox::Column::Id).all(self.reader()).await?)
    }

    /// What rules decided for a ticket.
    pub async fn decisions_of(&self, ticket: &str) -> Result<Vec<decision::Model>, StoreError> {
        let query = decision::Entity::find().filter(decision::Column::Ticket.eq(ticket));
        let query = query.order_by_asc(decision::Column::Seq).order_by_asc(decision::Column::Source);
        Ok(query.all(self.reader()).await?)
    }
}
