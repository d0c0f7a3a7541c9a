//! `child`: another ticket begins, or is given up.
//!
//! What begins is decided with the step, see `step::children`: here it is only known who is given up.

use aftercare_engine::effect::Child;

use crate::store::step::StepWrite;

pub fn carry_out(effect: &Child, step: &mut StepWrite) {
    if let Child::Cancel { invoke } = effect {
        step.family.called_off.push(invoke.clone());
    }
}
