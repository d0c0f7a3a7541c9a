//! What is kept of accounts and products against the lines that it is the sum of.

use sea_orm::FromQueryResult;

use crate::store::read::balances::detail;
use crate::store::{Store, StoreError};

/// What is kept of an account and product and what its lines come to, in minor units: credits less debits.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ProductDifference {
    pub account: String,
    pub product: String,
    pub balance: i64,
    pub posted: i64,
}

impl Store {
    /// Balances of products that are not the sum of their lines.
    pub async fn unsound_product_balances(&self) -> Result<Vec<ProductDifference>, StoreError> {
        let product = detail(self.backend(), "product");
        let sql = format!(
            "SELECT account, product, CAST(sum(balance) AS BIGINT) AS balance, CAST(sum(posted) AS BIGINT) AS posted
             FROM (
               SELECT account, product, balance, 0 AS posted FROM product_balance
               UNION ALL SELECT l.account, {product}, 0, l.credit - l.debit FROM voucher_line l
                 WHERE {product} IS NOT NULL
             ) AS both_sides GROUP BY account, product HAVING sum(balance) <> sum(posted) ORDER BY account, product"
        );
        self.found(&sql, []).await
    }
}
