//! Tickets by everything that people search by, newest first, within what the asker may see.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement, WindowStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::pieces::Pieces;
use super::steer::Steer;
use crate::auth::Scope;
use crate::entity::ticket::Column;
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

/// What is looked for, with what the database was asked about it beforehand.
struct Search<'a> {
    filter: &'a TicketFilter,
    scope: &'a Scope,
    found: Pieces,
    steer: Steer,
}

impl Search<'_> {
    /// The codes of the tickets that fit. Only they are put in order and counted off; then these are read: whole
    /// tickets are long.
    fn codes(&self) -> SelectStatement {
        let mut codes = Query::select();
        codes.column(Column::Code).from(ticket::Entity);
        codes.cond_where(conditions(self.filter, &self.found, &self.steer));
        codes.cond_where(within_by(self.scope, self.steer.column(Column::Branch)));
        codes
    }
}

fn newest_first(query: &mut SelectStatement) -> &mut SelectStatement {
    query.order_by(Column::OpenedAt, Order::Desc).order_by(Column::Code, Order::Desc)
}

impl Store {
    async fn search<'a>(&self, filter: &'a TicketFilter, scope: &'a Scope) -> Result<Search<'a>, StoreError> {
        let found = self.pieces(filter).await?;
        let steer = Steer::of(self, filter, &found).await?;
        Ok(Search { filter, scope, found, steer })
    }

    /// Tickets that fit, newest first, after a place in the list.
    pub async fn tickets(
        &self,
        filter: &TicketFilter,
        scope: &Scope,
        after: Option<&After>,
        limit: u64,
    ) -> Result<Vec<ticket::Model>, StoreError> {
        let search = self.search(filter, scope).await?;
        if search.found.is_nothing() {
            return Ok(Vec::new());
        }
        let mut codes = search.codes();
        if let Some(After { opened_at, code }) = after {
            let same = Column::OpenedAt.eq(*opened_at).and(Column::Code.lt(code));
            codes.and_where(Column::OpenedAt.lt(*opened_at).or(same));
        }
        newest_first(&mut codes).limit(limit);
        self.named(codes).await
    }

    /// The newest tickets of each of these categories, as many of each.
    pub async fn tickets_by_category(
        &self,
        filter: &TicketFilter,
        scope: &Scope,
        categories: &[&str],
        limit: u64,
    ) -> Result<Vec<ticket::Model>, StoreError> {
        let search = self.search(filter, scope).await?;
        if search.found.is_nothing() {
            return Ok(Vec::new());
        }
        let category = search.steer.column(Column::Category);
        if search.found.is_narrow() {
            return self.named(each(search.codes(), category, categories, limit)).await;
        }
        // Each has its own place in the index, where its newest stand first.
        let mut all = Vec::new();
        for one in categories {
            let mut codes = search.codes();
            newest_first(codes.and_where(category.clone().eq(*one))).limit(limit);
            all.extend(self.named(codes).await?);
        }
        Ok(all)
    }

    /// The tickets whose codes a question finds, newest first.
    async fn named(&self, codes: SelectStatement) -> Result<Vec<ticket::Model>, StoreError> {
        let query = ticket::Entity::find().filter(Column::Code.in_subquery(codes));
        let query = query.order_by_desc(Column::OpenedAt).order_by_desc(Column::Code);
        Ok(query.all(self.reader()).await?)
    }
}

/// The newest codes of each category, all of them looked through once.
fn each(mut codes: SelectStatement, category: Expr, categories: &[&str], limit: u64) -> SelectStatement {
    let (place, placed) = ("place", "placed");
    let mut order = WindowStatement::partition_by(Column::Category);
    order.order_by(Column::OpenedAt, Order::Desc).order_by(Column::Code, Order::Desc);
    codes.expr_window_as(Func::cust("row_number"), order, place);
    codes.and_where(category.is_in(categories.iter().copied()));
    let mut newest = Query::select();
    newest.column(Column::Code).from_subquery(codes, placed);
    newest.and_where(Expr::col(place).lte(i64::try_from(limit).unwrap_or(i64::MAX)));
    newest
}

impl Store {
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
    within_by(scope, Expr::col(Column::Branch))
}

/// The scope as a condition on rows that hang on tickets, by the column that names theirs. Each row asks about its own
/// ticket: a scope can hold a million.
pub fn hangs_within(scope: &Scope, names: impl ColumnTrait) -> Condition {
    match scope {
        Scope::All => Condition::all(),
        scope => {
            Condition::all().add(is_one_of(within(scope), Column::Code, Expr::col(names.as_column_ref())))
        }
    }
}

/// Whether a ticket that fits has this value in this column.
pub fn is_one_of(fits: Condition, column: Column, value: Expr) -> Expr {
    let mut own = Query::select();
    own.expr(Expr::val(1)).from(ticket::Entity).and_where(Expr::col((ticket::Entity, column)).eq(value));
    // Compared, so that nobody makes a join of it that begins with the tickets.
    Expr::exists(own.cond_where(fits).take()).eq(true)
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
                .add(Column::Agency.eq(code))
                .add(Column::Partner.eq(code))
                .add(Column::Code.in_subquery(asked))
        }
        Scope::Customer(code) => Condition::all().add(Column::Customer.eq(code)),
        Scope::Nothing => Condition::all().add(Column::Code.is_in(Vec::<String>::new())),
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
            .columns([Column::Technician, Column::Product])
            .column_as(Column::Code.count(), "count")
            .filter(Column::ProductCategory.eq(category))
            .filter(Column::Finished.eq(true))
            .filter(Column::Technician.is_not_null())
            .group_by(Column::Technician)
            .group_by(Column::Product);
        Ok(query.into_tuple().all(self.reader()).await?)
    }

    /// What rules have decided about each of these tickets, as JSON.
    pub async fn decided_about(&self, codes: &[String]) -> Result<Vec<(String, String)>, StoreError> {
        let query = ticket::Entity::find()
            .select_only()
            .columns([Column::Code, Column::Decided])
            .filter(Column::Code.is_in(codes));
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
            .column(Column::Code)
            .column(Column::Revision)
            .filter(Column::UpdatedAt.gte(since))
            .order_by_desc(Column::UpdatedAt)
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
