//! `output`: what a finished ticket gives to the one that waits for it.

use aftercare_engine::facts::Map;

use super::json;
use crate::store::StoreError;
use crate::store::step::StepWrite;

pub fn carry_out(output: &Map, step: &mut StepWrite) -> Result<(), StoreError> {
    step.family.gives = Some(json("output", output)?);
    Ok(())
}
