//! What templates can do with a value: texts, dates, times, amounts and digits as the reader wants them. An absent
//! value gives an empty text. Exact: digits are moved, never calculated.

use aftercare_engine::company::date::{in_system, to_jalali};
use aftercare_engine::definition::company::CalendarSystem;
use aftercare_engine::language;
use aftercare_engine::text::latin_digits;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeDelta, Utc};
use rust_decimal::Decimal;
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::asset;
use super::preferences::{Calendar, Digits};
use super::print::whole_and_rest;
use crate::i18n::{self, Language};

/// Name in templates of what these filters read. A component that formats takes it as `@reader`.
pub const READER: &str = "reader";

/// Around what is read from the left wherever it stands.
const OPEN: char = '\u{2066}';
const CLOSE: char = '\u{2069}';

/// How one reader wants things written.
#[derive(Clone, Debug)]
pub struct Writing {
    pub language: Language,
    pub calendar: Calendar,
    pub digits: Digits,
    pub zone: FixedOffset,
    pub currency: String,
    pub minor_digits: u32,
    pub now: DateTime<Utc>,
}

impl Writing {
    /// As one text, the form in which filters find it.
    pub fn packed(&self) -> String {
        format!(
            "{} {} {} {} {} {} {}",
            self.language.code(),
            if self.calendar == Calendar::Jalali { "j" } else { "g" },
            if self.digits == Digits::Persian { "p" } else { "l" },
            self.zone.local_minus_utc(),
            if self.currency.is_empty() { "XXX" } else { &self.currency },
            self.minor_digits,
            self.now.timestamp(),
        )
    }

    fn unpacked(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        Some(Self {
            language: Language::of_code(parts.next()?)?,
            calendar: if parts.next()? == "j" { Calendar::Jalali } else { Calendar::Gregorian },
            digits: if parts.next()? == "p" { Digits::Persian } else { Digits::Latin },
            zone: FixedOffset::east_opt(parts.next()?.parse().ok()?)?,
            currency: parts.next()?.to_owned(),
            minor_digits: parts.next()?.parse().ok()?,
            now: DateTime::from_timestamp(parts.next()?.parse().ok()?, 0)?,
        })
    }

    #[cfg(test)]
    pub fn packed_for_tests(text: &str) -> Self {
        Self::unpacked(text).unwrap()
    }

    /// The same text with the reader's digits.
    pub fn digits(&self, text: &str) -> String {
        match self.digits {
            Digits::Persian => language::digits(text, Language::Fa),
            Digits::Latin => latin_digits(text),
        }
    }

    /// A day in short: `۱۴۰۵/۰۸/۳۰`, `21 Nov 2026`.
    pub fn date(&self, day: NaiveDate) -> String {
        match (self.calendar, self.language) {
            (Calendar::Jalali, _) => {
                let (y, m, d) = to_jalali(day);
                self.digits(&format!("{y}/{m:02}/{d:02}"))
            }
            (Calendar::Gregorian, Language::Fa) => self.digits(&day.format("%Y/%m/%d").to_string()),
            (Calendar::Gregorian, language) => self.digits(&language::date(day, language)),
        }
    }

    /// A day in words, with its weekday: `Saturday, 30 Aban 1405`.
    pub fn day_in_words(&self, day: NaiveDate) -> String {
        let weekday = self.text(&format!("weekday-{}", day.weekday().number_from_monday()), &[]);
        let (calendar, (y, m, d)) = match self.calendar {
            Calendar::Jalali => ("jalali", to_jalali(day)),
            Calendar::Gregorian => ("gregorian", in_system(day, CalendarSystem::Gregorian)),
        };
        let month = self.text(&format!("month-{calendar}-{m}"), &[]);
        let values =
            [("weekday", weekday), ("day", d.to_string()), ("month", month), ("year", y.to_string())];
        self.digits(&self.text("day-in-words", &values))
    }

    pub fn time(&self, moment: DateTime<Utc>) -> String {
        self.digits(&language::time(moment, self.zone, Language::En))
    }

    pub fn day_of(&self, moment: DateTime<Utc>) -> NaiveDate {
        moment.with_timezone(&self.zone).date_naive()
    }

    pub fn number(&self, value: Decimal) -> String {
        self.digits(&language::number(value.normalize(), self.language))
    }

    pub fn money(&self, value: Decimal) -> String {
        self.digits(&language::money(value, &self.currency, self.minor_digits, self.language))
    }

