//! The inputs of an entry's form: one for each column, with what can be chosen in it and what is wrong with it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{label, word};
use crate::exchange::columns::Column;
use crate::http::pages::choices::{self, in_words};
use crate::http::pages::form::PageForm;
use crate::http::pages::people;
use crate::http::pages::preferences::Calendar;
use crate::http::pages::ticket::step::title_of;
use crate::http::pages::view::View;
use crate::http::problem::{FieldError, Problem};
use crate::http::signed_in::SignedIn;
use crate::register::check::Entry;
use crate::register::field::LANGUAGES;
use crate::register::{Kind, Need, Register, cell, find};

/// Rows for roles that are not given yet.
const FREE_ROLES: usize = 2;

/// What was typed into a form and what is wrong with it.
pub struct Typed<'t> {
    pub form: &'t PageForm,
    pub errors: &'t [FieldError],
}

/// The inputs of a form, and what is wrong with none of them.
pub struct Inputs {
    pub inputs: Vec<Value>,
    pub others: Vec<String>,
}

/// The inputs for these columns. The key of an entry that is there stays.
pub async fn inputs(
    view: &View,
    who: &SignedIn,
    register: &'static Register,
    columns: &[Column],
    entry: &Entry,
    is_there: bool,
    typed: Option<&Typed<'_>>,
) -> Result<Inputs, Problem> {
    let mut lists = BTreeMap::new();
    let mut wrong: Vec<&FieldError> = typed.iter().flat_map(|typed| typed.errors).collect();
    let mut inputs = Vec::new();
    for column in columns {
        let sent = typed.and_then(|typed| text(typed.form, column));
        let value =
            sent.unwrap_or_else(|| if is_there { written(view, column, entry) } else { first(column) });
        let title = label(view, &column.header);
        let mut input = input(column, &value, &title);
        let (about, other): (Vec<_>, Vec<_>) = wrong.into_iter().partition(|error| is_about(error, column));
        wrong = other;
        input["wrong"] = json!(about.first().map(|error| said(view, error, &title)));
        let is_key = column.field.name == register.key().name;
        input["fixed"] = json!(column.field.read_only || (is_key && is_there));
        offer(view, who, column, &value, &mut input, &mut lists).await?;
        inputs.push(input);
    }
    let title = |error: &FieldError| title_of(path(error), view.writing.language);
    let others = wrong.iter().map(|error| said(view, error, &title(error)));
    Ok(Inputs { others: others.collect(), inputs })
}

fn path(error: &FieldError) -> &str {
    error.field.trim_start_matches("data.")
}

/// `phones[0]` and `roles[1].branch` are about the input of their field. Of several inputs it is the one of just this
/// part, such as `name.fa`; what is about all of the field stands beside the first.
fn is_about(error: &FieldError, column: &Column) -> bool {
    let path = path(error);
    path == column.header
        || (!path.contains('.') || !column.header.contains('.'))
            && path.split(['.', '[']).next() == Some(column.field.name)
}

/// What is wrong; with a part of an item of a list, that part is named.
fn said(view: &View, error: &FieldError, title: &str) -> String {
    let part = path(error).rsplit_once("].").map(|(_, part)| label(view, part));
    let title = part.as_deref().unwrap_or(title);
    error.titled(view.writing.language, title, &|one| word(view, one))
}

/// What can be chosen: words, entries of the register that the column names, roles and branches.
async fn offer(
    view: &View,
    who: &SignedIn,
    column: &Column,
    value: &str,
    input: &mut Value,
    lists: &mut BTreeMap<&'static str, Option<Vec<Value>>>,
) -> Result<(), Problem> {
    input["shown"] = json!(value);
    match column.field.kind {
        Kind::Word(words) => {
            input["shown"] = json!(word(view, value));
            input["options"] =
                words.iter().map(|one| json!({"value": one, "title": word(view, one)})).collect();
        }
        Kind::YesNo => input["options"] = json!([{"value": "true"}, {"value": "false"}]),
        Kind::Refers(name) | Kind::RefersLater(name) => {
            if !lists.contains_key(name) {
                lists.insert(name, all_of(view, who, name).await?);
            }
            let Some(Some(list)) = lists.get(name) else { return Ok(()) };
            let is_value = |option: &&Value| option["value"] == value;
            let mut options: Vec<Value> = list
                .iter()
                .filter(|option| is_value(option) || option["active"] != json!(false))
                .cloned()
                .collect();
            match options.iter().find(is_value) {
                Some(found) => input["shown"] = found["title"].clone(),
                None if value.is_empty() => {}
                None => options.push(json!({"value": value, "title": value})),
            }
            input["kind"] = json!("choice");
            input["options"] = json!(options);
        }
        Kind::Roles => {
            let held = cell::read(Kind::Roles, value).unwrap_or_default();
            let mut rows = held.as_array().cloned().unwrap_or_default();
            let named = rows.iter().map(|row| named(view, row));
            input["shown"] = json!(named.collect::<Vec<_>>().join(" · "));
            rows.extend((0..FREE_ROLES).map(|_| json!({})));
            input["rows"] = json!(rows);
            input["options"] = json!(people::all_roles(view));
            input["branches"] = people::branches(view)
                .await?
                .into_iter()
                .map(|(code, name)| json!({"value": code, "title": name}))
                .collect();
        }
        _ => {}
    }
    Ok(())
}

