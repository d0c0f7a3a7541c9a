//! Passwords: hashed with argon2id on the blocking pool, a few at a time, since each costs 19 MiB.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// Shortest password of staff.
pub const LEAST: usize = 12;
/// Longest input that is hashed at all.
const MOST_BYTES: usize = 256;
/// Hashes at a time; more would let a flood of sign-ins eat the memory.
const AT_ONCE: usize = 4;
/// How long a sign-in waits for its turn.
const QUEUE: Duration = Duration::from_secs(2);

static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE)));
/// Hash that nobody's password has: an unknown name must cost as much as a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this one").unwrap_or_default());

/// Too many hashes are waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many sign-ins at once")]
pub struct Busy;

/// Hashes a password, in PHC form.
pub async fn hash(password: String) -> Result<String, Busy> {
    in_turn(move || hash_now(&password)).await?.ok_or(Busy)
}

/// Hashes without waiting for a turn: for commands and demo data, never for a request.
pub fn hash_now(password: &str) -> Option<String> {
    Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

/// Whether the password fits the hash. Without a hash it costs the same and is never right.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, Busy> {
    if password.len() > MOST_BYTES {
        return Ok(false);
    }
    in_turn(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok() && known
    })
    .await
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
    let turns = Arc::clone(&TURNS);
    let turn =
        tokio::time::timeout(QUEUE, turns.acquire_owned()).await.map_err(|_| Busy)?.map_err(|_| Busy)?;
    tokio::task::spawn_blocking(move || {
        let result = work();
        drop(turn);
        result
    })
    .await
    .map_err(|_| Busy)
}

/// Whether a new password is good enough: long, not the name, not one that everybody tries.
pub fn is_acceptable(password: &str, name: &str) -> bool {
    let lower = password.to_lowercase();
    password.chars().count() >= LEAST
        && password.len() <= MOST_BYTES
        && !(name.len() >= 3 && lower.contains(&name.to_lowercase()) && lower.len() < name.len() + 6)
        && !COMMON.iter().any(|common| lower.trim_end_matches(|c: char| c.is_ascii_digit()) == *common)
        && lower.chars().collect::<std::collections::BTreeSet<_>>().len() >= 5
}

/// Long ones among the passwords that are tried first, without digits at their end.
const COMMON: [&str; 12] = [
    "passwordpassword",
    "qwertyuiop",
    "qwertyuiopas",
    "administrator",
    "iloveyouiloveyou",
    "changemechangeme",
    "letmeinletmein",
    "welcomewelcome",
    "aftercare",
    "aftercareaftercare",
    "password",
    "qwertyqwerty",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let hash = hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(verify("correct horse battery".into(), Some(hash.clone())).await, Ok(true));
        assert_eq!(verify("correct horse batterz".into(), Some(hash)).await, Ok(false));
    }

    #[tokio::test]
    async fn nobody_signs_in_without_a_hash_whatever_they_type() {
        assert_eq!(verify("nobody has this one".into(), None).await, Ok(false));
    }

    #[test]
    fn weak_passwords_are_refused() {
        for weak in ["short", "password12345", "aaaaaaaaaaaaaa", "dispatcher12"] {
            assert!(!is_acceptable(weak, "dispatcher"), "{weak}");
        }
        assert!(is_acceptable("violet kettle 7 stairs", "dispatcher"));
    }
}
