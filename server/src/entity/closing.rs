//! Until which day the books are closed; the newest row holds.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "closing")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Last closed day.
    pub up_to: NaiveDate,
    pub reason: String,
    pub actor: String,
    pub at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
