//! What the HTTP side must hold against people who ask for more than is theirs: strangers, people outside the house,
//! and people whose roles hold in one branch and not in another. One file per kind of asking.

mod branches;
mod clock;
mod edge;
mod faults;
mod hidden;
mod outside;
mod panics;
mod reauthentication;
mod routes;
mod second_factor;
mod sign_in;
mod uploads;
