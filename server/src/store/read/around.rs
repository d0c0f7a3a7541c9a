//! What a step looks up around its ticket, all at once.

use super::subject::Subject;
use crate::entity::{charge_line, payment, stock_balance};
use crate::store::{Store, StoreError};

/// What is asked; what is empty is not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    pub serial: Option<&'a str>,
    /// Accounts on which something is set aside for the device's model.
    pub provisions: &'a [String],
    /// The ticket whose charge lines are wanted.
    pub lines: Option<&'a str>,
    /// The ticket whose last payment is wanted.
    pub payment: Option<&'a str>,
    /// Parts whose balance in the warehouse is wanted.
    pub parts: &'a [String],
    pub warehouse: Option<&'a str>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Around {
    pub subject: Option<Subject>,
    /// Minor units.
    pub provision: Option<i64>,
    pub lines: Vec<charge_line::Model>,
    pub payment: Option<payment::Model>,
    pub balances: Vec<stock_balance::Model>,
}

impl Store {
    pub async fn around(&self, asked: Asked<'_>) -> Result<Around, StoreError> {
        let (subject, provision, lines, payment, balances) = tokio::try_join!(
            async {
                match asked.serial {
                    Some(serial) => self.subject(serial).await,
                    None => Ok(None),
                }
            },
            async {
                match asked.serial.filter(|_| !asked.provisions.is_empty()) {
                    Some(serial) => self.set_aside_for_model_of(serial, asked.provisions).await.map(Some),
                    None => Ok(None),
                }
            },
            async {
                match asked.lines {
                    Some(ticket) => self.charge_lines(ticket).await,
                    None => Ok(Vec::new()),
                }
            },
            async {
                match asked.payment {
                    Some(ticket) => Ok(self.near.one(LAST_PAYMENT, [ticket.into()]).await?),
                    None => Ok(None),
                }
            },
            self.balances(asked.warehouse, asked.parts),
        )?;
        Ok(Around { subject, provision, lines, payment, balances })
    }

    /// What a warehouse holds of these parts.
    pub(super) async fn balances(
        &self,
        warehouse: Option<&str>,
        parts: &[String],
    ) -> Result<Vec<stock_balance::Model>, StoreError> {
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        let which = format!("WHERE warehouse = ? AND part IN ({})", vec!["?"; parts.len()].join(", "));
        let values = parts.iter().map(|part| part.as_str().into());
        let values = std::iter::once(warehouse.unwrap_or_default().into()).chain(values);
        Ok(self.near.rows(&which, values).await?)
    }
}

/// A ticket's charge lines, in order.
pub(super) const LINES: &str = "WHERE ticket = ? ORDER BY line";
const LAST_PAYMENT: &str = "WHERE ticket = ? ORDER BY seq DESC, source DESC LIMIT 1";
