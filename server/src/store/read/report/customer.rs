//! What a customer has with us besides the ledger: papers, payments, devices.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::FromQueryResult;

use crate::store::{Store, StoreError};

/// A numbered document of one of the customer's tickets. Amounts are minor units.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Paper {
    pub number: String,
    pub series: String,
    pub ticket: String,
    pub gross: i64,
    pub rounding: i64,
    pub due_at: Option<DateTime<Utc>>,
    pub at: DateTime<Utc>,
}

/// Money received from the customer or paid back.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Paid {
    pub ticket: String,
    /// `in` or `out`.
    pub direction: String,
    pub amount: i64,
    pub method: String,
    pub reference: Option<String>,
    pub at: DateTime<Utc>,
}

/// A device of the customer with its last card.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Owned {
    pub serial: String,
    pub product: String,
    /// As it is kept: plain, or JSON by language.
    pub name: String,
    pub status: String,
    pub repairs: i64,
    pub card: Option<String>,
    pub guarantee_to: Option<NaiveDate>,
    pub warranty_to: Option<NaiveDate>,
    pub extended_to: Option<NaiveDate>,
}

impl Store {
    /// Documents with an amount, oldest first.
    pub async fn customer_papers(
        &self,
        customer: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Paper>, StoreError> {
        let sql = "SELECT d.number AS number, d.series AS series, d.ticket AS ticket, d.gross AS gross,
               d.rounding AS rounding, d.due_at AS due_at, d.at AS at FROM document d
             JOIN ticket t ON t.code = d.ticket
             WHERE t.customer = ? AND d.at >= ? AND d.at < ? AND d.gross <> 0 ORDER BY d.at, d.number";
        self.rows(sql, vec![customer.into(), from.into(), to.into()]).await
    }

    /// Payments, oldest first.
    pub async fn customer_payments(
        &self,
        customer: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Paid>, StoreError> {
        let sql =
            "SELECT p.ticket AS ticket, p.direction AS direction, p.amount AS amount, p.method AS method,
               p.reference AS reference, p.at AS at FROM payment p JOIN ticket t ON t.code = p.ticket
             WHERE t.customer = ? AND p.at >= ? AND p.at < ? ORDER BY p.at, p.source";
        self.rows(sql, vec![customer.into(), from.into(), to.into()]).await
    }

    /// Devices, by serial.
    pub async fn customer_devices(&self, customer: &str) -> Result<Vec<Owned>, StoreError> {
        let sql = "SELECT d.serial AS serial, d.product AS product, p.name AS name, d.status AS status,
               d.repairs AS repairs, c.number AS card, c.guarantee_to AS guarantee_to,
               c.warranty_to AS warranty_to, c.extended_to AS extended_to
             FROM device d JOIN product p ON p.code = d.product
             LEFT JOIN card c ON c.number = (SELECT max(own.number) FROM card own
               WHERE own.device = d.serial AND own.status <> 'void')
             WHERE d.owner = ? ORDER BY d.serial";
        self.rows(sql, vec![customer.into()]).await
    }
}
