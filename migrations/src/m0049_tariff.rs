//! Prices of services that hold from a day on.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::{index, trigger};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("tariff")
            .col(text("code").primary_key())
            .col(text("service"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .col(big_integer("price"))
            .col(text_null("search_key"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(big_integer("version"))
            .foreign_key(ForeignKey::create().from("tariff", "service").to("service", "code"));
        manager.create_table(table).await?;
        index::add(manager, "tariff", &["service", "valid_from"]).await?;
        // Servers keep prices in memory until this number moves.
        for verb in ["INSERT", "UPDATE", "DELETE"] {
            let name = verb.to_lowercase();
            trigger::either(
                manager,
                &format!(
                    "CREATE TRIGGER tariff_counts_{name} AFTER {verb} ON tariff
                     BEGIN UPDATE register_revision SET revision = revision + 1; END"
                ),
                &format!(
                    "CREATE TRIGGER tariff_counts_{name} AFTER {verb} ON tariff
                     FOR EACH STATEMENT EXECUTE FUNCTION move_register_revision()"
                ),
            )
            .await?;
        }
        Ok(())
    }
}
