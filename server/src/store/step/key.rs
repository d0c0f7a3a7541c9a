//! Keys that callers give, so that a repeated request is answered and not done again.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::write::Key;
use super::{StepWrite, Written};
use crate::entity::idempotency;

/// The answer given under a key before.
pub async fn find<C: ConnectionTrait>(
    connection: &C,
    key: &Key,
) -> Result<Option<idempotency::Model>, DbErr> {
    idempotency::Entity::find_by_id((key.principal.clone(), key.route.clone(), key.key.clone()))
        .one(connection)
        .await
}

/// Takes out the steps whose key was used before, or by an earlier one of the same batch.
pub async fn repeated<C: ConnectionTrait>(
    connection: &C,
    steps: &mut [Option<StepWrite>],
    results: &mut [Option<Written>],
) -> Result<(), DbErr> {
    let names: Vec<String> =
        steps.iter().flatten().filter_map(|step| Some(step.key.as_ref()?.key.clone())).collect();
    if names.is_empty() {
        return Ok(());
    }
    let known =
        idempotency::Entity::find().filter(idempotency::Column::Key.is_in(names)).all(connection).await?;
    let mut seen: Vec<Key> = Vec::new();
    for (step, result) in steps.iter_mut().zip(results) {
        let Some(key) = step.as_ref().and_then(|step| step.key.clone()) else { continue };
        let before = known
            .iter()
            .find(|row| row.principal == key.principal && row.route == key.route && row.key == key.key);
        if let Some(row) = before {
            *result = Some(Written::Repeated(row.clone()));
            *step = None;
        } else if seen.iter().any(|one| one.key == key.key && one.principal == key.principal) {
            *result = Some(Written::Again);
            *step = None;
        } else {
            seen.push(key);
        }
    }
    Ok(())
}
