//! An address as a QR code: one path in a picture, so that a page needs nothing else to show it.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// Blank modules around, as the standard asks for.
const QUIET: usize = 4;

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
    fn a_code_has_its_corner_marks_and_a_quiet_edge() {
        let (side, path) = path("https://service.example.org/device/SN1").unwrap();
        assert!(side > 21 + 2 * QUIET, "{side}");
        // The first module of the upper left mark, and nothing before it.
        assert!(path.starts_with("M4 4h1v1h-1z"), "{}", &path[..20]);
        assert!(path.contains(&format!("M{} 4h", side - QUIET - 1)), "the upper right mark");
    }
}
