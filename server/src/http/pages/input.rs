//! Forms made of a process's definition: what a field of each kind looks like, and what was typed as the value that
//! the API takes. Whether a value is right is not decided here; what cannot be read travels as it was typed.

mod begin;
pub mod open;

use std::collections::BTreeMap;

use aftercare_engine::text::latin_digits;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Utc};
use icu_calendar::Date;
use icu_calendar::cal::Iso;
use serde_json::{Map, Value, json};

use super::form::PageForm;
use super::format::Writing;
use crate::http::api::tickets::steps::{Choice, FormField};

/// Empty rows that a list of parts or services begins with.
const ROWS: usize = 3;
/// Most rows that are read.
const MOST_ROWS: usize = 100;
/// Where the rows for parts of a technician's van begin, and how many there are at most.
pub const VAN: usize = 60;
pub const MOST_IN_VAN: usize = MOST_ROWS - VAN;

/// Name of an input: of a field, or of a part of it.
fn name(field: &str, part: &str) -> String {
    if part.is_empty() { format!("f:{field}") } else { format!("f:{field}:{part}") }
}

/// The fields as a template shows them: with what was typed before, and what was wrong with it. Where nothing was
/// typed yet, with what the form begins with.
pub fn shown(
    fields: &[FormField],
    typed: &PageForm,
    wrong: &BTreeMap<String, String>,
    writing: &Writing,
) -> Vec<Value> {
    let is_typed = typed.0.iter().any(|(name, _)| name.starts_with("f:"));
    let begun = if is_typed { PageForm::default() } else { begin::begun(fields, writing) };
    let typed = if is_typed { typed } else { &begun };
    fields.iter().map(|field| input(field, typed, wrong)).collect()
}

/// Whether a part of a record is shown and not asked.
fn is_given(part: &FormField) -> bool {
    part.fixed
}

/// How many rows a list of records has that come with the form; none: whoever fills it in makes them.
fn given_rows(field: &FormField) -> Option<usize> {
    let rows = field.value.as_array().filter(|_| field.of.iter().any(is_given))?;
    Some(rows.len())
}

fn input(field: &FormField, typed: &PageForm, wrong: &BTreeMap<String, String>) -> Value {
    let was = |part: &str| typed.get(&name(&field.field, part)).unwrap_or_default().to_owned();
    let mut input = json!({
        "name": name(&field.field, ""),
        "field": field.field,
        "kind": field.r#type,
        "title": field.title,
        "help": field.help,
        // Whoever it does not apply to must be able to leave it out; the others are told what is missing.
        "required": field.required && !field.conditional,
        "conditional": field.required && field.conditional,
        "min": field.min,
        "max": field.max,
        "role": field.role,
        "value": was(""),
        "wrong": wrong.get(&field.field),
    });
    let options: Vec<Value> = field
        .options
        .iter()
        .map(|option| json!({"value": option.value, "title": option.title, "on": was(&option.value) == "on"}))
        .collect();
    let more = match field.r#type.as_str() {
        "rating" => json!({"scale": (0..=field.max.unwrap_or(5)).collect::<Vec<_>>()}),
        "date" | "datetime" => json!({"date": was("date"), "time": was("time")}),
        "parts" | "services" => {
            let columns = line_columns(field);
            json!({"rows": rows(typed, &field.field, &columns), "columns": field.columns,
                   "taken": taken(typed, &field.field, &columns)})
        }
        "records" => {
            json!({"rows": records(field, typed), "given_rows": given_rows(field).is_some()})
        }
        _ => json!({}),
    };
    if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
        input.extend(more);
        input.insert("options".into(), options.into());
    }
    input
}

/// The rows of a list of records, each with the inputs of its parts.
fn records(field: &FormField, typed: &PageForm) -> Vec<Value> {
    let is_there = |row: &usize| {
        let begin = name(&field.field, &format!("{row}:"));
        typed.0.iter().any(|(name, _)| name.starts_with(&begin))
    };
    let sent = given_rows(field).unwrap_or_else(|| (0..MOST_ROWS).take_while(is_there).count().max(ROWS));
    // What is wrong is said once, below the whole list.
    let nothing = BTreeMap::new();
    let part = |row: usize, part: &FormField| {
        let mut shown = input(&in_row(field, part, row), typed, &nothing);
        if is_given(part) {
            shown["is_given"] = true.into();
            shown["given"] = given(part, &field.value[row][&part.field]);
        }
        shown
    };
    (0..sent).map(|row| field.of.iter().map(|one| part(row, one)).collect()).collect()
}

