//! Work that goes through the ORM: what waits shares a transaction, which is durable when it is committed.

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

use super::{Answer, Done, Work};
use crate::store::StoreError;

/// Does all of it, each in a savepoint of its own. False: the connection must not be used again. It counts savepoints,
/// and counts wrong for ever when SQLite, for want of space or memory, has undone them all by itself.
pub async fn write(connection: &DatabaseConnection, works: Vec<Work>) -> bool {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = match connection.begin_with_options(immediate).await {
        Ok(transaction) => transaction,
        // Dropped work answers its caller that the store is closed, which passes as "try again".
        Err(error) => {
            tracing::warn!(%error, writes = works.len(), "no write could begin");
            return StoreError::from(error).is_passing();
        }
    };
    let mut answers: Vec<Answer> = Vec::with_capacity(works.len());
    let (committed, is_sound) = match each_in_savepoint(&transaction, works, &mut answers).await {
        Ok(()) => {
            let committed = transaction.commit().await.map_err(StoreError::from);
            let is_sound = committed.is_ok();
            (committed, is_sound)
        }
        // Whose work it was has been told why; for the others it is a matter of trying again.
        Err(error) => {
            tracing::warn!(%error, writes = answers.len(), "the writes were undone");
            (Err(StoreError::Closed), transaction.rollback().await.is_ok())
        }
    };
    for answer in answers {
        answer(committed.clone());
    }
    is_sound
}

async fn each_in_savepoint(
    transaction: &DatabaseTransaction,
    works: Vec<Work>,
    answers: &mut Vec<Answer>,
) -> Result<(), DbErr> {
    for work in works {
        let savepoint = transaction.begin().await?;
        let Done { keep, answer } = work(&savepoint).await;
        answers.push(answer);
        if keep {
            savepoint.commit().await?;
        } else {
            savepoint.rollback().await?;
        }
    }
    Ok(())
}
