//! What a seal covers: how far a ticket's history went, or a final voucher.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "history_seal_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seal: i64,
    /// `ticket CODE` or `voucher REFERENCE`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// Step of the ticket; of a voucher its number.
    pub revision: i64,
    /// Hash of that step, or of the voucher with its lines.
    pub head: String,
}

impl ActiveModelBehavior for ActiveModel {}