/// What stands in a row already: the words of a choice or of what is ticked, else the value itself.
fn given(part: &FormField, value: &Value) -> Value {
    let is_on = |option: &Choice| match value {
        Value::Object(ticks) => ticks.get(&option.value) == Some(&Value::Bool(true)),
        one => *one == *option.value,
    };
    if part.options.is_empty() {
        return value.clone();
    }
    let titles = part.options.iter().filter(|option| is_on(option)).map(|option| option.title.as_str());
    titles.collect::<Vec<_>>().join(" · ").into()
}

/// A part of a record as a field of its own, which a row left empty does not ask for.
fn in_row(field: &FormField, part: &FormField, row: usize) -> FormField {
    FormField { field: format!("{}:{row}:{}", field.field, part.field), required: false, ..part.clone() }
}

/// What stands in a line of parts or services.
fn line_columns(field: &FormField) -> Vec<&str> {
    ["code", "quantity"].into_iter().chain(field.columns.iter().map(String::as_str)).collect()
}

fn rows(typed: &PageForm, field: &str, columns: &[&str]) -> Vec<Value> {
    let cell = |row: usize, column: &&str| typed.get(&name(field, &format!("{row}:{column}")));
    let is_there = |row: &usize| columns.iter().any(|column| cell(*row, column).is_some());
    let sent = (0..MOST_ROWS).take_while(is_there).count().max(ROWS);
    let row = |row: usize| {
        let cells = columns.iter().map(|column| {
            let value = cell(row, column).unwrap_or_default();
            ((*column).to_owned(), json!(value))
        });
        Value::Object(cells.chain([("at".to_owned(), json!(row))]).collect())
    };
    (0..sent).map(row).collect()
}

/// What was ticked of a van, by code.
fn taken(typed: &PageForm, field: &str, columns: &[&str]) -> Value {
    let cell = |row: usize, column: &str| typed.get(&name(field, &format!("{row}:{column}")));
    let row = |row: usize| {
        let code = cell(row, "code")?.to_owned();
        let cells = columns.iter().map(|column| ((*column).to_owned(), json!(cell(row, column))));
        Some((code, Value::Object(cells.collect())))
    };
    Value::Object((VAN..MOST_ROWS).filter_map(row).collect())
}

/// What was typed, as the API takes it. A field that was left empty is left out.
pub fn read(fields: &[FormField], form: &PageForm, writing: &Writing) -> BTreeMap<String, Value> {
    let typed = fields.iter().filter_map(|field| Some((field.field.clone(), value(field, form, writing)?)));
    typed.collect()
}

fn value(field: &FormField, form: &PageForm, writing: &Writing) -> Option<Value> {
    let part =
        |part: &str| form.get(&name(&field.field, part)).map(str::trim).filter(|text| !text.is_empty());
    match field.r#type.as_str() {
        "flag" => Some(json!(part("") == Some("on"))),
        "integer" | "rating" | "line" => {
            let text = plain_number(part("")?);
            Some(text.parse::<i64>().map_or(Value::String(text), Value::from))
        }
        "decimal" | "money" => Some(plain_number(part("")?).into()),
        "date" => part("date").map(|text| day(text).map_or(text.to_owned(), |day| day.to_string()).into()),
        "datetime" => part("date").map(|text| moment(text, part("time"), writing).into()),
        "checklist" => {
            let ticked =
                field.options.iter().map(|item| (item.value.clone(), json!(part(&item.value) == Some("on"))));
            Some(Value::Object(ticked.collect()))
        }
        "parts" | "services" => list(form, &field.field, &line_columns(field)),
        // What a picture is called is known when it is kept; its number may be named.
        "signature" | "photo" => part("").and_then(|text| text.parse::<i64>().ok()).map(Value::from),
        "records" => records_of(field, form, writing),
        "list" => {
            let lines = part("")?.lines().map(str::trim).filter(|line| !line.is_empty());
            Some(lines.map(|line| json!(line)).collect())
        }
        "record" => part("").map(|text| serde_json::from_str(text).unwrap_or_else(|_| json!(text))),
        _ => part("").map(|text| json!(text)),
    }
}

