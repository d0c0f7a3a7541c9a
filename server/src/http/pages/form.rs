//! What a page's form sends. There is no other way for a page to read a body, and none without the token that
//! only our own pages carry.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream::once;
use poem::http::header;
use poem::{FromRequest, Request, RequestBody, Result};

use crate::auth::token;
use crate::http::body::bytes;
use crate::http::problem::{Kind, Problem, Text};
use crate::http::signed_in::caller;

/// Name of the field with the token.
pub const TOKEN: &str = "csrf";

/// What the form of this request has sent, kept aside for the case that its sender is asked for the password first.
#[derive(Clone, Debug, Default)]
pub struct Sent(pub Arc<OnceLock<PageForm>>);

/// The fields in the order in which they were sent. Names may repeat.
#[derive(Clone, Debug, Default)]
pub struct PageForm(pub Vec<(String, String)>);

impl PageForm {
    /// The last field of a name: a ticked box comes after the hidden field that says it is not ticked.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Where to go afterwards: an address of ours that the form names, else the start.
    pub fn back(&self) -> String {
        self.get("back").filter(|path| is_ours(path)).unwrap_or("/").to_owned()
    }
}

/// Whether a path leads nowhere else, whatever a browser makes of it.
pub fn is_ours(path: &str) -> bool {
    let is_plain = !path.contains(|letter: char| letter == '\\' || letter.is_control());
    path.starts_with('/') && !path.starts_with("//") && is_plain
}

impl<'a> FromRequest<'a> for PageForm {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let kind = request.header(header::CONTENT_TYPE).unwrap_or_default();
        if let Ok(boundary) = multer::parse_boundary(kind) {
            return with_pictures(request, body, boundary).await.map_err(Into::into);
        }
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Problem::new(Kind::MediaType, "detail-form-type", vec![]).into());
        }
        let bytes = bytes(request, body).await?;
        let form = Self(form_urlencoded::parse(&bytes).into_owned().collect());
        guarded(request, &form)?;
        Ok(form)
    }
}

/// A form with files in it, sent by a browser without scripts: each file becomes the text that a script would have made
/// of it.
async fn with_pictures(
    request: &Request,
    body: &mut RequestBody,
    boundary: String,
) -> Result<PageForm, Problem> {
    let whole = bytes(request, body).await?;
    let parts = once(async move { Ok::<_, Infallible>(whole) });
    let mut parts = multer::Multipart::new(parts, boundary);
    let broken = |error: multer::Error| unreadable("form", &error);
    let mut form = PageForm::default();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let Some(name) = part.name().map(str::to_owned) else { continue };
        let kind = part.file_name().is_some().then(|| part.content_type().map(ToString::to_string));
        let text = match kind {
            None => part.text().await.map_err(broken)?,
            Some(kind) => {
                let bytes = part.bytes().await.map_err(broken)?;
                let kind = kind.filter(|_| !bytes.is_empty());
                kind.map(|kind| format!("data:{kind};base64,{}", STANDARD.encode(&bytes))).unwrap_or_default()
            }
        };
        form.0.push((name, text));
    }
    guarded(request, &form)?;
    Ok(form)
}

/// Refuses a form without the token that only our own pages carry, and one with a character that no text has.
fn guarded(request: &Request, form: &PageForm) -> Result<(), Problem> {
    if form.0.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(Problem::nul());
    }
    // Before anybody has signed in there is nothing to guard but the origin, which the edge has seen to.
    if let Some(caller) = caller(request)
        && !form.get(TOKEN).is_some_and(|sent| token::fits_form(sent, &caller.session))
    {
        return Err(Problem::new(Kind::Forbidden, "detail-form-token", vec![]));
    }
    if let Some(sent) = request.data::<Sent>() {
        sent.0.get_or_init(|| form.clone());
    }
    Ok(())
}

/// What was sent is no form that can be read; what exactly is for the log.
fn unreadable(name: &str, error: &multer::Error) -> Problem {
    tracing::info!("A form cannot be read: {error}");
    Problem::parameter(name, Text::why("why-form", vec![]))
}

/// A form with a file in it: what was typed, the file's name and its bytes.
pub struct FileForm {
    pub typed: PageForm,
    pub name: String,
    pub bytes: Vec<u8>,
}

impl<'a> FromRequest<'a> for FileForm {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let boundary =
            request.header(header::CONTENT_TYPE).and_then(|kind| multer::parse_boundary(kind).ok());
        let boundary = boundary.ok_or_else(|| Problem::new(Kind::MediaType, "detail-form-type", vec![]))?;
        let whole = bytes(request, body).await?;
        let parts = once(async move { Ok::<_, Infallible>(whole) });
        let mut parts = multer::Multipart::new(parts, boundary);
        let broken = |error: multer::Error| unreadable("file", &error);
        let (mut typed, mut name, mut bytes) = (PageForm::default(), String::new(), Vec::new());
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            if let Some(file) = part.file_name() {
                name = file.to_owned();
                bytes = part.bytes().await.map_err(broken)?.to_vec();
            } else if let Some(key) = part.name().map(str::to_owned) {
                typed.0.push((key, part.text().await.map_err(broken)?));
            }
        }
        guarded(request, &typed)?;
        Ok(Self { typed, name, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_our_own_addresses_alone() {
        for foreign in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/a\nb"]
        {
            assert_eq!(PageForm(vec![("back".into(), foreign.into())]).back(), "/", "{foreign}");
        }
        assert_eq!(PageForm(vec![("back".into(), "/tickets?q=1".into())]).back(), "/tickets?q=1");
    }
}
