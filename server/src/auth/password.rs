//! Passwords: hashed with argon2id on the blocking pool, a few at a time, since each costs 19 MiB.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// Shortest password of staff.
pub const LEAST: usize = 12;
/// Longest input that is hashed at all.
const MOST_BYTES: usize = 256;
/// Hashes at a time; more would let a flood of sign-ins eat the memory.
const AT_ONCE: usize = 4;
/// At least ten billion guesses by somebody who has the hashes.
const HARD: Score = Score::Four;
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
    in_turn_of(Arc::clone(&TURNS), work).await
}

async fn in_turn_of<T: Send + 'static>(
    turns: Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Busy> {
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

/// Whether a new password is good enough: long, and not among what is tried first. Those are judged by zxcvbn: it knows
/// the thirty thousand commonest ones, names, keyboards, dates and repeats; `context` are words of this house that a
/// guesser would try as well, such as its name and its brands.
pub async fn is_acceptable(password: String, context: Vec<String>) -> Result<bool, Busy> {
    if password.chars().count() < LEAST || password.len() > MOST_BYTES {
        return Ok(false);
    }
    in_turn(move || is_hard_to_guess(&password, &context)).await
}

fn is_hard_to_guess(password: &str, context: &[String]) -> bool {
    let parts = |text: &String| -> Vec<String> {
        text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect()
    };
    let words: Vec<String> =
        context.iter().flat_map(|text| parts(text).into_iter().chain([text.clone()])).collect();
    let words: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| word.chars().count() >= 3).collect();
    zxcvbn(password, &words).score() >= HARD
}

/// Whether a hash was made with other settings than those of today, so that it is made anew when its password is known.
pub fn is_outdated(hash: &str) -> bool {
    settings(hash) != settings(&NOBODY)
}

/// What a hash says about itself before its salt: algorithm, version, memory, passes, lanes.
fn settings(hash: &str) -> Option<&str> {
    hash.rsplitn(3, '$').nth(2)
}

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

    // P: 6.2.4, 6.2.11
    #[tokio::test]
    async fn what_everybody_tries_first_is_refused_and_so_are_words_of_the_house() {
        let context: Vec<String> =
            ["dispatcher", "Sara Karimi", "Snowa Industries", "Hisense"].map(str::to_owned).into();
        let asked = |password: &str| is_acceptable(password.to_owned(), context.clone());
        for weak in [
            "short",
            "password12345",
            "aaaaaaaaaaaaaa",
            "dispatcher12",
            "iloveyou1234567",
            "qwertyuiop[]123",
            "Tr0ub4dour1234",
            "snowa snowa 1404",
            "SaraKarimi1985",
            "hisense-hisense",
            "1234567890123456",
            "football2026!!!",
        ] {
            assert_eq!(asked(weak).await, Ok(false), "{weak}");
        }
        for good in ["violet kettle 7 stairs", "پنجره سبز هفت پرنده", "nW4#kd82hPq!z"] {
            assert_eq!(asked(good).await, Ok(true), "{good}");
        }
    }

    #[tokio::test]
    async fn a_hash_of_weaker_settings_is_made_anew() {
        let weaker = Argon2::new(
            argon2::Algorithm::Argon2id,
            argon2::Version::V0x13,
            argon2::Params::new(8 * 1024, 1, 1, None).unwrap(),
        );
        let old = weaker.hash_password(b"violet kettle 7 stairs").unwrap().to_string();
        assert!(is_outdated(&old), "{old}");
        assert!(!is_outdated(&hash("violet kettle 7 stairs".into()).await.unwrap()));
        // It still lets its owner in: what it says of itself is what it is held against.
        assert_eq!(verify("violet kettle 7 stairs".into(), Some(old)).await, Ok(true));
    }

    #[tokio::test]
    async fn a_flood_of_sign_ins_waits_two_seconds_and_is_told_to_come_back() {
        let turns = Arc::new(Semaphore::new(1));
        let held = Arc::clone(&turns).acquire_owned().await.unwrap();
        let began = std::time::Instant::now();
        assert_eq!(in_turn_of(Arc::clone(&turns), || ()).await, Err(Busy));
        assert!(began.elapsed() >= QUEUE && began.elapsed() < 2 * QUEUE, "{:?}", began.elapsed());
        drop(held);
        assert_eq!(in_turn_of(turns, || ()).await, Ok(()));
    }
}
