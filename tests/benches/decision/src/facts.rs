//! Random sets of twenty facts, the same for the same seed.

use serde_json::{Value, json};

/// A generator without dependencies: xorshift.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) % limit
    }

    /// The first of the choices more often than all others together, so that decisions get far.
    fn mostly(&mut self, choices: &[&'static str]) -> &'static str {
        if self.below(10) < 8 { choices[0] } else { choices[self.below(choices.len() as u64) as usize] }
    }

    fn yes(&mut self, of_ten: u64) -> bool {
        self.below(10) < of_ten
    }
}

/// One set.
pub fn facts(random: &mut Random) -> Value {
    let customers = ["C-1", "C-2", "C-3"];
    json!({
        "device": {
            "status": random.mostly(&["sold", "installed", "in_stock", "scrapped"]),
            "owner": random.mostly(&customers),
            "usage": random.below(12_000),
            "repairs": random.below(5),
        },
        "card": {
            "status": random.mostly(&["active", "issued", "void"]),
            "holder": random.mostly(&customers),
            "stamped": random.yes(8),
            "kind": random.mostly(&["internal", "outsourced"]),
            "partner": random.mostly(&["P-1", "P-2"]),
        },
        "policy": {
            "stamp_required": random.yes(5),
            "owner_bound": random.yes(5),
            "kind": random.mostly(&["internal", "outsourced"]),
            "partner": random.mostly(&["P-1", "P-2"]),
            "max_start_delay_months": 24 + random.below(12),
            "replacement_part_months": 6 + random.below(6),
            "start_basis": random.mostly(&["sale", "installation", "production"]),
        },
        "customer": {"code": random.mostly(&customers), "kind": random.mostly(&["person", "company"])},
        "product": {
            "category": random.mostly(&["household", "industrial"]),
            "hazard": random.mostly(&["electric", "gas", "none"]),
        },
    })
}
