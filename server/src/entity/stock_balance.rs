//! What a warehouse holds of a part, and its value: together the moving average.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_balance")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub warehouse: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: String,
    /// In thousandths; never negative.
    pub quantity: i64,
    /// Minor units; never negative.
    pub value: i64,
    /// Grows with each move.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
