//! One page on its way to one reader: who reads, how things are written for them, what the template is given.

use std::collections::BTreeMap;

use chrono::{FixedOffset, NaiveDate, Offset, Utc};
use poem::http::{StatusCode, header};
use poem::{FromRequest, Request, RequestBody, Response, Result};
use serde::Serialize;
use tera::Context;

use super::board::Query;
use super::format::{READER, Writing};
use super::preferences::{Calendar, Digits, Preferences};
use super::{form, input, navigation, template};
use crate::app::App;
use crate::auth::token;
use crate::http::edge::Reader;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::i18n::Language;

/// A page that is being made. Anybody may ask for one; [`View::signed_in`] asks for more.
pub struct View {
    pub app: App,
    pub writing: Writing,
    who: Option<SignedIn>,
    takes_gzip: bool,
    /// What the address asks for and cannot be read as a day.
    unread: Vec<String>,
    context: Context,
}

/// Where a page is asked for and by whom: all that a request says about the page around its content.
pub struct Ground {
    who: Option<SignedIn>,
    language: Language,
    preferences: Preferences,
    /// The address as it was asked for; of a form that was sent, none.
    back: String,
    path: String,
    takes_gzip: bool,
}

impl Ground {
    pub fn of(request: &Request) -> Self {
        let uri = request.original_uri();
        let whole = uri.path_and_query().map_or("/", |path| path.as_str());
        let back = if *request.method() == poem::http::Method::GET { whole } else { "" };
        Self {
            who: SignedIn::of(request).ok(),
            language: request.data::<Reader>().map_or(Language::En, |reader| reader.0),
            preferences: Preferences::of(request),
            back: back.to_owned(),
            path: uri.path().to_owned(),
            takes_gzip: takes_gzip(request),
        }
    }
}

impl<'a> FromRequest<'a> for View {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let app = request.data::<App>().cloned().ok_or_else(Problem::unavailable)?;
        Ok(Self::on(app, Ground::of(request)))
    }
}

/// Each language in its own words.
const LANGUAGES: [(&str, &str); 4] = [("fa", "فارسی"), ("en", "English"), ("zh", "中文"), ("pl", "Polski")];

/// Whether the browser takes gzip.
pub fn takes_gzip(request: &Request) -> bool {
    request.header(header::ACCEPT_ENCODING).is_some_and(|all| all.contains("gzip"))
}

/// How this reader wants things written: as chosen, else as is usual in the language.
fn writing(app: &App, language: Language, preferences: Preferences) -> Writing {
    let version = app.catalog.current();
    let currency = version.currency();
    let zone = version.company().map(|company| company.offset_minutes);
    let (calendar, digits) = match language {
        Language::Fa => (Calendar::Jalali, Digits::Persian),
        _ => (Calendar::Gregorian, Digits::Latin),
    };
    Writing {
        language,
        calendar: preferences.calendar.unwrap_or(calendar),
        digits: preferences.digits.unwrap_or(digits),
        zone: zone.and_then(|minutes| FixedOffset::east_opt(minutes * 60)).unwrap_or_else(|| Utc.fix()),
        currency: currency.code.to_string(),
        minor_digits: currency.minor_digits.into(),
        now: app.clock.now(),
    }
}

impl View {
    /// An empty page with everything that stands around it.
    pub fn on(app: App, ground: Ground) -> Self {
        let Ground { who, language, preferences, back, path, takes_gzip } = ground;
        let writing = writing(&app, language, preferences);
        let mut context = Context::new();
        context.insert(READER, &writing.packed());
        context.insert("lang", language.code());
        context.insert("dir", if language == Language::Fa { "rtl" } else { "ltr" });
        context.insert("theme", preferences.theme.name());
        context.insert("calendar", if writing.calendar == Calendar::Jalali { "jalali" } else { "gregorian" });
        context.insert("digits", if writing.digits == Digits::Persian { "persian" } else { "latin" });
        context.insert("currency", &writing.currency);
        context.insert("back", &back);
        context.insert("languages", &LANGUAGES);
        context.insert("nav", &navigation::entries(&app, who.as_ref(), &path));
        if let Some(who) = &who {
            let me = serde_json::json!({"name": who.caller.name, "full_name": who.caller.full_name});
            context.insert("me", &me);
            context.insert(form::TOKEN, &token::of_form(&who.caller.session));
        }
        Self { app, writing, who, takes_gzip, unread: Vec::new(), context }
    }

    /// A day that the address asks for. One that is none is told on the page: its figures are not for that day.
    pub fn asked_day(&mut self, query: &Query, name: &str) -> Option<NaiveDate> {
        let text = query.get(name).map(str::trim).filter(|text| !text.is_empty())?;
        let day = input::day(text);
        if day.is_none() {
            self.unread.push(text.to_owned());
        }
        day
    }

    /// Whoever reads; everybody else is sent to sign in.
    pub fn signed_in(&self) -> Result<SignedIn, Problem> {
        self.who.clone().ok_or_else(Problem::unauthorized)
    }

    pub fn is_signed_in(&self) -> bool {
        self.who.is_some()
    }

    pub fn put(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) {
        self.context.insert(name, value);
    }

    /// What was typed into a form of the page that is shown again: the form has it still.
    pub fn put_typed(&mut self, form: &str, typed: &form::PageForm) {
        let fields: BTreeMap<&str, &str> = typed.0.iter().map(|(name, text)| (&**name, &**text)).collect();
        self.context.insert("typed", &BTreeMap::from([(form, fields)]));
    }

    pub fn text(&self, key: &str) -> String {
        self.writing.text(key, &[])
    }

    pub fn page(self, template: &str) -> Result<Response, Problem> {
        self.page_with(template, StatusCode::OK)
    }

    pub fn page_with(mut self, template: &str, status: StatusCode) -> Result<Response, Problem> {
        self.context.insert("unread", &self.unread);
        template::page(template, &self.context, status, self.takes_gzip)
    }
}

/// An answer that leads elsewhere after something was done.
pub fn to(path: &str) -> Response {
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, path).finish()
}
