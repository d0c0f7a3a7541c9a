use super::*;
use crate::definition::node::Node;
use crate::diagnostic::SourceId;
use proptest::prelude::*;

const SHIPPED: &str = include_str!("../../../../workflows/calendars/default.yaml");

fn read(text: &str) -> Result<Calendar, Vec<Diagnostic>> {
    Calendar::compile(&Node::read(SourceId::default(), text).unwrap().to::<CalendarFile>().unwrap())
}

fn iran() -> Calendar {
    read(SHIPPED).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn length(text: &str) -> Length {
    Length::parse(text).unwrap()
}

#[test]
fn working_time_skips_nights_weekends_and_holidays() {
    // 2026-11-18 is a Wednesday.
    for (from, within, due) in [
        ("2026-11-18T09:00:00+03:30", "2 working hours", "2026-11-18T11:00:00+03:30"),
        ("2026-11-18T16:00:00+03:30", "2 working hours", "2026-11-19T09:00:00+03:30"),
        ("2026-11-18T16:00:00+03:30", "1 working hour", "2026-11-18T17:00:00+03:30"),
        ("2026-11-19T12:00:00+03:30", "2 working hours", "2026-11-21T09:00:00+03:30"),
        ("2026-11-20T03:00:00+03:30", "30 working minutes", "2026-11-21T08:30:00+03:30"),
        // Nowruz 1405: nobody works from 21 to 24 March 2026; 20 March is a Friday.
        ("2026-03-19T12:30:00+03:30", "1 working hour", "2026-03-25T08:30:00+03:30"),
        ("2026-11-18T16:00:00+03:30", "1 working day", "2026-11-19T13:00:00+03:30"),
        ("2026-11-19T12:00:00+03:30", "2 working days", "2026-11-22T12:00:00+03:30"),
        ("2026-11-19T14:00:00+03:30", "1 working day", "2026-11-22T08:00:00+03:30"),
        ("2026-11-20T10:00:00+03:30", "1 working day", "2026-11-22T08:00:00+03:30"),
        ("2026-11-21T06:00:00+03:30", "1 working day", "2026-11-22T08:00:00+03:30"),
        ("2026-11-20T10:00:00+03:30", "3 days", "2026-11-23T10:00:00+03:30"),
        ("2026-11-20T10:00:00+03:30", "0 working hours", "2026-11-20T10:00:00+03:30"),
    ] {
        assert_eq!(iran().add(at(from), &length(within)), at(due), "{from} + {within}");
    }
}

#[test]
fn around_the_clock_working_time_is_simply_time() {
    let from = at("2026-11-20T10:00:00.123456789Z");
    let always = Calendar::default();
    assert_eq!(always.add(from, &length("30 working hours")), from + Duration::hours(30));
    assert_eq!(always.add(from, &length("2 working days")), from + Duration::days(2));
    assert_eq!(always.worked_between(from, from + Duration::hours(7)), 7 * 60 * MINUTE);
}

#[test]
fn a_moment_past_the_end_of_time_is_the_end_of_time() {
    let late = DateTime::<Utc>::MAX_UTC - Duration::hours(1);
    assert_eq!(iran().add(late, &length("3 weeks")), DateTime::<Utc>::MAX_UTC);
    assert_eq!(Calendar::default().add(late, &length("3 weeks")), DateTime::<Utc>::MAX_UTC);
}

#[test]
fn a_calendar_that_cannot_be_kept_is_refused() {
    let head = "calendar: c\ntime_zone: '+03:30'\n";
    for (text, message) in [
        ("hours: {}", "calendar `c` has no working hours"),
        ("hours: {monday: 17:00-08:00}", "`17:00-08:00` does not follow in time"),
        ("hours: {monday: [08:00-12:00, 11:00-15:00]}", "`11:00-15:00` does not follow in time"),
        ("hours: {monday: all day}", "`all day` are no working hours"),
        ("hours: {monday: 08:00-25:00}", "`08:00-25:00` are no working hours"),
        (
            "hours: {monday: 08:00-12:00}\nholidays: [{date: 2026-02-30, name: {en: X}}]",
            "there is no day `2026-02-30`",
        ),
        (
            "hours: {monday: 08:00-12:00}\nholidays: [{name: {en: X}}]",
            "a holiday has one of `date` and `jalali`",
        ),
    ] {
        let found = read(&format!("{head}{text}\n")).unwrap_err();
        assert_eq!(found.iter().map(|one| one.message.as_str()).collect::<Vec<_>>(), [message]);
    }
}

/// Two months of a made-up calendar with a lunch break, a night shift and holidays.
fn odd() -> impl Strategy<Value = Calendar> {
    let spans = proptest::collection::vec((0i64..1440, 1i64..600), 0..3);
    let week = proptest::collection::vec(spans, 7);
    (week, proptest::collection::btree_set(20_000i64..20_060, 0..20), -720i64..=840).prop_map(
        |(week, holidays, offset)| {
            let mut days: [Vec<(i64, i64)>; 7] = std::array::from_fn(|n| {
                let mut hours: Vec<(i64, i64)> = Vec::new();
                for (start, len) in &week[n] {
                    let start = (*start).max(hours.last().map_or(0, |last| last.1));
                    if start < 1440 {
                        hours.push((start, (start + len).min(1440)));
                    }
                }
                hours.into_iter().map(|(a, b)| (a * MINUTE, b * MINUTE)).collect()
            });
            if days.iter().all(Vec::is_empty) {
                days[0] = vec![(0, 60 * MINUTE)];
            }
            Calendar { offset: offset * MINUTE, week: days, holidays }
        },
    )
}

fn minute(n: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis((20_000 * 1440 + n) * MINUTE).unwrap()
}

proptest! {
    /// The whole calendar against a counter that asks of every minute whether it is working time.
    #[test]
    fn working_time_is_what_a_counter_of_minutes_finds(
        calendar in odd(),
        from in 0i64..20_000,
        span in 0i64..20_000,
        need in 1i64..3_000,
    ) {
        let counted = (from..from + span).filter(|n| calendar.is_working(minute(*n))).count();
        prop_assert_eq!(calendar.worked_between(minute(from), minute(from + span)), counted as i64 * MINUTE);

        let due = calendar.advance(Clock::Working, minute(from), need * MINUTE);
        let mut left = need;
        let mut now = from;
        while left > 0 {
            left -= i64::from(calendar.is_working(minute(now)));
            now += 1;
        }
        prop_assert_eq!(due, minute(now));
        prop_assert_eq!(calendar.worked_between(minute(from), due), need * MINUTE);
    }

    /// Working days against a walk from minute to minute and from day to day.
    #[test]
    fn working_days_are_what_a_walk_over_the_days_finds(calendar in odd(), from in 0i64..20_000, days in 1u32..9) {
        let local = |n: i64| n + calendar.offset / MINUTE + 20_000 * 1440;
        let open = |day: i64| -> Vec<i64> {
            (0..1440).filter(|m| calendar.is_working(minute(day * 1440 + m - calendar.offset / MINUTE - 20_000 * 1440))).collect()
        };
        // The first moment of the day's work that is not before this time, else when work ends.
        let within = |day: i64, time: i64| {
            let open = open(day);
            let first = open.iter().find(|minute| **minute + 1 >= time);
            first.map_or(open.last().unwrap() + 1, |minute| time.max(*minute))
        };
        let mut day = local(from).div_euclid(1440);
        let mut time = local(from).rem_euclid(1440);
        if open(day).last().is_none_or(|last| time > last + 1) {
            day += 1;
            while open(day).is_empty() {
                day += 1;
            }
            time = 0;
        }
        time = within(day, time);
        for _ in 0..days {
            day += 1;
            while open(day).is_empty() {
                day += 1;
            }
        }
        let time = within(day, time);
        let due = calendar.add(minute(from), &length(&format!("{days} working days")));
        prop_assert_eq!(due, minute(day * 1440 + time - calendar.offset / MINUTE - 20_000 * 1440));
    }

    #[test]
    fn waiting_longer_never_ends_earlier(calendar in odd(), from in 0i64..20_000, a in 0i64..900, b in 0i64..900) {
        let due = |ms: i64| calendar.advance(Clock::Working, minute(from), ms * 1_000);
        prop_assert!(due(a.min(b)) <= due(a.max(b)));
        prop_assert!(due(a) >= minute(from));
    }
}
