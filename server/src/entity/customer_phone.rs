//! A telephone number of a customer.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_phone")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer: String,
    /// As it is matched: with country code, digits only.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digits: String,
    /// As it was given.
    pub number: String,
    /// 0 is the first.
    pub position: i64,
}

impl ActiveModelBehavior for ActiveModel {}