    /// An amount in words, with the hundredths as digits, and what the currency is called.
    pub fn words(&self, value: Decimal) -> String {
        let (whole, rest) = whole_and_rest(value);
        let currency = i18n::find(self.language, &format!("currency-{}", self.currency.to_lowercase()), &[]);
        let currency = currency.unwrap_or_else(|| self.currency.clone());
        let words = language::in_words(whole, self.language);
        if rest.is_zero() {
            return self.text("amount-in-words", &[("words", words), ("currency", currency)]);
        }
        let hundredths = self.digits(&(rest * Decimal::ONE_HUNDRED).trunc().to_string());
        let values = [("words", words), ("currency", currency), ("hundredths", hundredths)];
        self.text("amount-in-words-and", &values)
    }

    /// How long something took or has lasted, in its largest unit.
    pub fn length(&self, length: TimeDelta) -> String {
        let (unit, count) = match length.num_minutes().abs() {
            minutes @ 0..60 => ("minutes", minutes),
            minutes @ 60..1440 => ("hours", minutes / 60),
            minutes => ("days", minutes / 1440),
        };
        self.digits(&self.text(&format!("length-{unit}"), &[("count", count.to_string())]))
    }

    pub fn text(&self, key: &str, values: &[(&str, String)]) -> String {
        i18n::text(self.language, key, values)
    }
}

/// Puts the filters and functions in.
pub fn register(tera: &mut Tera) {
    filter(tera, "date", |value, writing| Ok(writing.date(day(value, writing)?)));
    filter(tera, "day", |value, writing| Ok(writing.day_in_words(day(value, writing)?)));
    filter(tera, "time", |value, writing| Ok(writing.time(moment(value)?)));
    filter(tera, "datetime", |value, writing| {
        let at = moment(value)?;
        Ok(format!("{} {}", writing.date(writing.day_of(at)), writing.time(at)))
    });
    filter(tera, "number", |value, writing| Ok(writing.number(decimal(value)?)));
    filter(tera, "digits", |value, writing| Ok(isolated(&writing.digits(&value.to_string()))));
    filter(tera, "isolated", |value, _| Ok(isolated(&value.to_string())));
    filter(tera, "money", |value, writing| Ok(writing.money(decimal(value)?)));
    filter(tera, "words", |value, writing| Ok(writing.words(decimal(value)?)));
    filter(tera, "age", |value, writing| Ok(writing.length(writing.now - moment(value)?)));
    filter(tera, "is_past", |value, writing| {
        Ok(if moment(value)? < writing.now { "yes".to_owned() } else { String::new() })
    });
    tera.register_filter("urlencoded", |value: &str, _: Kwargs, _: &State<'_>| -> String {
        form_urlencoded::byte_serialize(value.as_bytes()).collect()
    });
    tera.register_function("t", |kwargs: Kwargs, state: &State<'_>| -> TeraResult<String> {
        let key: String = kwargs.must_get("key")?;
        let mut values = Vec::new();
        for name in ["a", "b", "c"] {
            if let Some(value) = kwargs.get::<Value>(name)? {
                values.push((name, value.to_string()));
            }
        }
        Ok(writing(state)?.text(&key, &values))
    });
    tera.register_function("asset", |kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let name: String = kwargs.must_get("name")?;
        Ok(asset::address(&name))
    });
}

fn filter(
    tera: &mut Tera,
    name: &'static str,
    write: impl Fn(&Value, &Writing) -> TeraResult<String> + Send + Sync + 'static,
) {
    tera.register_filter(name, move |value: Value, _: Kwargs, state: &State<'_>| -> TeraResult<String> {
        if value.is_none() || value.is_undefined() || value.as_str() == Some("") {
            return Ok(String::new());
        }
        write(&value, &writing(state)?)
    });
}

fn writing(state: &State<'_>) -> TeraResult<Writing> {
    let packed: Option<String> = state.get(READER)?;
    packed
        .and_then(|text| Writing::unpacked(&text))
        .ok_or_else(|| tera::Error::message("a component that formats takes `@reader`"))
}

