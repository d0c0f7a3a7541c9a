//! QR codes as pictures in a page: one path, so that a page needs nothing else to show it.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};
use tera::{Kwargs, State, Tera, TeraResult, Value};

/// Blank modules around, as the standard asks for.
const QUIET: usize = 4;

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
    let (side, path) = path(text)?;
    let size = side * 4;
    Some(format!(
        "<svg class=\"qr\" aria-hidden=\"true\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
         <path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

/// Side of the picture and the path of its dark modules; none when the text is too long.
pub fn path(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Some((width + 2 * QUIET, path))
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

    #[test]
    fn a_code_has_its_corner_marks_and_a_quiet_edge() {
        let (side, path) = path("https://service.example.org/device/SN1").unwrap();
        assert!(side > 21 + 2 * QUIET, "{side}");
        // The first module of the upper left mark, and nothing before it.
        assert!(path.starts_with("M4 4h1v1h-1z"), "{}", &path[..20]);
        assert!(path.contains(&format!("M{} 4h", side - QUIET - 1)), "the upper right mark");
    }
}
