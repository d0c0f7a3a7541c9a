//! Keys that callers give, so that a repeated request is answered and not done again.
//!
//! Nobody looks before a step is written: the table takes each key once, and refuses a step that brings it again.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

use super::write::Key;
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
