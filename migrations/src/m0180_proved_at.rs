//! When the person of a session last gave the password: what is grave asks for it again.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::m0025_register_revision::counted;
use crate::trigger;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = timestamp_with_time_zone_null("proved_at");
        manager.alter_table(Table::alter().table("session").add_column(column).to_owned()).await?;
        // What servers keep of a session knows it too.
        let drop = "DROP TRIGGER session_counts_update";
        trigger::either(manager, drop, &format!("{drop} ON session")).await?;
        counted(manager, "session", "update", "UPDATE OF revoked_at, expires_at, proved_at").await
    }
}
