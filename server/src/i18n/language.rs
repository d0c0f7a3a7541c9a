//! Which of the four languages a reader wants.

use aftercare_engine::language::Language;

/// The one of ours that an `Accept-Language` header likes best; ties go to the one named first.
pub fn accepted(header: &str) -> Option<Language> {
    let mut best = None;
    for range in header.split(',') {
        let mut parts = range.split(';');
        let Some(language) = parts.next().map(str::trim).and_then(Language::of_code) else { continue };
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
        if weight > 0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// A quality value such as `0.8` in thousandths; anything else counts as nothing.
fn thousandths(text: &str) -> u32 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let whole: u32 = whole.parse().unwrap_or(0);
    whole.min(1) * 1000 + if whole == 0 { digits.parse().unwrap_or(0) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_gets_the_language_liked_best() {
        assert_eq!(accepted("de, pl;q=0.5, fa-IR;q=0.8"), Some(Language::Fa));
        assert_eq!(accepted("zh-CN,zh;q=0.9,en;q=0.8"), Some(Language::Zh));
        assert_eq!(accepted("de, fr;q=0.3"), None);
        assert_eq!(accepted("en;q=0, pl;q=0.1"), Some(Language::Pl));
    }
}
