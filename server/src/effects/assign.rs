//! `assign`: who is responsible from now on.

use aftercare_engine::effect::Assign;

use crate::entity::ticket;

/// Whoever is responsible takes over from everybody else.
pub fn carry_out(assign: &Assign, ticket: &mut ticket::Model) {
    (ticket.technician, ticket.agency, ticket.partner) = (None, None, None);
    match assign {
        Assign::Technician(name) => ticket.technician = Some(name.clone()),
        Assign::Agency(code) => ticket.agency = Some(code.clone()),
        Assign::Partner(code) => ticket.partner = Some(code.clone()),
    }
}
