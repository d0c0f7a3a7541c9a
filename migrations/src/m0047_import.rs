//! Files that came into the registers.

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
            .table("import")
            .col(big_pk_auto("id"))
            .col(text("register"))
            .col(text("file"))
            .col(text("hash"))
            .col(big_integer("lines"))
            .col(big_integer("added"))
            .col(big_integer("changed"))
            .col(text("actor"))
            .col(timestamp_with_time_zone("at"));
        manager.create_table(table).await?;
        index::add(manager, "import", &["register"]).await?;
        trigger::refuse(manager, "import", &["update", "delete"], "what came in stays told").await
    }
}
