//! Triggers that refuse, in the two dialects.
//!
//! They hold for every program that opens the database. Whoever may drop triggers can still do harm: that is
//! what the hash chain and `aftercare verify` are for.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// Runs one text per dialect.
pub async fn either(manager: &SchemaManager<'_>, sqlite: &str, postgres: &str) -> Result<(), DbErr> {
    let sql = match manager.get_database_backend() {
        DbBackend::Sqlite => sqlite,
        _ => postgres,
    };
    if sql.is_empty() {
        return Ok(());
    }
    manager.get_connection().execute_unprepared(sql).await.map(|_| ())
}

/// PostgreSQL: the function that [`refuse`]'s triggers call.
pub async fn refusal_function(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    either(
        manager,
        "",
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$",
    )
    .await
}

/// Refuses these verbs on every row of a table, and on PostgreSQL emptying it at once.
pub async fn refuse(
    manager: &SchemaManager<'_>,
    table: &str,
    verbs: &[&str],
    words: &str,
) -> Result<(), DbErr> {
    for verb in verbs {
        either(
            manager,
            &format!(
                "CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
                 BEGIN SELECT RAISE(ABORT, '{words}'); END"
            ),
            &format!(
                "CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
                 FOR EACH ROW EXECUTE FUNCTION refuse_change('{words}')"
            ),
        )
        .await?;
    }
    either(
        manager,
        "",
        &format!(
            "CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table}
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{words}')"
        ),
    )
    .await
}

/// SQLite: `INSERT OR REPLACE` deletes the old row without asking its delete trigger; this one asks.
pub async fn refuse_replacing(
    manager: &SchemaManager<'_>,
    table: &str,
    key: &str,
    answer: &str,
) -> Result<(), DbErr> {
    let same: Vec<String> = key.split(", ").map(|column| format!("{column} = NEW.{column}")).collect();
    let same = same.join(" AND ");
    either(
        manager,
        &format!(
            "CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table}
             WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
             BEGIN SELECT {answer}; END"
        ),
        "",
    )
    .await
}
