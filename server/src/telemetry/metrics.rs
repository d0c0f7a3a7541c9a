//! A small registry of counters, gauges and durations, written as Prometheus text.
//!
//! Names and labels are fixed in the code, never taken from a request, so that no caller can make it grow.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the duration buckets in milliseconds.
const BOUNDS_MS: [u64; 10] = [1, 5, 10, 25, 50, 100, 250, 1000, 2500, 10_000];

/// Everything counted since the process started.
#[derive(Debug, Default)]
pub struct Metrics {
    series: Mutex<BTreeMap<Key, Series>>,
}

/// Name and label pairs as they are written: `code="200",method="GET"`.
type Key = (&'static str, String);

#[derive(Debug)]
enum Series {
    Counter(u64),
    Gauge(i64),
    Durations { counts: [u64; BOUNDS_MS.len()], count: u64, sum_us: u64 },
}

impl Metrics {
    /// Counts one.
    pub fn count(&self, name: &'static str, labels: &[(&'static str, &str)]) {
        self.change(
            name,
            labels,
            || Series::Counter(0),
            |series| {
                if let Series::Counter(value) = series {
                    *value += 1;
                }
            },
        );
    }

    /// Sets what is now.
    pub fn gauge(&self, name: &'static str, labels: &[(&'static str, &str)], value: i64) {
        self.change(name, labels, || Series::Gauge(0), |series| *series = Series::Gauge(value));
    }

    /// Adds one duration.
    pub fn took(&self, name: &'static str, labels: &[(&'static str, &str)], length: Duration) {
        let empty = || Series::Durations { counts: [0; BOUNDS_MS.len()], count: 0, sum_us: 0 };
        self.change(name, labels, empty, |series| {
            if let Series::Durations { counts, count, sum_us } = series {
                *count += 1;
                *sum_us += u64::try_from(length.as_micros()).unwrap_or(u64::MAX / 2);
                for (bound, below) in BOUNDS_MS.iter().zip(counts.iter_mut()) {
                    *below += u64::from(length <= Duration::from_millis(*bound));
                }
            }
        });
    }

    fn change(
        &self,
        name: &'static str,
        labels: &[(&'static str, &str)],
        new: impl FnOnce() -> Series,
        change: impl FnOnce(&mut Series),
    ) {
        let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}=\"{value}\"")).collect();
        let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        change(series.entry((name, labels.join(","))).or_insert_with(new));
    }

    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        let series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        let mut last = "";
        for ((name, labels), one) in series.iter() {
            if *name != last {
                let kind = match one {
                    Series::Counter(_) => "counter",
                    Series::Gauge(_) => "gauge",
                    Series::Durations { .. } => "histogram",
                };
                // Writing to a string cannot fail.
                let _ = writeln!(text, "# TYPE {name} {kind}");
                last = name;
            }
            one.write(&mut text, name, labels);
        }
        text
    }
}

impl Series {
    fn write(&self, text: &mut String, name: &str, labels: &str) {
        let braces = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let _ = match self {
            Self::Counter(value) => writeln!(text, "{name}{braces} {value}"),
            Self::Gauge(value) => writeln!(text, "{name}{braces} {value}"),
            Self::Durations { counts, count, sum_us } => {
                let comma = if labels.is_empty() { "" } else { "," };
                for (bound, below) in BOUNDS_MS.iter().zip(counts) {
                    let seconds = seconds(bound * 1000);
                    let _ = writeln!(text, "{name}_bucket{{{labels}{comma}le=\"{seconds}\"}} {below}");
                }
                let _ = writeln!(text, "{name}_bucket{{{labels}{comma}le=\"+Inf\"}} {count}");
                let _ = writeln!(text, "{name}_sum{braces} {}", seconds(*sum_us));
                writeln!(text, "{name}_count{braces} {count}")
            }
        };
    }
}

/// Microseconds written as seconds, exactly.
fn seconds(us: u64) -> String {
    format!("{}.{:06}", us / 1_000_000, us % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_of_one_name_stand_under_one_type_line() {
        let metrics = Metrics::default();
        metrics.count("requests_total", &[("code", "200")]);
        metrics.count("requests_total", &[("code", "200")]);
        metrics.count("requests_total", &[("code", "404")]);
        assert_eq!(
            metrics.render(),
            "# TYPE requests_total counter\nrequests_total{code=\"200\"} 2\nrequests_total{code=\"404\"} 1\n"
        );
    }

    #[test]
    fn a_duration_is_in_every_bucket_that_is_wide_enough() {
        let metrics = Metrics::default();
        metrics.took("seconds", &[], Duration::from_millis(30));
        let text = metrics.render();
        assert!(text.contains("seconds_bucket{le=\"0.025000\"} 0"), "{text}");
        assert!(text.contains("seconds_bucket{le=\"0.050000\"} 1"), "{text}");
        assert!(text.contains("seconds_sum 0.030000\nseconds_count 1"), "{text}");
    }
}
