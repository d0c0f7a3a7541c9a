//! A payment on its way through a provider.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_order")]
pub struct Model {
    /// Nobody can guess it: whoever has it may look at this payment and go on with it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Tracking code.
    pub ticket: String,
    /// Step that is taken when the money is there.
    pub event: String,
    /// JSON: the fields of its form that say what was paid.
    pub form: String,
    /// Name in the settings.
    pub provider: String,
    pub method: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    /// `new`, `sent`, `paid`, `failed`, `stranded`.
    pub status: String,
    /// The provider's name for it.
    pub reference: Option<String>,
    /// Where the payer is sent.
    pub url: Option<String>,
    /// The provider's name for the money that came.
    pub paid_reference: Option<String>,
    /// Why it failed or is stranded.
    pub message: Option<String>,
    /// Path on our own pages to which the payer comes back.
    pub return_to: Option<String>,
    /// In whose name the step is taken, with these roles (JSON).
    pub actor: String,
    pub roles: String,
    pub at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
