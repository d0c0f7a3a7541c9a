//! One number that every change of a register moves on, so that what was read from them may be kept until then.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::trigger;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Tables whose rows servers keep in memory, and the changes of them that count.
const KEPT: &[(&str, &str)] = &[
    ("branch", "UPDATE"),
    ("warehouse", "UPDATE"),
    ("user", "UPDATE"),
    ("user_role", "UPDATE"),
    ("session", "UPDATE OF revoked_at, expires_at"),
    ("customer", "UPDATE"),
    ("customer_phone", "UPDATE"),
    ("product", "UPDATE"),
    ("policy", "UPDATE"),
    ("agency", "UPDATE"),
    ("part", "UPDATE"),
    ("service", "UPDATE"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table
            .table("register_revision")
            .col(big_integer("one").primary_key().check(Expr::col("one").eq(1)))
            .col(big_integer("revision"));
        manager.create_table(table).await?;
        manager.get_connection().execute_unprepared("INSERT INTO register_revision VALUES (1, 0)").await?;
        trigger::either(
            manager,
            "",
            "CREATE FUNCTION move_register_revision() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN UPDATE register_revision SET revision = revision + 1; RETURN NULL; END $$",
        )
        .await?;
        for (table, update) in KEPT {
            for (name, verb) in [("insert", "INSERT"), ("update", *update), ("delete", "DELETE")] {
                // A new sign-in changes nothing that anybody has read.
                if *table != "session" || name != "insert" {
                    counted(manager, table, name, verb).await?;
                }
            }
        }
        Ok(())
    }
}

pub async fn counted(manager: &SchemaManager<'_>, table: &str, name: &str, verb: &str) -> Result<(), DbErr> {
    trigger::either(
        manager,
        &format!(
            "CREATE TRIGGER {table}_counts_{name} AFTER {verb} ON \"{table}\"
             BEGIN UPDATE register_revision SET revision = revision + 1; END"
        ),
        &format!(
            "CREATE TRIGGER {table}_counts_{name} AFTER {verb} ON \"{table}\"
             FOR EACH STATEMENT EXECUTE FUNCTION move_register_revision()"
        ),
    )
    .await
}
