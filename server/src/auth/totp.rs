//! Time-based one-time codes, RFC 6238, as every authenticator makes them: six digits from SHA-1, new each half minute.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Seconds that a code is shown.
const STEP: i64 = 30;
/// Steps before and after that count: clocks differ.
const SLACK: i64 = 1;
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret in base 32. None when the machine gives no randomness.
pub fn new() -> Option<String> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).ok()?;
    Some(base32(&bytes))
}

/// Spare codes for the day on which the authenticator is lost.
pub fn spare() -> Option<Vec<String>> {
    (0..8)
        .map(|_| {
            let mut bytes = [0_u8; 10];
            getrandom::fill(&mut bytes).ok()?;
            Some(base32(&bytes).to_lowercase())
        })
        .collect()
}

/// The step of a code that fits now and has not been used: later than the last one that was.
pub fn step_of(secret: &str, code: &str, now: DateTime<Utc>, last: i64) -> Option<i64> {
    let code: String =
        aftercare_engine::text::latin_digits(code).chars().filter(char::is_ascii_digit).collect();
    let key = from_base32(secret)?;
    let present = now.timestamp() / STEP;
    (present - SLACK..=present + SLACK)
        .filter(|step| *step > last)
        .find(|step| made(&key, *step).as_ref() == Some(&code))
}

/// What an authenticator shows now.
pub fn shown(secret: &str, now: DateTime<Utc>) -> Option<String> {
    made(&from_base32(secret)?, now.timestamp() / STEP)
}

/// What an authenticator reads from the picture.
pub fn address(secret: &str, company: &str, user: &str) -> String {
    let part =
        |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    format!("otpauth://totp/{}:{}?secret={secret}&issuer={}", part(company), part(user), part(company))
}

fn made(key: &[u8], step: i64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).ok()?;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest.last()? & 0xf);
    let four: [u8; 4] = digest.get(at..at + 4)?.try_into().ok()?;
    Some(format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000))
}

fn base32(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |n| (byte >> n) & 1)).collect();
    let letter = |five: &[u8]| {
        let number = five.iter().fold(0, |sum, bit| (sum << 1) | usize::from(*bit)) << (5 - five.len());
        LETTERS.get(number).copied().map(char::from)
    };
    bits.chunks(5).filter_map(letter).collect()
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bits = Vec::new();
    for letter in text.bytes() {
        let number = LETTERS.iter().position(|one| one.eq_ignore_ascii_case(&letter))?;
        bits.extend((0..5).rev().map(|n| (number >> n) & 1));
    }
    let byte = |eight: &[usize]| eight.iter().fold(0_usize, |sum, bit| (sum << 1) | bit);
    bits.chunks_exact(8).map(|eight| u8::try_from(byte(eight)).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, of which authenticators show the last six digits.
        let secret = base32(b"12345678901234567890");
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(step_of(&secret, code, at(second), 0), Some(second / STEP), "{second}");
        }
    }

    #[test]
    fn a_code_counts_once_and_for_a_short_time() {
        let secret = base32(b"12345678901234567890");
        assert_eq!(step_of(&secret, "287082", at(59), 1), None, "used before");
        assert_eq!(step_of(&secret, "287082", at(89), 0), Some(1), "a clock that is late");
        assert_eq!(step_of(&secret, "287082", at(151), 0), None, "over");
        assert_eq!(step_of(&secret, "", at(59), 0), None);
    }

    #[test]
    fn secrets_survive_base_32() {
        let secret = new().unwrap();
        assert_eq!(base32(&from_base32(&secret).unwrap()), secret);
        assert_eq!(from_base32("1!"), None);
    }
}
