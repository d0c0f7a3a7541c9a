//! Pieces of codes, names and numbers, three letters each, so that a part of one is found among millions without
//! reading them all. Triggers keep them; whoever reads them looks at the row itself as well. PostgreSQL goes without.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table of the pieces, table and column that they come from, and the column that says whose they are.
const OF: [(&str, &str, &str, &str); 2] = [
    ("customer_name_piece", "customer", "name_key", "code"),
    ("customer_phone_piece", "customer_phone", "digits", "customer"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if db.get_database_backend() != DbBackend::Sqlite {
            return Ok(());
        }
        for (pieces, table, column, owner) in OF {
            for sql in kept(pieces, table, column, owner) {
                db.execute_unprepared(&sql).await?;
            }
        }
        // A ticket keeps its code, and is never deleted.
        for sql in [
            "CREATE VIRTUAL TABLE ticket_code_piece USING fts5(text, tokenize = 'trigram')",
            "INSERT INTO ticket_code_piece (text) SELECT code FROM ticket",
            "CREATE TRIGGER ticket_code_piece_added AFTER INSERT ON ticket
             BEGIN INSERT INTO ticket_code_piece (text) VALUES (NEW.code); END",
        ] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

fn kept(pieces: &str, table: &str, column: &str, owner: &str) -> [String; 5] {
    let add = format!("INSERT INTO {pieces} (text, owner) VALUES (NEW.{column}, NEW.{owner})");
    // Found by its own pieces; what is shorter than one has none, and its row is looked for.
    let remove = format!(
        "DELETE FROM {pieces} WHERE rowid IN (SELECT rowid FROM {pieces}
           WHERE length(OLD.{column}) > 2 AND {pieces} MATCH '\"' || replace(OLD.{column}, '\"', '\"\"') || '\"'
             AND owner = OLD.{owner} AND text = OLD.{column} LIMIT 1);
         DELETE FROM {pieces} WHERE length(OLD.{column}) < 3 AND owner = OLD.{owner} AND text = OLD.{column}"
    );
    [
        format!("CREATE VIRTUAL TABLE {pieces} USING fts5(text, owner UNINDEXED, tokenize = 'trigram')"),
        format!("INSERT INTO {pieces} (text, owner) SELECT {column}, {owner} FROM {table}"),
        format!("CREATE TRIGGER {pieces}_added AFTER INSERT ON {table} BEGIN {add}; END"),
        format!(
            "CREATE TRIGGER {pieces}_changed AFTER UPDATE OF {column}, {owner} ON {table}
             WHEN OLD.{column} <> NEW.{column} OR OLD.{owner} <> NEW.{owner} BEGIN {remove}; {add}; END"
        ),
        format!("CREATE TRIGGER {pieces}_removed AFTER DELETE ON {table} BEGIN {remove}; END"),
    ]
}
