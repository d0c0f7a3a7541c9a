//! How balances of provisions and deferrals moved, told apart by what stands on the other side.

use aftercare_engine::ledger::DetailKind;
use sea_orm::FromQueryResult;

use super::super::balances::detail;
use super::{Span, among};
use crate::store::{Store, StoreError};

/// Movements of one detail of one kind, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Moved {
    pub code: Option<String>,
    /// `opening`; `against` the named accounts; `inside` the accounts themselves; `other`.
    pub class: String,
    pub debit: i64,
    pub credit: i64,
}

impl Store {
    /// Movements on accounts, by a detail, and by whether their vouchers' other side has one of `against`.
    pub async fn moved(
        &self,
        span: &Span,
        by: DetailKind,
        accounts: &[String],
        against: &[String],
    ) -> Result<Vec<Moved>, StoreError> {
        let code = detail(self.backend(), by.word());
        let (condition, more) = span.up_to();
        let (own, codes) = among("l.account", accounts);
        let (named, names) = among("o.account", against);
        let (inside, insides) = among("o.account", accounts);
        let opposite =
            "SELECT 1 FROM voucher_line o WHERE o.voucher = l.voucher AND (o.debit = 0) <> (l.debit = 0)";
        let sql = format!(
            "SELECT m.code AS code, m.class AS class, CAST(sum(m.debit) AS BIGINT) AS debit,
               CAST(sum(m.credit) AS BIGINT) AS credit
             FROM (SELECT {code} AS code, l.debit AS debit, l.credit AS credit,
               CASE WHEN l.date < ? THEN 'opening'
                 WHEN EXISTS ({opposite} AND {named}) THEN 'against'
                 WHEN NOT EXISTS ({opposite} AND NOT ({inside})) THEN 'inside'
                 ELSE 'other' END AS class
               FROM voucher_line l WHERE {condition} AND {own}) AS m
             GROUP BY m.code, m.class ORDER BY m.code, m.class"
        );
        self.rows(&sql, [vec![span.from.into()], names, insides, more, codes].concat()).await
    }
}