/// The same text with each code in it between marks that keep its order: a code or a day whose parts stand between
/// `-` or `/` turns around inside a text that is read from the right.
fn isolated(text: &str) -> String {
    let is_rtl = |letter: char| matches!(letter, '\u{0590}'..='\u{065F}' | '\u{066E}'..='\u{06EF}' | '\u{06FA}'..='\u{08FF}');
    let is_part = |letter: char| {
        (letter.is_alphanumeric() && !is_rtl(letter))
            || matches!(letter, '-' | '/' | '_' | '.' | ':' | '@' | '+' | '#')
    };
    if !text.chars().any(is_rtl) || !text.contains(['-', '/']) {
        return text.to_owned();
    }
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        done.push_str(before);
        let (run, after) = from.split_at(from.find(|letter| !is_part(letter)).unwrap_or(from.len()));
        // What ends a sentence belongs to the sentence, and so do marks that were put there before.
        let code = run.trim_end_matches(['.', ':', '-', '/']);
        let is_code =
            code.contains(['-', '/']) && code.chars().any(char::is_numeric) && !before.ends_with(OPEN);
        if is_code {
            done.push(OPEN);
            done.push_str(code);
            done.push(CLOSE);
            done.push_str(run.get(code.len()..).unwrap_or_default());
        } else {
            done.push_str(run);
        }
        rest = after;
    }
    done.push_str(rest);
    done
}

fn decimal(value: &Value) -> TeraResult<Decimal> {
    let text = value.to_string();
    Decimal::from_str_exact(&text).map_err(|_| tera::Error::message(format!("`{text}` is no number")))
}

fn moment(value: &Value) -> TeraResult<DateTime<Utc>> {
    let text = value.to_string();
    let moment = DateTime::parse_from_rfc3339(&text);
    moment.map(|moment| moment.to_utc()).map_err(|_| tera::Error::message(format!("`{text}` is no moment")))
}

fn day(value: &Value, writing: &Writing) -> TeraResult<NaiveDate> {
    match value.to_string().parse::<NaiveDate>() {
        Ok(day) => Ok(day),
        Err(_) => Ok(writing.day_of(moment(value)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writing(language: Language, calendar: Calendar, digits: Digits) -> Writing {
        Writing {
            language,
            calendar,
            digits,
            zone: FixedOffset::east_opt(12_600).unwrap(),
            currency: "IRR".into(),
            minor_digits: 0,
            now: "2026-11-21T10:35:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn calendar_and_digits_are_the_readers_own_choice() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let date = |language, calendar, digits| writing(language, calendar, digits).date(day);
        assert_eq!(date(Language::Fa, Calendar::Jalali, Digits::Persian), "۱۴۰۵/۰۸/۳۰");
        assert_eq!(date(Language::Fa, Calendar::Gregorian, Digits::Latin), "2026/11/21");
        assert_eq!(date(Language::En, Calendar::Jalali, Digits::Latin), "1405/08/30");
        let money = writing(Language::Fa, Calendar::Jalali, Digits::Latin).money(12_000.into());
        assert!(money.contains("12٬000"), "{money}");
    }

    #[test]
    fn a_code_inside_a_text_that_is_read_from_the_right_keeps_its_order() {
        let text = "درخواست 01-01-1405-09-0001: تا ۱۴۰۵/۰۹/۰۲، مدل Max 900.";
        let told = "درخواست \u{2066}01-01-1405-09-0001\u{2069}: تا \u{2066}۱۴۰۵/۰۹/۰۲\u{2069}، مدل Max 900.";
        assert_eq!(isolated(text), told);
        assert_eq!(isolated(told), told, "marked once");
        let link = "پیگیری: http://127.0.0.1:8080/track/01-01.";
        assert_eq!(isolated(link), "پیگیری: \u{2066}http://127.0.0.1:8080/track/01-01\u{2069}.");
        for plain in ["request 01-01-1405-09-0001", "۱۴۰۵/۰۹/۰۲", "سلام – خوبی؟", "۱۰۰ ریال"]
        {
            assert_eq!(isolated(plain), plain);
        }
    }

    #[test]
    fn a_day_is_told_in_words() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let told = |language, calendar, digits| writing(language, calendar, digits).day_in_words(day);
        assert_eq!(told(Language::Fa, Calendar::Jalali, Digits::Persian), "شنبه ۳۰ آبان ۱۴۰۵");
        assert_eq!(told(Language::En, Calendar::Gregorian, Digits::Latin), "Saturday, 21 November 2026");
    }

    #[test]
    fn how_a_reader_wants_things_survives_the_way_into_a_template() {
        let sent = writing(Language::Pl, Calendar::Gregorian, Digits::Latin);
        let come = Writing::unpacked(&sent.packed()).unwrap();
        assert_eq!(come.packed(), sent.packed());
    }
}
