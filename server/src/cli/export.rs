//! `aftercare export`: what there is, as a file. One thing per subcommand.

mod register;
mod vouchers;

use clap::{Args, Subcommand};

use super::{Exit, Failure};

/// Write vouchers or a register to a file that other programs read
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Export {
    #[command(subcommand)]
    thing: Option<Thing>,
    #[command(flatten)]
    register: register::ExportRegister,
}

/// Things that are no register.
#[derive(Debug, Subcommand)]
enum Thing {
    Vouchers(vouchers::Vouchers),
}

impl Export {
    pub fn run(self) -> Result<Exit, Failure> {
        match self.thing {
            Some(Thing::Vouchers(vouchers)) => vouchers.run(),
            None => self.register.run(),
        }
    }
}