/// The records that were typed: rows in which anything stands.
fn records_of(field: &FormField, form: &PageForm, writing: &Writing) -> Option<Value> {
    let count = given_rows(field);
    let rows = (0..count.unwrap_or(MOST_ROWS)).map(|row| {
        let asked = field.of.iter().filter(|part| !is_given(part));
        let parts = asked.map(|part| (part, in_row(field, part, row)));
        let typed =
            parts.filter_map(|(part, asked)| Some((part.field.clone(), value(&asked, form, writing)?)));
        Value::Object(typed.collect())
    });
    // A box that is not ticked says nothing about whether the row is there.
    let is_there = |row: &Value| {
        row.as_object().is_some_and(|row| row.values().any(|value| *value != Value::Bool(false)))
    };
    let rows: Vec<Value> = rows.filter(|row| count.is_some() || is_there(row)).collect();
    (!rows.is_empty()).then_some(Value::Array(rows))
}

fn list(form: &PageForm, field: &str, columns: &[&str]) -> Option<Value> {
    let mut rows = Vec::new();
    for at in 0..MOST_ROWS {
        let mut row = Map::new();
        for column in columns {
            let text = form.get(&name(field, &format!("{at}:{column}"))).map(str::trim).unwrap_or_default();
            if text.is_empty() {
                continue;
            }
            let value = match *column {
                "quantity" => {
                    let text = plain_number(text);
                    text.parse::<i64>().map_or(Value::String(text), Value::from)
                }
                "unit_cost" => plain_number(text).into(),
                "approved" => json!(text == "on"),
                // What is chosen from a list is its code, whatever stands behind it.
                "code" => json!(latin_digits(text.split_whitespace().next().unwrap_or_default())),
                _ => json!(text),
            };
            row.insert((*column).to_owned(), value);
        }
        if row.contains_key("code") {
            row.entry("quantity").or_insert_with(|| json!(1));
            rows.push(Value::Object(row));
        }
    }
    (!rows.is_empty()).then_some(Value::Array(rows))
}

/// A number as people type it: any digits, with or without signs between the thousands.
fn plain_number(text: &str) -> String {
    let kept =
        |letter: &char| !letter.is_whitespace() && !matches!(letter, '٬' | ',' | '\u{a0}' | '\u{202f}');
    latin_digits(text).chars().filter(kept).map(|letter| if letter == '٫' { '.' } else { letter }).collect()
}

/// A day in the Gregorian or the Jalali calendar: the years of the two never meet.
pub fn day(text: &str) -> Option<NaiveDate> {
    let text = latin_digits(text.trim());
    let mut parts = text.split(['-', '/', '.']);
    let mut next = || parts.next()?.trim().parse::<u32>().ok();
    let (first, month, last) = (next()?, next()?, next()?);
    let (year, day) = if first > 31 { (first, last) } else { (last, first) };
    let year = i32::try_from(year).ok()?;
    if year >= 1700 {
        return NaiveDate::from_ymd_opt(year, month, day);
    }
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let date = Date::try_new_persian(year, month, day).ok()?.to_calendar(Iso);
    let (month, day) = (date.month().ordinal.into(), date.day_of_month().0.into());
    NaiveDate::from_ymd_opt(date.year().extended_year(), month, day)
}

/// A day at a time of the company's place; without one, the end of its working day.
pub fn at(day: NaiveDate, time: Option<&str>, writing: &Writing) -> Option<DateTime<Utc>> {
    let time = NaiveTime::parse_from_str(&latin_digits(time.unwrap_or("17:00")), "%H:%M").ok()?;
    let local = writing.zone.from_local_datetime(&NaiveDateTime::new(day, time)).single()?;
    Some(local.to_utc())
}

