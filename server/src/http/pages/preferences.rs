//! What a reader has chosen: language, calendar, digits, light or dark. It lies in a cookie, so that it holds
//! before anybody has signed in and differs from device to device.

use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Request, Response, handler};

use super::form::PageForm;
use crate::app::App;
use crate::http::problem::Problem;
use crate::http::signed_in::cookie;
use crate::i18n::Language;

/// The cookie.
const NAME: &str = "aftercare-reader";
const YEAR: u32 = 365 * 24 * 3600;

/// A choice that is absent follows from the language, or from the reader's device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    pub language: Option<Language>,
    pub calendar: Option<Calendar>,
    pub digits: Option<Digits>,
    pub theme: Theme,
}

/// Which calendar dates are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    Jalali,
    Gregorian,
}

/// Which digits numbers are written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    Persian,
    Latin,
}

/// Light, dark, or as the device says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Device,
    Light,
    Dark,
}

impl Preferences {
    /// As the request's cookie has them.
    pub fn of(request: &Request) -> Self {
        cookie(request, NAME).map_or_else(Self::default, |text| Self::parse(&text))
    }

    fn parse(text: &str) -> Self {
        let mut parts = text.split('.');
        let mut next = || parts.next().unwrap_or_default();
        Self {
            language: Language::of_code(next()),
            calendar: calendar(next()),
            digits: digits(next()),
            theme: theme(next()),
        }
    }

    fn written(self) -> String {
        let language = self.language.map_or("", Language::code);
        format!("{language}.{}.{}.{}", self.calendar_name(), self.digits_name(), self.theme.name())
    }

    /// Name of the chosen calendar; empty: none is chosen.
    pub fn calendar_name(self) -> &'static str {
        match self.calendar {
            Some(Calendar::Jalali) => "jalali",
            Some(Calendar::Gregorian) => "gregorian",
            None => "",
        }
    }

    /// Name of the chosen digits; empty: none are chosen.
    pub fn digits_name(self) -> &'static str {
        match self.digits {
            Some(Digits::Persian) => "persian",
            Some(Digits::Latin) => "latin",
            None => "",
        }
    }
}

impl Theme {
    pub fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

fn calendar(name: &str) -> Option<Calendar> {
    match name {
        "jalali" => Some(Calendar::Jalali),
        "gregorian" => Some(Calendar::Gregorian),
        _ => None,
    }
}

fn digits(name: &str) -> Option<Digits> {
    match name {
        "persian" => Some(Digits::Persian),
        "latin" => Some(Digits::Latin),
        _ => None,
    }
}

fn theme(name: &str) -> Theme {
    match name {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        _ => Theme::Device,
    }
}

/// POST /preferences: keeps the choices that the form brings and goes back to where it came from.
#[handler]
pub async fn submit(app: Data<&App>, request: &Request, form: PageForm) -> Result<Response, Problem> {
    let mut chosen = Preferences::of(request);
    if let Some(code) = form.get("language") {
        chosen.language = Language::of_code(code);
    }
    if let Some(name) = form.get("calendar") {
        chosen.calendar = calendar(name);
    }
    if let Some(name) = form.get("digits") {
        chosen.digits = digits(name);
    }
    if let Some(name) = form.get("theme") {
        chosen.theme = theme(name);
    }
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let cookie =
        format!("{NAME}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={YEAR}{secure}", chosen.written());
    Ok(Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, form.back())
        .header(header::SET_COOKIE, cookie)
        .finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_survive_the_cookie_and_nonsense_counts_as_none() {
        let chosen = Preferences {
            language: Some(Language::Pl),
            calendar: Some(Calendar::Jalali),
            digits: Some(Digits::Latin),
            theme: Theme::Dark,
        };
        assert_eq!(Preferences::parse(&chosen.written()), chosen);
        assert_eq!(Preferences::parse("../../x"), Preferences::default());
        assert_eq!(Preferences::parse(""), Preferences::default());
    }
}
