//! The money promises, held over stories that nobody has written: every voucher balances, memo accounts are empty
//! when a ticket is over, stock is what the ledger says, provisions and deferred revenue are never below zero,
//! timers wait only for where the ticket is. Prints the smallest story that breaks one.
//!
//! `AFTERCARE_STORIES=10000` tells more of them, `AFTERCARE_STORY_SEED` others.

use std::sync::atomic::{AtomicU64, Ordering};

use aftercare_engine::bundle;
use aftercare_tests::any_story::{broken, smallest, story, told};
use aftercare_tests::world::definitions;

/// Stories of a usual run.
const STORIES: u64 = 1000;

#[test]
fn whatever_people_do_to_tickets_the_books_hold() {
    let (bundle, found) = bundle::load(definitions());
    assert!(!bundle::has_errors(&found));
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (first, count) =
        (number("AFTERCARE_STORY_SEED").unwrap_or(0), number("AFTERCARE_STORIES").unwrap_or(STORIES));
    let next = AtomicU64::new(0);
    let work = || {
        let mut seeds =
            std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|n| *n < count));
        seeds.find(|n| broken(&bundle, &story(&bundle, first + n)).is_some())
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let failed = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().filter_map(|worker| worker.join().expect("a worker ends well")).min()
    });
    if let Some(n) = failed {
        let least = smallest(&bundle, story(&bundle, first + n));
        let promise = broken(&bundle, &least).unwrap_or_default();
        panic!("story {n} of seed {first} breaks a promise: {promise}\n{}", told(&least));
    }
}

#[test]
fn the_written_stories_keep_the_promises_themselves() {
    let (bundle, _) = bundle::load(definitions());
    let wrong = bundle
        .scenarios
        .iter()
        .filter_map(|story| Some(format!("{}\n{}", broken(&bundle, story)?, told(story))));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{} stories: {}", wrong.len(), wrong.concat());
}
