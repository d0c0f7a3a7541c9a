//! QR codes as pictures in a page.

use qrcode::QrCode;
use qrcode::render::svg::Color;
use tera::{Kwargs, State, Tera, TeraResult, Value};

/// `{{ qr(text=…) }}`
pub fn register(tera: &mut Tera) {
    tera.register_function("qr", |kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let text: String = kwargs.must_get("text")?;
        drawn(&text)
            .map(|svg| Value::safe_string(&svg))
            .ok_or_else(|| tera::Error::message("the text is too long"))
    });
}

/// The code of a text as SVG; dark on white whatever the page's colours are, or no camera reads it.
fn drawn(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let svg = code.render::<Color<'_>>().module_dimensions(4, 4).build();
    // What a file begins with has no place in a page; the code itself is also written out beside it.
    svg.split_once("?>").map(|(_, svg)| svg.replacen("<svg ", "<svg class=\"qr\" aria-hidden=\"true\" ", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_picture_within_the_page() {
        let svg = drawn("https://example.com/tickets/01-01-1405-09-0001").unwrap();
        assert!(svg.starts_with("<svg class=\"qr\"") && svg.ends_with("</svg>"), "{svg}");
        assert_eq!(drawn(&"x".repeat(5000)), None);
    }
}
