//! The templates, part of the program, and how a page is made of one: rendered, compressed, sent with the policy
//! that lets nothing run but our own scripts.
//!
//! A debug build reads them from the repository's folder each time, so that a change is seen by reloading.

use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use poem::Response;
use poem::http::{HeaderValue, StatusCode, header};
use tera::{Context, Tera};

use super::{format, icon, qr};
use crate::http::problem::Problem;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../templates/", $name)))),*]
    };
}

/// Name and text of each.
pub const FILES: &[(&str, &str)] = files![
    "account.html",
    "board.html",
    "books.html",
    "books_balance.html",
    "books_check.html",
    "books_days.html",
    "books_journal.html",
    "books_ledger.html",
    "books_nav.html",
    "books_roll.html",
    "books_vat.html",
    "bulk.html",
    "card.html",
    "confirm.html",
    "day.html",
    "definitions.html",
    "device.html",
    "device_ask.html",
    "dispatch.html",
    "drawing.html",
    "entry_files.html",
    "failure.html",
    "home.html",
    "inbox.html",
    "incidents.html",
    "input.html",
    "intake.html",
    "label.html",
    "letter.html",
    "letters.html",
    "map.html",
    "messages.html",
    "moment.html",
    "moves.html",
    "own.html",
    "portal.html",
    "print.html",
    "print_letter.html",
    "print_paper.html",
    "print_statement.html",
    "print_voucher.html",
    "register.html",
    "register_entry.html",
    "register_paste.html",
    "registers.html",
    "history.html",
    "life.html",
    "report.html",
    "reports.html",
    "runs.html",
    "shell.html",
    "sign_in.html",
    "step.html",
    "task.html",
    "tasks.html",
    "text.html",
    "texts.html",
    "ticket.html",
    "track_code.html",
    "track_door.html",
    "track_home.html",
    "track_leave.html",
    "track_new.html",
    "track_pay.html",
    "track_refused.html",
    "track_ticket.html",
    "value.html",
    "welcome.html",
];

/// For pages. Styles and scripts come from our own files alone, never from the page itself.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// Below this many bytes compressing costs more than it saves.
const WORTH_IT: usize = 1024;

static TEMPLATES: LazyLock<Result<Tera, String>> =
    LazyLock::new(|| tera(FILES.iter().map(|(name, text)| (*name, (*text).to_owned()))));

fn tera<'a>(files: impl Iterator<Item = (&'a str, String)>) -> Result<Tera, String> {
    let mut tera = Tera::new();
    tera.autoescape_on(vec![".html"]);
    format::register(&mut tera);
    icon::register(&mut tera);
    qr::register(&mut tera);
    tera.add_raw_templates(files).map_err(|error| error.to_string())?;
    Ok(tera)
}

fn rendered(name: &str, context: &Context) -> Result<String, String> {
    if cfg!(debug_assertions) {
        let read = |(name, text): &(&'static str, &str)| {
            let path = format!("{}/templates/{name}", env!("CARGO_MANIFEST_DIR"));
            (*name, std::fs::read_to_string(path).unwrap_or_else(|_| (*text).to_owned()))
        };
        let tera = tera(FILES.iter().map(read))?;
        return tera.render(name, context).map_err(|error| error.to_string());
    }
    let tera = TEMPLATES.as_ref().map_err(Clone::clone)?;
    tera.render(name, context).map_err(|error| error.to_string())
}

/// The page as an answer.
pub fn page(
    name: &str,
    context: &Context,
    status: StatusCode,
    takes_gzip: bool,
) -> Result<Response, Problem> {
    let html = rendered(name, context).map_err(|error| Problem::internal(&error))?;
    let response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::VARY, "Accept-Encoding, Cookie");
    let small = (takes_gzip && html.len() > WORTH_IT).then(|| compressed(html.as_bytes(), 5)).flatten();
    Ok(match small {
        Some(bytes) => response.header(header::CONTENT_ENCODING, "gzip").body(bytes),
        None => response.body(html),
    })
}

/// Gzip of some bytes.
pub fn compressed(bytes: &[u8], level: u32) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(level));
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{self, Language};

    #[test]
    fn the_templates_can_be_read() {
        if let Err(error) = TEMPLATES.as_ref() {
            panic!("{error}");
        }
    }

    #[test]
    fn every_template_of_the_folder_is_part_of_the_program() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(FILES.iter().any(|(known, _)| *known == name), "{name}");
        }
    }

    #[test]
    fn every_text_of_a_template_exists() {
        let mut missing = Vec::new();
        for (name, text) in FILES {
            for call in text.split("t(key=\"").skip(1) {
                let key = call.split('"').next().unwrap();
                // A key that goes on after the quotes is put together from the data.
                let is_whole = call[key.len()..].starts_with("\")") || call[key.len()..].starts_with("\",");
                if is_whole && i18n::find(Language::En, key, &[]).is_none() {
                    missing.push(format!("{name}: {key}"));
                }
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn no_template_has_a_script_or_a_style_of_its_own() {
        for (name, text) in FILES {
            for forbidden in [" style=\"", "<style", " onclick", " onsubmit", " onchange", "javascript:"] {
                assert!(!text.contains(forbidden), "{name}: {forbidden}");
            }
            for script in text.split("<script").skip(1) {
                assert!(script.starts_with(" type=\"module\" src="), "{name}");
            }
        }
    }
}
