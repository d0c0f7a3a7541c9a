//! By which index tickets are looked for. SQLite knows nothing of how many tickets fit a filter and takes any index that
//! could serve; here the filter that leaves the fewest is named, and the others are asked of what it finds: there is no
//! index of an expression. PostgreSQL counts for itself.

use sea_orm::DbBackend;
use sea_orm::sea_query::{Expr, Func};

use super::pieces::Pieces;
use super::search::TicketFilter;
use crate::entity::ticket::Column;

/// The columns whose indexes may be used; none: any.
pub(super) struct Steer(Option<Vec<Column>>);

impl Steer {
    pub(super) fn of(backend: DbBackend, filter: &TicketFilter, found: &Pieces) -> Self {
        if backend != DbBackend::Sqlite {
            return Self(None);
        }
        // The fewest first; with the column of the board where an index has both.
        let is_pressing = filter.overdue_at.is_some() || filter.quiet_since.is_some();
        let ways: [(bool, &[Column]); 10] = [
            (found.is_narrow(), &[]),
            (filter.customer.is_some(), &[Column::Customer]),
            (filter.device.is_some(), &[Column::Device]),
            (filter.technician.is_some(), &[Column::Technician, Column::Category]),
            (is_pressing, &[Column::Finished]),
            (filter.product.is_some(), &[Column::Product]),
            (filter.product_category.is_some(), &[Column::ProductCategory, Column::Category]),
            (filter.process.is_some(), &[Column::Process, Column::Category]),
            (filter.shop.is_some(), &[Column::Shop, Column::Category]),
            (filter.branch.is_some(), &[Column::Branch, Column::Category]),
        ];
        Self(ways.into_iter().find(|(is_given, _)| *is_given).map(|(_, columns)| columns.to_vec()))
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
