//! Indexes, named after what they index.

use sea_orm_migration::prelude::*;

/// An index for look-ups.
pub async fn add(manager: &SchemaManager<'_>, table: &str, columns: &[&str]) -> Result<(), DbErr> {
    manager.create_index(on(table, columns)).await
}

/// An index that allows each value once.
pub async fn unique(manager: &SchemaManager<'_>, table: &str, columns: &[&str]) -> Result<(), DbErr> {
    manager.create_index(on(table, columns).unique().to_owned()).await
}

/// Takes an index away that one of these has made.
pub async fn drop(manager: &SchemaManager<'_>, table: &str, columns: &[&str]) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(name(table, columns)).table(table.to_owned()).to_owned()).await
}

fn name(table: &str, columns: &[&str]) -> String {
    format!("ix_{table}_{}", columns.join("_"))
}

fn on(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name(table, columns)).table(table.to_owned());
    for column in columns {
        index.col((*column).to_owned());
    }
    index
}
