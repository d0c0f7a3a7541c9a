//! A set of definition files that checked clean.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bundle")]
pub struct Model {
    /// SHA-256 over paths and contents.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub deployed_at: DateTime<Utc>,
    pub deployed_by: String,
    pub label: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
