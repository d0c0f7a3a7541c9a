//! A device with everything that hangs on it.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, IdenStatic, Iterable,
    QueryFilter, QueryResult, Statement,
};

use crate::entity::{card, device, fitted_part, policy, product};
use crate::store::table::placeholder;
use crate::store::{Store, StoreError};

/// A device, its model and policy, its newest card that is not void, and the parts fitted in it.
#[derive(Clone, Debug)]
pub struct Subject {
    pub device: device::Model,
    pub product: Option<product::Model>,
    pub policy: Option<policy::Model>,
    pub card: Option<card::Model>,
    pub fitted: Vec<fitted_part::Model>,
}

impl Store {
    /// The device with this serial; a component's serial finds the device it is fitted in.
    pub async fn subject(&self, serial: &str) -> Result<Option<Subject>, StoreError> {
        if let Some(subject) = self.own_subject(serial).await? {
            return Ok(Some(subject));
        }
        let component = fitted_part::Entity::find()
            .filter(fitted_part::Column::Serial.eq(serial))
            .filter(fitted_part::Column::RemovedOn.is_null())
            .one(&self.readers)
            .await?;
        match component {
            Some(component) => self.own_subject(&component.device).await,
            None => Ok(None),
        }
    }

    async fn own_subject(&self, serial: &str) -> Result<Option<Subject>, StoreError> {
        let rows = self.readers.query_all_raw(subject_question(self.backend(), serial)).await?;
        self.subject_in(&rows).await
    }

    /// The device in the answer to [`subject_question`].
    pub(super) async fn subject_in(&self, rows: &[QueryResult]) -> Result<Option<Subject>, StoreError> {
        let Some(first) = rows.first() else { return Ok(None) };
        let device = device::Model::from_query_result(first, DEVICE)?;
        let (mut cards, mut fitted) = (Vec::<card::Model>::new(), BTreeMap::new());
        for row in rows {
            if let Some(card) = card::Model::from_query_result_optional(row, CARD)?
                && cards.iter().all(|known| known.number != card.number)
            {
                cards.push(card);
            }
            if let Some(part) = fitted_part::Model::from_query_result_optional(row, FITTED)? {
                fitted.insert(part.id, part);
            }
        }
        let (product, policy) = self.model(&device.product).await?;
        // A void card counts only when there is no other.
        let valid = cards.iter().position(|card| card.status != "void").unwrap_or(0);
        let card = (!cards.is_empty()).then(|| cards.swap_remove(valid));
        Ok(Some(Subject { device, product, policy, card, fitted: fitted.into_values().collect() }))
    }

    /// A model and its policy.
    pub async fn model(&self, code: &str) -> Result<(Option<product::Model>, Option<policy::Model>), DbErr> {
        let product =
            self.kept("product", code, product::Entity::find_by_id(code).one(&self.readers)).await?;
        let policy = match product.as_ref().and_then(|product| product.policy.as_deref()) {
            Some(code) => {
                self.kept("policy", code, policy::Entity::find_by_id(code).one(&self.readers)).await?
            }
            None => None,
        };
        Ok((product, policy))
    }
}

/// Before the columns of each table in the answer.
const DEVICE: &str = "d_";
const CARD: &str = "c_";
const FITTED: &str = "f_";

/// A device with its cards, the newest first, and its fitted parts: one round trip instead of three.
pub(super) fn subject_question(backend: DbBackend, serial: &str) -> Statement {
    Statement::from_sql_and_values(backend, subject_sql(backend), [serial.into()])
}

fn subject_sql(backend: DbBackend) -> String {
    let columns = columns::<device::Column>(DEVICE)
        .chain(columns::<card::Column>(CARD))
        .chain(columns::<fitted_part::Column>(FITTED));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let mut sql = format!(
        "SELECT {columns} FROM device AS d_ LEFT JOIN card AS c_ ON c_.device = d_.serial \
         LEFT JOIN fitted_part AS f_ ON f_.device = d_.serial AND f_.removed_on IS NULL \
         WHERE d_.serial = "
    );
    placeholder(&mut sql, backend, 1);
    sql.push_str(" ORDER BY c_.issued_on DESC, c_.number DESC");
    sql
}

fn columns<C: Iterable + IdenStatic>(table: &'static str) -> impl Iterator<Item = String> {
    C::iter().map(move |column| format!("{table}.\"{0}\" AS \"{table}{0}\"", column.as_str()))
}
