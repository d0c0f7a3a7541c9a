//! The secret that a signed-in browser or program carries: 256 random bits. The store keeps only its hash, so
//! that whoever reads the database cannot sign in with what stands there.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::store::chain;

/// A new token and the hash to store. None when the machine gives no randomness.
pub fn new() -> Option<(String, String)> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).ok()?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let stored = hash(&token);
    Some((token, stored))
}

/// The same for a link in a message, where each letter costs: 128 random bits.
pub fn short() -> Option<(String, String)> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let stored = hash(&token);
    Some((token, stored))
}

/// What the store knows of a token.
pub fn hash(token: &str) -> String {
    chain::hash(token)
}

/// The token that forms of a session carry: only our pages know it, since it is made of what the store keeps.
/// Masked anew in each page, so that a compressed answer tells nothing about it.
pub fn of_form(session: &str) -> String {
    let mut mask = [0_u8; 16];
    // Without randomness the token is still right, only the mask is plain.
    let _ = getrandom::fill(&mut mask);
    let masked = form_secret(session).into_iter().zip(mask).map(|(secret, mask)| secret ^ mask);
    let bytes: Vec<u8> = mask.into_iter().chain(masked).collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether a form's token is of this session.
pub fn fits_form(sent: &str, session: &str) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(sent) else { return false };
    let (mask, masked) = bytes.split_at(bytes.len() / 2);
    let secret = form_secret(session);
    let differs = masked.iter().zip(mask).zip(secret).fold(0, |seen, ((a, b), c)| seen | (a ^ b ^ c));
    bytes.len() == 2 * secret.len() && differs == 0
}

fn form_secret(session: &str) -> [u8; 16] {
    let mut secret = [0_u8; 16];
    let digest = Sha256::new().chain_update("form ").chain_update(session).finalize();
    secret.copy_from_slice(&digest[..16]);
    secret
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

    #[test]
    fn a_forms_token_fits_its_own_session_alone_and_never_looks_the_same() {
        let (mine, again) = (of_form("a"), of_form("a"));
        assert_ne!(mine, again);
        assert!(fits_form(&mine, "a") && fits_form(&again, "a"));
        assert!(!fits_form(&mine, "b") && !fits_form("", "a") && !fits_form("AAAA", "a"));
    }
}
