//! Parts of codes, names and numbers among millions: on SQLite the index of their pieces says which tickets and
//! customers can fit. What it names is looked at all the same, so that it can only be quicker, never wrong.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbBackend, Statement};

use super::search::TicketFilter;
use crate::entity::{customer, customer_phone, ticket};
use crate::store::registry::contains;
use crate::store::{Store, StoreError};

/// Fewest letters that the index knows a piece of.
const LETTERS: usize = 3;
/// Most that are named one by one. Of more, every so manieth ticket is one, and the newest have enough of them.
const FEW: usize = 2000;

/// What the index says about one text.
enum Fit {
    /// Nothing: there was no question, the text is too short, or there is no index.
    Unknown,
    /// These and no others.
    Few(Vec<String>),
    Many,
}

/// What it says about a filter.
pub(super) struct Pieces {
    code: Fit,
    phone: Fit,
    name: Fit,
}

impl Store {
    /// Asks the index about each text of a filter.
    pub(super) async fn pieces(&self, filter: &TicketFilter) -> Result<Pieces, StoreError> {
        Ok(Pieces {
            code: self.fit("ticket_code_piece", "text", filter.code.as_deref()).await?,
            phone: self.fit("customer_phone_piece", "owner", filter.phone.as_deref()).await?,
            name: self.fit("customer_name_piece", "owner", filter.name.as_deref()).await?,
        })
    }

    async fn fit(&self, table: &str, of: &str, text: Option<&str>) -> Result<Fit, StoreError> {
        let text = text.map(str::trim).filter(|text| text.chars().count() >= LETTERS);
        let Some(text) = text.filter(|_| self.backend() == DbBackend::Sqlite) else {
            return Ok(Fit::Unknown);
        };
        let phrase = format!("\"{}\"", text.to_lowercase().replace('"', "\"\""));
        let sql = format!("SELECT {of} FROM {table} WHERE {table} MATCH ? LIMIT {}", FEW + 1);
        let rows = self
            .reader()
            .query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, [phrase.into()]))
            .await?;
        if rows.len() > FEW {
            return Ok(Fit::Many);
        }
        let named = rows.iter().map(|row| row.try_get("", of)).collect::<Result<_, _>>()?;
        Ok(Fit::Few(named))
    }
}

impl Pieces {
    /// Whether only a few tickets are left to be looked at.
    pub(super) fn is_narrow(&self) -> bool {
        [&self.code, &self.phone, &self.name].iter().any(|fit| matches!(fit, Fit::Few(_)))
    }

    /// Whether nothing can fit.
    pub(super) fn is_nothing(&self) -> bool {
        let is_none = |fit: &&Fit| matches!(fit, Fit::Few(named) if named.is_empty());
        [&self.code, &self.phone, &self.name].iter().any(is_none)
    }

    /// What a ticket's code and its customer's numbers and name must be like.
    pub(super) fn condition(&self, filter: &TicketFilter) -> Condition {
        let mut all = Condition::all();
        if let Some(code) = &filter.code {
            all = all.add(contains(ticket::Column::Code, code));
            if let Fit::Few(codes) = &self.code {
                all = all.add(ticket::Column::Code.is_in(codes));
            }
        }
        if let Some(phone) = &filter.phone {
            let (owner, digits) = (customer_phone::Column::Customer, customer_phone::Column::Digits);
            all = all.add(customers(&self.phone, customer_phone::Entity, owner, contains(digits, phone)));
        }
        if let Some(name) = &filter.name {
            let (code, key) = (customer::Column::Code, customer::Column::NameKey);
            all = all.add(customers(&self.name, customer::Entity, code, contains(key, name)));
        }
        all
    }
}

/// Tickets of the customers for whom a table has a fitting row.
fn customers<E>(fit: &Fit, table: E, owner: E::Column, fits: Expr) -> Expr
where
    E: sea_orm::EntityTrait,
{
    let mut found = Query::select();
    found.column(owner).from(table).and_where(fits);
    let customer = (ticket::Entity, ticket::Column::Customer);
    match fit {
        Fit::Unknown => Expr::col(customer).in_subquery(found),
        Fit::Few(codes) => {
            found.and_where(owner.is_in(codes));
            Expr::col(customer).in_subquery(found)
        }
        // Each of the newest tickets is asked about its own customer, until there are enough.
        Fit::Many => {
            found.and_where(Expr::col((table, owner)).equals(customer));
            // Compared, so that nobody makes a join of it that begins with the customers.
            Expr::exists(found).eq(true)
        }
    }
}
