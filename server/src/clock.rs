//! The one place that knows what time it is.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// How far the clocks of machines that share a store may differ.
pub const APART: TimeDelta = TimeDelta::minutes(2);

/// Whether something is at most so old. What lies ahead was noted by a clock that was wrong, or this one is: nobody
/// knows how old it is, so it does not count as young. Otherwise a clock that is put back a day would lengthen by a day
/// whatever holds for a while.
pub fn is_within(noted: DateTime<Utc>, now: DateTime<Utc>, longest: TimeDelta) -> bool {
    let age = now - noted;
    -APART <= age && age <= longest
}

/// Tells the present moment, to the millisecond. Everything else is given it.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> DateTime<Utc>;

    /// Puts the demo's clock ahead of the machine's, or behind it; other clocks cannot be moved.
    fn put_ahead(&self, _ahead: TimeDelta) {}
}

/// The machine's clock, moved by an offset: zero for real work, more for the demo, whose time `tick` moves.
#[derive(Debug, Default)]
pub struct SystemClock {
    /// How far it was set from the machine's time.
    base: TimeDelta,
    ahead_ms: AtomicI64,
}

impl SystemClock {
    /// One that goes beside the machine's, so that tests depend on no date.
    pub fn beside(base: TimeDelta) -> Self {
        Self { base, ahead_ms: AtomicI64::default() }
    }

    /// How far the demo has moved it.
    pub fn ahead(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.ahead_ms.load(Ordering::Relaxed))
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        (Utc::now() + self.base + self.ahead()).trunc_subsecs(3)
    }

    fn put_ahead(&self, ahead: TimeDelta) {
        self.ahead_ms.store(ahead.num_milliseconds(), Ordering::Relaxed);
    }
}

/// A clock that stands until it is moved: for tests, and for filling the demo company's past.
#[derive(Debug)]
pub struct StandingClock {
    ms: AtomicI64,
    ahead_ms: AtomicI64,
}

impl StandingClock {
    pub fn at(moment: DateTime<Utc>) -> Self {
        Self { ms: AtomicI64::new(moment.timestamp_millis()), ahead_ms: AtomicI64::default() }
    }

    pub fn set(&self, moment: DateTime<Utc>) {
        self.ms.store(moment.timestamp_millis(), Ordering::Relaxed);
    }

    pub fn advance(&self, by: TimeDelta) {
        self.ms.fetch_add(by.num_milliseconds(), Ordering::Relaxed);
    }
}

impl Clock for StandingClock {
    fn now(&self) -> DateTime<Utc> {
        let ms = self.ms.load(Ordering::Relaxed) + self.ahead_ms.load(Ordering::Relaxed);
        DateTime::from_timestamp_millis(ms).unwrap_or_default()
    }

    fn put_ahead(&self, ahead: TimeDelta) {
        self.ahead_ms.store(ahead.num_milliseconds(), Ordering::Relaxed);
    }
}
