//! By which index tickets are looked for. SQLite knows nothing of how many tickets fit a filter and takes any index that
//! could serve; here the filter that leaves the fewest is named, and the others are asked of what it finds: there is no
//! index of an expression. PostgreSQL counts for itself.

use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend};

use super::pieces::Pieces;
use super::search::TicketFilter;
use crate::entity::ticket;
use crate::entity::ticket::Column;
use crate::store::{Store, StoreError};

/// So many are counted. Of more, the newest that fit the other filters as well are soon found.
const COUNTED: u64 = 5000;

/// The columns whose indexes may be used; none: any.
pub(super) struct Steer(Option<Vec<Column>>);

impl Steer {
    pub(super) async fn of(store: &Store, filter: &TicketFilter, found: &Pieces) -> Result<Self, StoreError> {
        if store.backend() != DbBackend::Sqlite {
            return Ok(Self(None));
        }
        if found.is_narrow() {
            return Ok(Self(Some(Vec::new())));
        }
        // These have few in any case.
        let own = [(&filter.customer, Column::Customer), (&filter.device, Column::Device)];
        if let Some((_, column)) = own.into_iter().find(|(wanted, _)| wanted.is_some()) {
            return Ok(Self(Some(vec![column])));
        }
        let ways = ways(filter);
        let mut best: Option<(i64, &Vec<Column>)> = None;
        for (fits, columns) in &ways {
            // What is alone needs no count.
            let found =
                Query::select().expr(Expr::val(1)).from(ticket::Entity).and_where(fits.clone()).take();
            let count = if ways.len() == 1 { 0 } else { count(store, found).await? };
            if best.is_none_or(|(least, _)| count < least) {
                best = Some((count, columns));
            }
        }
        Ok(Self(best.map(|(_, columns)| columns.clone())))
    }

    /// A column to compare.
    pub(super) fn column(&self, column: Column) -> Expr {
        match &self.0 {
            Some(columns) if !columns.iter().any(|one| *one as usize == column as usize) => {
                Func::coalesce([Expr::col(column), Expr::col(column)]).into()
            }
            _ => Expr::col(column),
        }
    }
}

/// How many rows a question finds, as far as they are counted.
async fn count(store: &Store, mut found: SelectStatement) -> Result<i64, StoreError> {
    found.limit(COUNTED);
    let mut count = Query::select();
    count.expr_as(Func::count(Expr::col(Asterisk)), "count").from_subquery(found, "found");
    let row = store.reader().query_one(&count).await?;
    Ok(row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or(0))
}

/// What the filter can be looked up by, with the column of the board where an index has both. Of equal ones the first is
/// taken.
fn ways(filter: &TicketFilter) -> Vec<(Expr, Vec<Column>)> {
    let by = |column: Column, wanted: &Option<String>, columns: &[Column]| {
        wanted.as_ref().map(|wanted| (Expr::col(column).eq(wanted.as_str()), [&[column], columns].concat()))
    };
    let within = &[Column::Category];
    let is_pressing = filter.overdue_at.is_some() || filter.quiet_since.is_some();
    let pressing = (Expr::col(Column::Finished).eq(false), vec![Column::Finished]);
    let ways = [
        is_pressing.then_some(pressing),
        by(Column::Technician, &filter.technician, within),
        by(Column::Product, &filter.product, &[]),
        by(Column::ProductCategory, &filter.product_category, within),
        by(Column::Process, &filter.process, within),
        by(Column::Shop, &filter.shop, within),
        by(Column::Branch, &filter.branch, within),
    ];
    ways.into_iter().flatten().collect()
}
