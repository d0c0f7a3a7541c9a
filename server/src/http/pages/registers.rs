//! The registers in a browser: one list, one form, one way in for pasted tables, all made of the registers'
//! descriptions. No register has anything of its own here but in `beyond`.

mod beyond;
mod entry;
pub mod files;
mod inputs;
mod paste;

use aftercare_engine::definition::messages::Permission;
use poem::web::Path;
use poem::{Request, Response, Route, get, handler, post};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::board::Query;
use super::view::View;
use crate::auth;
use crate::exchange::columns::{self, Column};
use crate::http::access::library;
use crate::http::api::registry::list::{Asked, list, readable};
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::i18n;
use crate::register::{ALL, Kind, Register, find};
use crate::store::registry::category;

/// Entries of a page, and columns of its table.
const ROWS: u64 = 50;
const WIDTH: usize = 7;
/// Parts below their minimum that are named.
const SHORT: u64 = 20;

/// The addresses.
pub fn routes(route: Route) -> Route {
    route
        .at("/registers", get(index))
        .at("/registers/:name", get(show))
        .at("/registers/:name/entry", get(entry::show).post(entry::submit))
        .at("/registers/:name/beyond", post(beyond::submit))
        .at("/registers/:name/files", post(files::submit))
        .at("/registers/:name/invite", post(entry::invited))
        .at("/registers/:name/remove", post(entry::remove))
        .at("/registers/:name/paste", get(paste::show).post(paste::submit))
}

fn register(name: &str) -> Result<&'static Register, Problem> {
    find(name).ok_or_else(|| Problem::not_found("register", name))
}

/// What a register is called.
fn title(view: &View, register: &Register) -> String {
    named(view, &format!("register-{}", register.name), register.about)
}

/// What a column is called: its own text, else the text of its field with the rest of its path.
fn label(view: &View, header: &str) -> String {
    let (field, inside) = header.split_once('.').unwrap_or((header, ""));
    let field = named(view, &format!("column-{}", field.replace('_', "-")), &field.replace('_', " "));
    let inside: Vec<String> = inside
        .split('.')
        .filter(|part| !part.is_empty())
        .map(|part| named(view, &format!("column-{}", part.replace('_', "-")), &part.replace('_', " ")))
        .collect();
    if inside.is_empty() { field } else { format!("{field} – {}", inside.join(" ")) }
}

/// What one of the words of a column is called.
fn word(view: &View, word: &str) -> String {
    if word.is_empty() {
        String::new()
    } else {
        named(view, &format!("value-{}", word.replace('_', "-")), word)
    }
}

fn named(view: &View, key: &str, otherwise: &str) -> String {
    i18n::find(view.writing.language, key, &[]).unwrap_or_else(|| otherwise.to_owned())
}

/// The columns that the reader sees.
async fn columns_of(
    view: &View,
    who: &SignedIn,
    register: &'static Register,
) -> Result<Vec<Column>, Problem> {
    let attributes = category::attributes(view.app.store.reader()).await?;
    Ok(columns::of(register, &attributes, &who.hidden(&view.app)))
}

fn may_write(view: &View, who: &SignedIn, register: &Register) -> bool {
    auth::may(&who.caller, &library(&view.app).roles, register.write).is_ok()
}

/// Parts that somebody should order, as `GET /api/stock?short=true` tells them; the page names the first ones.
async fn below_minimum(view: &View, who: &SignedIn) -> Result<Vec<Value>, Problem> {
    if auth::may(&who.caller, &library(&view.app).roles, Permission::RegistriesRead).is_err() {
        return Ok(Vec::new());
    }
    let rows = view.app.store.stock(None, None, true, SHORT).await?;
    let told = rows.into_iter().map(|row| {
        let quantity = Decimal::new(row.quantity, 3).normalize();
        json!({"part": row.part, "warehouse": row.warehouse, "quantity": quantity})
    });
    Ok(told.collect())
}

/// GET /registers: all of them.
#[handler]
async fn index(mut view: View) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let readable = ALL.iter().filter(|register| readable(&view.app, &who, register).is_ok());
    let all: Vec<Value> = readable
        .map(|register| json!({"name": register.name, "title": title(&view, register), "count": register.fields.len()}))
        .collect();
    if all.is_empty() {
        who.may(&view.app, Permission::RegistriesRead)?;
    }
    let short = below_minimum(&view, &who).await?;
    view.put("short", &short);
    view.put("registers", &all);
    view.page("registers.html")
}

/// GET /registers/{name}
#[handler]
async fn show(request: &Request, mut view: View, Path(name): Path<String>) -> Result<Response, Problem> {
    let who = view.signed_in()?;
    let register = register(&name)?;
    let query = Query::of(request);
    let text = |name: &str| query.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let asked = Asked { search: text("q"), after: text("after"), limit: Some(ROWS) };
    let page = list(&view.app, &who, register, asked).await?;
    let columns = columns_of(&view, &who, register).await?;
    let shown = short(&columns, view.writing.language.code());
    let heads: Vec<String> = shown.iter().map(|column| label(&view, &column.header)).collect();
    let items = page["items"].as_array().cloned().unwrap_or_default();
    let rows = items.iter().filter_map(Value::as_object).map(|entry| {
        let cells: Vec<Value> = shown.iter().map(|column| cell(&view, column, entry)).collect();
        json!({"key": entry.get(register.key().name), "cells": cells})
    });
    view.put("rows", &rows.collect::<Vec<_>>());
    view.put("heads", &heads);
    view.put("next", &page.get("next"));
    view.put("asked", &text("q"));
    view.put("name", &register.name);
    view.put("title", &title(&view, register));
    view.put("may_write", &may_write(&view, &who, register));
    view.page("register.html")
}

fn cell(view: &View, column: &Column, entry: &crate::register::check::Entry) -> Value {
    let text = column.show(entry);
    let kind = match column.field.kind {
        Kind::Word(_) => return json!({"text": word(view, &text), "kind": "text"}),
        Kind::Day => "day",
        Kind::Amount => "amount",
        Kind::YesNo => "yes-no",
        Kind::Key | Kind::Digits | Kind::Email | Kind::Phone | Kind::Refers(_) | Kind::RefersLater(_) => {
            "code"
        }
        _ if column.is_number() => "number",
        _ => "text",
    };
    json!({"text": text, "kind": kind})
}

/// The columns of the table: the first ones that are short, names in the reader's language alone.
fn short<'c>(columns: &'c [Column], language: &str) -> Vec<&'c Column> {
    let is_short = |column: &&Column| match column.field.kind {
        Kind::Names => column.header.ends_with(&format!(".{language}")),
        Kind::Terms | Kind::Attributes | Kind::Definitions | Kind::Texts => false,
        _ => true,
    };
    columns.iter().filter(is_short).take(WIDTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn every_register_field_and_word_has_a_text_of_its_own() {
        let mut missing = Vec::new();
        let mut need = |key: String| {
            if i18n::find(Language::En, &key, &[]).is_none() {
                missing.push(key);
            }
        };
        for register in ALL {
            need(format!("register-{}", register.name));
            need(format!("thing-{}", register.one.replace('_', "-")));
            for field in register.fields {
                need(format!("column-{}", field.name.replace('_', "-")));
                if let Kind::Word(words) = field.kind {
                    words.iter().for_each(|word| need(format!("value-{}", word.replace('_', "-"))));
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }
}
