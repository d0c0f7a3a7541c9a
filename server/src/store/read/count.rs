//! Counting no further than matters.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Asterisk, Expr, Func, Query, SelectStatement};

use crate::store::{Store, StoreError};

impl Store {
    /// How many rows a question finds; no more than `most` are counted.
    pub(super) async fn count_up_to(&self, most: i64, mut found: SelectStatement) -> Result<i64, StoreError> {
        found.limit(u64::try_from(most).unwrap_or_default());
        let mut count = Query::select();
        count.expr_as(Func::count(Expr::col(Asterisk)), "count").from_subquery(found, "found");
        let row = self.reader().query_one(&count).await?;
        Ok(row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or(0))
    }
}
