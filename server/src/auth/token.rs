//! The secret that a signed-in browser or program carries: 256 random bits. The store keeps only its hash, so
//! that whoever reads the database cannot sign in with what stands there.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A new token and the hash to store. None when the machine gives no randomness.
pub fn new() -> Option<(String, String)> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).ok()?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let stored = hash(&token);
    Some((token, stored))
}

/// What the store knows of a token.
pub fn hash(token: &str) -> String {
    use std::fmt::Write;
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(token.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_are_found_by_their_hash() {
        let (one, stored) = new().unwrap();
        let (other, _) = new().unwrap();
        assert_ne!(one, other);
        assert_eq!(one.len(), 43);
        assert_eq!(hash(&one), stored);
        assert!(!stored.contains(&one));
    }
}