/// A day and a time at the company's place as a moment; what cannot be read stays as it was typed.
fn moment(date: &str, time: Option<&str>, writing: &Writing) -> String {
    let time_text = latin_digits(time.unwrap_or("00:00"));
    let time = NaiveTime::parse_from_str(&time_text, "%H:%M").ok();
    let local = day(date).zip(time).map(|(day, time)| NaiveDateTime::new(day, time));
    let moment = local.and_then(|local| writing.zone.from_local_datetime(&local).single());
    moment.map_or_else(
        || format!("{date} {time_text}"),
        |moment| moment.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, kind: &str) -> FormField {
        let columns = ["old_serial", "new_serial"].iter().filter(|_| kind == "parts");
        let columns = columns.map(|column| (*column).to_owned()).collect();
        FormField { field: name.into(), r#type: kind.into(), columns, ..FormField::default() }
    }

    fn typed(pairs: &[(&str, &str)]) -> PageForm {
        PageForm(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    fn writing() -> Writing {
        Writing::packed_for_tests("fa j p 12600 IRR 0 0")
    }

    #[test]
    fn days_are_read_in_both_calendars_and_with_any_digits() {
        let expected = NaiveDate::from_ymd_opt(2026, 11, 21);
        for text in ["2026-11-21", "۱۴۰۵/۰۸/۳۰", "1405/8/30", "21.11.2026", "٢٠٢٦/١١/٢١"] {
            assert_eq!(day(text), expected, "{text}");
        }
        assert_eq!(day("1405/13/01"), None);
        assert_eq!(day("soon"), None);
    }

    #[test]
    fn a_form_becomes_what_the_api_takes() {
        let fields = ["n:integer", "m:money", "d:datetime", "f:flag", "t:text", "l:list", "p:parts"];
        let fields: Vec<FormField> = fields
            .iter()
            .filter_map(|text| text.split_once(':'))
            .map(|(name, kind)| field(name, kind))
            .collect();
        let form = typed(&[
            ("f:n", "۱۲"),
            ("f:m", "۱٬۲۵۰٬۰۰۰"),
            ("f:d:date", "۱۴۰۵/۰۸/۳۰"),
            ("f:d:time", "14:05"),
            ("f:t", "  "),
            ("f:l", "cable\r\n\r\nremote"),
            ("f:p:0:code", "WM-MTR – Motor"),
            ("f:p:1:code", ""),
            ("f:p:2:code", "WM-SNS"),
            ("f:p:2:quantity", "۲"),
        ]);
        let read = read(&fields, &form, &writing());
        let expected = json!({
            "n": 12, "m": "1250000", "d": "2026-11-21T10:35:00Z", "f": false, "l": ["cable", "remote"],
            "p": [{"code": "WM-MTR", "quantity": 1}, {"code": "WM-SNS", "quantity": 2}],
        });
        assert_eq!(json!(read), expected);
    }

    #[test]
    fn rows_of_a_list_become_records_and_come_back_as_they_were_typed() {
        let of = vec![field("code", "text"), field("price", "money"), field("ok", "flag")];
        let list = FormField { of, ..field("offers", "records") };
        let form = typed(&[
            ("f:offers:0:code", "A-1"),
            ("f:offers:0:price", "۱٬۲۰۰"),
            ("f:offers:1:code", " "),
            ("f:offers:2:code", "A-2"),
            ("f:offers:2:ok", "on"),
        ]);
        let read = read(std::slice::from_ref(&list), &form, &writing());
        let expected = json!({"offers": [
            {"code": "A-1", "price": "1200", "ok": false},
            {"code": "A-2", "ok": true},
        ]});
        assert_eq!(json!(read), expected);
        let shown = shown(&[list], &form, &BTreeMap::new(), &writing());
        assert_eq!(shown[0]["rows"][2][0]["value"], "A-2");
        assert_eq!(shown[0]["rows"][2][0]["name"], "f:offers:2:code");
    }

    #[test]
    fn what_cannot_be_read_travels_as_it_was_typed() {
        let read = read(
            &[field("n", "integer"), field("d", "date")],
            &typed(&[("f:n", "many"), ("f:d:date", "soon")]),
            &writing(),
        );
        assert_eq!(json!(read), json!({"n": "many", "d": "soon"}));
    }

    #[test]
    fn a_form_that_was_refused_shows_again_what_was_typed() {
        let form = typed(&[
            ("f:t", "as typed"),
            ("f:p:3:code", "x"),
            ("f:p:0:code", "a"),
            ("f:p:1:code", ""),
            ("f:p:2:code", ""),
        ]);
        let wrong = BTreeMap::from([("t".to_owned(), "no".to_owned())]);
        let shown = shown(&[field("t", "text"), field("p", "parts")], &form, &wrong, &writing());
        assert_eq!((&shown[0]["value"], &shown[0]["wrong"]), (&json!("as typed"), &json!("no")));
        assert_eq!(shown[1]["rows"][3]["code"], "x");
    }
}
