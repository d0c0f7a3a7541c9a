//! What the codes of details are called, for reports.

use std::collections::BTreeMap;

use aftercare_engine::ledger::DetailKind;
use sea_orm::{ConnectionTrait, Value};

use crate::store::table::statement;
use crate::store::{Store, StoreError};

/// Codes asked for in one statement.
const CHUNK: usize = 500;

impl Store {
    /// Names by code, as they are kept: plain, or JSON by language. Who has none is left out.
    pub async fn detail_names(
        &self,
        kind: DetailKind,
        codes: &[&str],
    ) -> Result<BTreeMap<String, String>, StoreError> {
        match select(kind) {
            Some(select) => self.names_in(select, codes).await,
            None => Ok(BTreeMap::new()),
        }
    }

    /// The same for categories of products.
    pub async fn category_names(&self, codes: &[&str]) -> Result<BTreeMap<String, String>, StoreError> {
        self.names_in("SELECT code, name FROM product_category", codes).await
    }

    /// The brands of the products.
    pub async fn brands(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT brand FROM product WHERE brand IS NOT NULL";
        let rows = self.reader().query_all_raw(statement(self.backend(), sql, [])).await?;
        Ok(rows.iter().map(|row| row.try_get("", "brand")).collect::<Result<_, _>>()?)
    }

    async fn names_in(&self, select: &str, codes: &[&str]) -> Result<BTreeMap<String, String>, StoreError> {
        let mut names = BTreeMap::new();
        for some in codes.chunks(CHUNK) {
            let marks = vec!["?"; some.len()].join(", ");
            let sql = format!("SELECT code, name FROM ({select}) AS named WHERE code IN ({marks})");
            let values = some.iter().map(|code| Value::from(*code));
            for row in self.reader().query_all_raw(statement(self.backend(), &sql, values)).await? {
                names.insert(row.try_get("", "code")?, row.try_get("", "name")?);
            }
        }
        Ok(names)
    }
}

fn select(kind: DetailKind) -> Option<&'static str> {
    match kind {
        DetailKind::Customer => Some("SELECT code, name FROM customer"),
        DetailKind::Agency | DetailKind::Partner => Some("SELECT code, name FROM agency"),
        DetailKind::Technician => Some("SELECT name AS code, full_name AS name FROM \"user\""),
        DetailKind::Warehouse => Some("SELECT code, name FROM warehouse"),
        // A part that is supplied under warranty has a provision of its own.
        DetailKind::Product => Some("SELECT code, name FROM part UNION SELECT code, name FROM product"),
        DetailKind::CostCenter => Some("SELECT code, name FROM branch"),
        // Tickets, which are called by their codes.
        DetailKind::Case | DetailKind::Contract => None,
    }
}
