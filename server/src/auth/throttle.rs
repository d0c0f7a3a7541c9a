//! Slows down guessing: a ladder of waiting times per account and a bucket per address. Nobody is locked out
//! for good, so that nobody can lock out somebody else.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Seconds to wait after the third, fourth … failure in a row.
const LADDER: [i64; 4] = [1, 3, 5, 10];
/// Failures that cost nothing: people mistype.
const FREE: usize = 2;
/// After this long without an attempt, a ladder starts at its foot.
const FORGET: TimeDelta = TimeDelta::minutes(15);
/// Attempts that one address has at once.
const BURST: i64 = 10;
/// One more attempt for an address each time this has passed.
const REFILL_MS: i64 = 6_000;
/// Entries kept; the oldest go first.
const KEPT: usize = 10_000;

/// What is known about recent attempts, in this process.
#[derive(Debug, Default)]
pub struct Throttle {
    accounts: Mutex<HashMap<String, Failures>>,
    addresses: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: usize,
    last: DateTime<Utc>,
}

/// Holds what has been used up, in milliseconds of refill.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    used_ms: i64,
    last: DateTime<Utc>,
}

impl Throttle {
    /// Seconds to wait before this attempt; none: go ahead, and it is counted for the address.
    pub fn wait(&self, account: &str, address: Option<IpAddr>, now: DateTime<Utc>) -> Option<i64> {
        self.account_wait(account, now).or_else(|| self.address_wait(address?, now))
    }

    fn account_wait(&self, account: &str, now: DateTime<Utc>) -> Option<i64> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = accounts.get(account).filter(|failures| now - failures.last < FORGET)?;
        let step = failures.count.checked_sub(FREE + 1)?;
        let wait = LADDER.get(step).or(LADDER.last())?;
        let left = wait - (now - failures.last).num_seconds();
        (left > 0).then_some(left)
    }

    fn address_wait(&self, address: IpAddr, now: DateTime<Utc>) -> Option<i64> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        forget_oldest(&mut addresses, now, |bucket| bucket.last);
        let bucket = addresses.entry(network(address)).or_insert(Bucket { used_ms: 0, last: now });
        let passed = (now - bucket.last).num_milliseconds().max(0);
        bucket.used_ms = (bucket.used_ms - passed).max(0);
        bucket.last = now;
        if bucket.used_ms + REFILL_MS > BURST * REFILL_MS {
            let over = bucket.used_ms + REFILL_MS - BURST * REFILL_MS;
            return Some((over + 999) / 1000);
        }
        bucket.used_ms += REFILL_MS;
        None
    }

    /// An attempt was wrong.
    pub fn failed(&self, account: &str, now: DateTime<Utc>) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        forget_oldest(&mut accounts, now, |failures| failures.last);
        let failures = accounts.entry(account.to_owned()).or_insert(Failures { count: 0, last: now });
        if now - failures.last >= FORGET {
            failures.count = 0;
        }
        failures.count += 1;
        failures.last = now;
    }

    /// An attempt was right: the ladder starts afresh, and the address gets back what this attempt has cost it, but
    /// not what others did; or whoever has one account could try all others without end.
    pub fn succeeded(&self, account: &str, address: Option<IpAddr>) {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = address.and_then(|address| addresses.get_mut(&network(address))) {
            bucket.used_ms = (bucket.used_ms - REFILL_MS).max(0);
        }
    }
}

/// An IPv6 customer has a whole /64 to choose addresses from.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        },
    }
}

fn forget_oldest<K: Clone + Eq + Hash, V>(
    entries: &mut HashMap<K, V>,
    now: DateTime<Utc>,
    last: impl Fn(&V) -> DateTime<Utc>,
) {
    if entries.len() < KEPT {
        return;
    }
    entries.retain(|_, entry| now - last(entry) < FORGET);
    if entries.len() < KEPT {
        return;
    }
    let mut times: Vec<DateTime<Utc>> = entries.values().map(&last).collect();
    times.sort_unstable();
    if let Some(middle) = times.get(times.len() / 2).copied() {
        entries.retain(|_, entry| last(entry) > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    #[test]
    fn failures_climb_the_ladder_and_success_ends_it() {
        let throttle = Throttle::default();
        let mut waits = Vec::new();
        for n in 0..7 {
            throttle.failed("amir", at(n));
            waits.push(throttle.wait("amir", None, at(n)).unwrap_or(0));
        }
        assert_eq!(waits, [0, 0, 1, 3, 5, 10, 10]);
        assert_eq!(throttle.wait("sara", None, at(7)), None);
        throttle.succeeded("amir", None);
        assert_eq!(throttle.wait("amir", None, at(7)), None);
    }

    #[test]
    fn the_wait_passes_with_time_and_is_forgotten() {
        let throttle = Throttle::default();
        for _ in 0..6 {
            throttle.failed("amir", at(0));
        }
        assert_eq!(throttle.wait("amir", None, at(4)), Some(6));
        assert_eq!(throttle.wait("amir", None, at(10)), None);
        throttle.failed("amir", at(2000));
        assert_eq!(throttle.wait("amir", None, at(2000)), None);
    }

    #[test]
    fn an_address_has_a_burst_and_then_one_attempt_every_six_seconds() {
        let throttle = Throttle::default();
        let address = Some("192.0.2.7".parse().unwrap());
        for n in 0..10 {
            assert_eq!(throttle.wait(&format!("user{n}"), address, at(0)), None);
        }
        assert_eq!(throttle.wait("next", address, at(0)), Some(6));
        assert_eq!(throttle.wait("next", address, at(6)), None);
        assert_eq!(throttle.wait("next", address, at(6)), Some(6));
        assert_eq!(throttle.wait("next", Some("192.0.2.8".parse().unwrap()), at(6)), None);
    }

    #[test]
    fn whoever_has_an_account_tries_others_no_more_often_for_it() {
        let throttle = Throttle::default();
        let address = Some("192.0.2.7".parse().unwrap());
        let mut tried = 0;
        for n in 0..100 {
            tried += i64::from(throttle.wait(&format!("user{n}"), address, at(0)).is_none());
            if throttle.wait("own", address, at(0)).is_none() {
                throttle.succeeded("own", address);
            }
        }
        assert_eq!(tried, BURST);
    }

    #[test]
    fn neighbours_in_one_ipv6_network_share_a_bucket() {
        assert_eq!(network("2001:db8::1".parse().unwrap()), network("2001:db8::ffff".parse().unwrap()));
        assert_ne!(network("2001:db8::1".parse().unwrap()), network("2001:db8:0:1::1".parse().unwrap()));
    }
}
