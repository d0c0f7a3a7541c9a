//! `assign`: who is responsible from now on.

use aftercare_engine::effect::Assign;

use crate::store::step::StepWrite;

pub fn carry_out(assign: &Assign, step: &mut StepWrite) {
    let ticket = &mut step.ticket;
    match assign {
        Assign::Technician(name) => ticket.technician = Some(name.clone()),
        Assign::Agency(code) => ticket.agency = Some(code.clone()),
        Assign::Partner(code) => ticket.partner = Some(code.clone()),
    }
}
