//! Instances over a collection: the states inside run once for each record of a list, side by side.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Expression;
use crate::diagnostic::Sp;

/// The states inside run once for each record of a list, until all have ended or `complete_when` holds.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Each {
    /// The field with the list, of type `records`. A record that is added gets its instance, one that is removed
    /// loses it.
    pub over: Sp<String>,
    /// What the record is called inside, as in `offer.price`.
    pub r#as: Sp<String>,
    /// The part of the record that tells one from another: a code, without spaces. Events name it: `accept@A12`.
    pub key: Sp<String>,
    /// Done as soon as this holds, even if instances still run: they are called off. Left out: when all have ended.
    #[serde(default)]
    pub complete_when: Option<Expression>,
    /// What people call one instance, as an expression over the record. Left out: its key.
    #[serde(default)]
    pub label: Option<Expression>,
}
