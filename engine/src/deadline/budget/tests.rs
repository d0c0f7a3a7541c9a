use super::*;
use crate::definition::company::CalendarFile;
use crate::definition::node::Node;
use crate::diagnostic::SourceId;
use chrono::Duration;
use proptest::prelude::*;

fn calendar(text: &str) -> Calendar {
    let text = format!("calendar: c\ntime_zone: Z\n{text}");
    Calendar::compile(&Node::read(SourceId::default(), &text).unwrap().to::<CalendarFile>().unwrap()).unwrap()
}

fn nine_to_five() -> Calendar {
    calendar(
        "hours: {monday: 09:00-17:00, tuesday: 09:00-17:00, wednesday: 09:00-17:00, thursday: 09:00-17:00}\n",
    )
}

/// 2026-11-16 is a Monday.
fn day(n: i64, hour: i64) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-16T00:00:00Z").unwrap().to_utc() + Duration::hours(24 * n + hour)
}

fn budget(text: &str) -> Budget {
    Budget::start(Length::parse(text).unwrap(), day(0, 9))
}

const HOUR: i64 = 3_600_000;

#[test]
fn a_clock_that_stands_uses_nothing_up() {
    let calendar = nine_to_five();
    let mut budget = budget("10 working hours");
    assert_eq!(budget.due(&calendar), Some(day(1, 11)));
    budget.pause(day(0, 13));
    assert_eq!(budget.due(&calendar), None);
    assert_eq!(budget.remaining(&calendar, day(2, 12)), 6 * HOUR);
    budget.pause(day(1, 9));
    budget.resume(day(2, 9));
    budget.resume(day(2, 16));
    assert_eq!(budget.suspended(), [Suspended { from: day(0, 13), to: Some(day(2, 9)) }]);
    assert_eq!(budget.due(&calendar), Some(day(2, 15)));
    assert_eq!(budget.remaining(&calendar, day(2, 16)), -HOUR);
}

#[test]
fn what_was_due_before_the_clock_stood_stays_due() {
    let calendar = nine_to_five();
    let mut budget = budget("2 working hours");
    budget.pause(day(0, 12));
    assert_eq!(budget.due(&calendar), Some(day(0, 11)));
    assert_eq!(budget.remaining(&calendar, day(3, 0)), -HOUR);
}

#[test]
fn elapsed_time_passes_at_night_too_and_working_days_as_long_as_they_are() {
    let calendar = nine_to_five();
    let mut elapsed = budget("2 days");
    elapsed.pause(day(0, 21));
    elapsed.resume(day(3, 0));
    assert_eq!(elapsed.due(&calendar), Some(day(4, 12)));
    let mut days = budget("2 working days");
    assert_eq!(days.due(&calendar), Some(day(2, 9)));
    days.pause(day(0, 17));
    days.resume(day(3, 9));
    assert_eq!(days.due(&calendar), Some(day(3, 17)));
}

#[test]
fn a_budget_follows_a_calendar_that_changes() {
    let budget = budget("10 working hours");
    let holiday = calendar(
        "hours: {monday: 09:00-17:00, tuesday: 09:00-17:00, wednesday: 09:00-17:00}\n\
         holidays: [{date: 2026-11-17, name: {en: Storm}}]\n",
    );
    assert_eq!(budget.due(&nine_to_five()), Some(day(1, 11)));
    assert_eq!(budget.due(&holiday), Some(day(2, 11)));
}

#[test]
fn a_stored_budget_comes_back_the_same() {
    let mut budget = budget("2 working days");
    budget.pause(day(0, 12));
    let json = serde_json::to_string(&budget).unwrap();
    assert_eq!(serde_json::from_str::<Budget>(&json).unwrap(), budget);
    assert!(serde_json::from_str::<Budget>(&json.replace("2 working days", "soon")).is_err());
}

proptest! {
    /// Any story of pauses against a counter of minutes.
    #[test]
    fn a_budget_is_used_up_by_the_minutes_in_which_its_clock_ran(
        steps in proptest::collection::vec(1i64..900, 0..8),
        need in 1i64..2_000,
        working: bool,
    ) {
        let calendar = nine_to_five();
        let minute = |n: i64| day(0, 9) + Duration::minutes(n);
        let mut budget = budget(&format!("{need} {}minutes", if working { "working " } else { "" }));
        let mut toggles = Vec::new();
        for step in &steps {
            toggles.push(toggles.last().unwrap_or(&0) + step);
            let at = minute(*toggles.last().unwrap());
            if toggles.len() % 2 == 1 { budget.pause(at) } else { budget.resume(at) }
        }
        let runs = |n: i64| {
            toggles.iter().filter(|toggle| **toggle <= n).count() % 2 == 0
                && (!working || calendar.is_working(minute(n)))
        };
        let last = toggles.last().copied().unwrap_or(0);
        let mut left = need;
        let mut now = 0;
        while left > 0 && !(budget.is_paused() && now > last) {
            left -= i64::from(runs(now));
            now += 1;
        }
        let due = budget.due(&calendar);
        prop_assert_eq!(due, (left == 0).then(|| minute(now)));
        if let Some(due) = due {
            prop_assert_eq!(budget.remaining(&calendar, due), 0);
        }
    }
}