fn named(view: &View, held: &Value) -> String {
    let role = people::role(view, held["role"].as_str().unwrap_or_default());
    held["branch"].as_str().map_or(role.clone(), |branch| format!("{role} ({branch})"))
}

/// The entries of a register by what they are called; none where there are too many for a list, or the reader sees none.
async fn all_of(view: &View, who: &SignedIn, name: &str) -> Result<Option<Vec<Value>>, Problem> {
    let Some(register) = find(name) else { return Ok(None) };
    let Some(found) = choices::whole(view, who, register).await? else { return Ok(None) };
    let option = |entry: &Value| {
        let key = entry[register.key().name].as_str().unwrap_or_default();
        let own = entry["full_name"]
            .as_str()
            .map_or_else(|| in_words(&entry["name"], view.writing.language), str::to_owned);
        let title = if own.is_empty() || own == key { key.to_owned() } else { format!("{own} – {key}") };
        json!({"value": key, "title": title, "active": entry["active"]})
    };
    Ok(Some(found.iter().map(option).collect()))
}

/// What stands in a column, as its reader types it: days in the reader's calendar.
fn written(view: &View, column: &Column, entry: &Entry) -> String {
    let text = column.show(entry);
    match (column.field.kind, text.parse()) {
        (Kind::Day, Ok(day)) if view.writing.calendar == Calendar::Jalali => view.writing.date(day),
        _ => text,
    }
}

/// What stands in a column when nobody says anything else.
fn first(column: &Column) -> String {
    let Need::Default(json) = column.field.need else { return String::new() };
    if column.header != column.field.name {
        return String::new();
    }
    serde_json::from_str(json).map_or_else(|_| String::new(), |value| cell::show(&value))
}

/// What a form says of a column, as a cell of a file would: roles come as rows of a role and a branch.
pub fn text(form: &PageForm, column: &Column) -> Option<String> {
    let name = name_of(column);
    let all = |part: &str| {
        let name = format!("{name}:{part}");
        form.0.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value.trim()).collect::<Vec<_>>()
    };
    let (roles, branches) = (all("role"), all("branch"));
    if column.field.kind != Kind::Roles || roles.is_empty() {
        return form.get(&name).map(str::to_owned);
    }
    let branch = |n: usize| branches.get(n).copied().unwrap_or_default();
    let rows = roles.iter().enumerate().filter_map(|(n, role)| match (*role, branch(n)) {
        ("", "") => None,
        (role, "") => Some(role.to_owned()),
        (role, branch) => Some(format!("{role}@{branch}")),
    });
    Some(rows.collect::<Vec<_>>().join("; "))
}

fn name_of(column: &Column) -> String {
    format!("c:{}", column.header)
}

fn input(column: &Column, value: &str, title: &str) -> Value {
    let kind = match column.field.kind {
        Kind::Word(_) | Kind::YesNo => "choice",
        Kind::Roles => "roles",
        Kind::Definitions | Kind::Phones => "lines",
        Kind::Texts => "texts",
        Kind::Day => "day",
        Kind::Amount | Kind::Number | Kind::Quantity | Kind::Whole(_) => "number",
        Kind::Key | Kind::Digits | Kind::Email | Kind::Phone | Kind::Refers(_) | Kind::RefersLater(_) => {
            "code"
        }
        _ => "text",
    };
    let part = column.header.rsplit('.').next().unwrap_or_default();
    json!({
        "name": name_of(column), "title": title, "kind": kind, "options": [], "value": value,
        "required": column.field.need == Need::Required && !matches!(column.field.kind, Kind::Names | Kind::Texts),
        "lang": LANGUAGES.contains(&part).then_some(part),
    })
}
