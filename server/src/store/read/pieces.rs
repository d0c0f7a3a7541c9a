//! Parts of codes, names and numbers among millions: on SQLite the index of their pieces says which tickets and
//! customers can fit. The texts that it keeps are looked at all the same: it is quicker, and says no more than they do.

use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbBackend};

use super::search::TicketFilter;
use crate::entity::{customer, customer_phone, ticket};
use crate::store::registry::{contains, holds};
use crate::store::{Store, StoreError};

/// Fewest letters that the index knows a piece of.
const LETTERS: usize = 3;
/// Most that are looked at one by one. Of more, every so manieth ticket is one, and the newest have enough of them.
const FEW: u64 = 4000;

/// What the index says about one text.
enum Fit {
    /// Nothing: there was no question, the text is too short, or there is no index.
    Unknown,
    Nothing,
    /// These codes, a JSON array, and no others. The index is asked once: reading the texts takes longest.
    Few(String),
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

    async fn fit(
        &self,
        table: &'static str,
        of: &'static str,
        text: Option<&str>,
    ) -> Result<Fit, StoreError> {
        let text = text.map(str::trim).filter(|text| text.chars().count() >= LETTERS);
        let Some(text) = text.filter(|_| self.backend() == DbBackend::Sqlite) else {
            return Ok(Fit::Unknown);
        };
        let phrase = format!("\"{}\"", text.to_lowercase().replace('"', "\"\""));
        let fits = Expr::cust_with_values(format!("{table} MATCH ?"), [phrase]);
        let mut found = Query::select();
        found.column(of).from(table).and_where(fits).and_where(holds(Expr::col("text"), text)).limit(FEW + 1);
        let mut all = Query::select();
        all.expr_as(Func::count(Expr::col(Asterisk)), "count");
        all.expr_as(Func::cust("json_group_array").arg(Expr::col(of)), "codes").from_subquery(found, "found");
        let Some(row) = self.reader().query_one(&all).await? else { return Ok(Fit::Nothing) };
        let count: i64 = row.try_get("", "count")?;
        Ok(match u64::try_from(count).unwrap_or(FEW) {
            0 => Fit::Nothing,
            1..=FEW => Fit::Few(row.try_get("", "codes")?),
            _ => Fit::Many,
        })
    }
}

/// The codes of a JSON array.
fn among(codes: &str) -> SelectStatement {
    let mut all = Query::select();
    all.column("value").from_function(Func::cust("json_each").arg(codes), "codes");
    all
}

impl Pieces {
    /// Whether only a few tickets are left to be looked at.
    pub(super) fn is_narrow(&self) -> bool {
        [&self.code, &self.phone, &self.name].iter().any(|fit| matches!(fit, Fit::Few(_)))
    }

    /// Whether nothing can fit.
    pub(super) fn is_nothing(&self) -> bool {
        [&self.code, &self.phone, &self.name].iter().any(|fit| matches!(fit, Fit::Nothing))
    }

    /// What a ticket's code and its customer's numbers and name must be like.
    pub(super) fn condition(&self, filter: &TicketFilter) -> Condition {
        let mut all = Condition::all();
        if let Some(code) = &filter.code {
            all = all.add(match &self.code {
                Fit::Few(codes) => ticket::Column::Code.in_subquery(among(codes)),
                _ => contains(ticket::Column::Code, code),
            });
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
        Fit::Unknown | Fit::Nothing => Expr::col(customer).in_subquery(found),
        Fit::Few(owners) => Expr::col(customer).in_subquery(among(owners)),
        // Each of the newest tickets is asked about its own customer, until there are enough.
        Fit::Many => {
            found.and_where(Expr::col((table, owner)).equals(customer));
            // Compared, so that nobody makes a join of it that begins with the customers.
            Expr::exists(found).eq(true)
        }
    }
}
