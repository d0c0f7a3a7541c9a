//! The hash chain of a ticket's history: each row's hash covers the row and the hash before it.

use sha2::{Digest, Sha256};

use crate::entity::ticket_event;

/// What stands before the first row.
pub const START: &str = "";

/// The hash of a row; its own `hash` is not read.
pub fn link(event: &ticket_event::Model) -> String {
    let mut hasher = Sha256::new();
    let numbers = [event.seq, event.at.timestamp_millis()].map(|number| number.to_string());
    let parts = [
        event.prev_hash.as_str(),
        &event.ticket,
        &numbers[0],
        &numbers[1],
        &event.actor,
        &event.roles,
        &event.origin,
        &event.event,
        &event.data,
        &event.outcome,
        &event.from_states,
        &event.to_states,
        &event.fields,
        &event.trace,
        &event.effects,
        &event.facts,
        &event.bundle,
    ];
    for part in parts {
        // The length before each part: moving text from one to the next changes the hash.
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize())
}

/// The hash of some texts, each with its length before it.
pub fn hash_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize())
}

/// The hash of a text.
pub fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The hash of bytes.
pub fn hash_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from(DIGITS[usize::from(nibble)]));
        }
    }
    text
}
