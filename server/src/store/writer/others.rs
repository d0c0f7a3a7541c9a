//! Work that goes through the ORM: what waits shares a transaction, which is durable when it is committed.

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use super::{Answer, Work};
use crate::store::StoreError;

/// Does all of it, each in a savepoint of its own.
pub async fn write(connection: &DatabaseConnection, works: Vec<Work>) {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = match connection.begin_with_options(immediate).await {
        Ok(transaction) => transaction,
        // Dropped work answers its caller that the store is closed, which passes as "try again".
        Err(error) => return tracing::warn!(%error, writes = works.len(), "no write could begin"),
    };
    let mut answers: Vec<Answer> = Vec::with_capacity(works.len());
    let committed = match each_in_savepoint(&transaction, works, &mut answers).await {
        Ok(()) => transaction.commit().await,
        Err(error) => transaction.rollback().await.and(Err(error)),
    };
    let committed = committed.map_err(StoreError::from);
    for answer in answers {
        answer(committed.clone());
    }
}

async fn each_in_savepoint(
    transaction: &DatabaseTransaction,
    works: Vec<Work>,
    answers: &mut Vec<Answer>,
) -> Result<(), DbErr> {
    for work in works {
        let savepoint = transaction.begin().await?;
        let done = work(&savepoint).await;
        if done.keep {
            savepoint.commit().await?;
        } else {
            savepoint.rollback().await?;
        }
        answers.push(done.answer);
    }
    Ok(())
}
