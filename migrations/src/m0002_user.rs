//! People who sign in, what they may do, and their sessions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        user(manager).await?;
        user_role(manager).await?;
        session(manager).await?;
        Ok(())
    }
}

/// A person or program that signs in.
async fn user(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("user")
        .col(text("name").primary_key())
        .col(text("full_name"))
        .col(text_null("email"))
        .col(text_null("phone"))
        .col(text("language"))
        .col(text_null("password"))
        .col(text_null("branch"))
        .col(text_null("agency"))
        .col(text_null("customer"))
        .col(text_null("kind"))
        .col(boolean("active"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(big_integer("version"));
    manager.create_table(table).await?;
    index::add(manager, "user", &["agency"]).await?;
    index::add(manager, "user", &["branch"]).await?;
    Ok(())
}

/// A role that a user has, in one branch or (empty) in all of the user's.
async fn user_role(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("user_role")
        .col(text("user_name"))
        .col(text("role"))
        .col(text("branch"))
        .primary_key(Index::create().col("user_name").col("role").col("branch"))
        .foreign_key(ForeignKey::create().from("user_role", "user_name").to("user", "name"));
    manager.create_table(table).await?;
    index::add(manager, "user_role", &["role"]).await?;
    Ok(())
}

/// A signed-in session or an API token; only the hash of the secret is kept.
async fn session(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("session")
        .col(text("token_hash").primary_key())
        .col(text("user_name"))
        .col(text("kind"))
        .col(text_null("label"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("seen_at"))
        .col(timestamp_with_time_zone_null("expires_at"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .foreign_key(ForeignKey::create().from("session", "user_name").to("user", "name"));
    manager.create_table(table).await?;
    index::add(manager, "session", &["user_name"]).await?;
    Ok(())
}
