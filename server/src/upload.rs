//! Files that people send: recognised by their bytes, bounded, pictures drawn anew.
//!
//! A picture is decoded and encoded again, so that nothing but its pixels is kept: no place where it was taken, no
//! script behind the last byte. A PDF is kept as it is; it is never opened here and only ever handed out as a download.

use std::io::{self, Cursor, Write};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

/// Most pixels of a picture.
pub const PIXELS: u64 = 50_000_000;
/// Most bytes of a file, as it comes and as it is kept.
pub const BYTES: usize = 10 * 1024 * 1024;
/// What is kept.
pub const TYPES: [&str; 3] = ["image/jpeg", "image/png", "application/pdf"];
/// Most memory that decoding one may take.
const MEMORY: u64 = 512 * 1024 * 1024;
/// Longest side of a small picture.
const SMALL: u32 = 320;
/// Longest name, in characters.
const LONGEST: usize = 200;

/// A file that may be kept.
#[derive(Debug)]
pub struct Clean {
    pub name: String,
    pub media_type: &'static str,
    pub body: Vec<u8>,
    /// A small picture of a picture, as JPEG.
    pub thumbnail: Option<Vec<u8>>,
}

/// Why a file is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// No name, too long a name, or one with strange characters.
    Name,
    /// Neither JPEG, PNG, WebP nor PDF.
    Kind,
    /// The end of the name says something else than the bytes.
    Ending {
        of: &'static str,
    },
    Pixels,
    /// Drawn anew it is larger than any file may be.
    Size,
    /// The picture is damaged.
    Damaged,
}

/// Looks at a file and makes it fit to be kept. Slow for large pictures: not for the threads that serve.
pub fn clean(name: &str, body: Vec<u8>) -> Result<Clean, Unfit> {
    let name = name.trim();
    let is_strange = |letter: char| letter.is_control() || matches!(letter, '/' | '\\');
    if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(is_strange) {
        return Err(Unfit::Name);
    }
    if body.starts_with(b"%PDF-") {
        ending(name, "PDF", &["pdf"])?;
        return Ok(Clean { name: name.to_owned(), media_type: "application/pdf", body, thumbnail: None });
    }
    let format = image::guess_format(&body).map_err(|_| Unfit::Kind)?;
    match format {
        ImageFormat::Jpeg => ending(name, "JPEG", &["jpg", "jpeg"])?,
        ImageFormat::Png => ending(name, "PNG", &["png"])?,
        ImageFormat::WebP => ending(name, "WebP", &["webp"])?,
        _ => return Err(Unfit::Kind),
    }
    let picture = decode(format, &body)?;
    // What has no see-through places becomes a JPEG, unless it was drawn as PNG.
    let (body, media_type, end) = if format == ImageFormat::Png || picture.color().has_alpha() {
        (png(&picture)?, "image/png", "png")
    } else {
        (jpeg(&picture, 85)?, "image/jpeg", "jpg")
    };
    if body.len() > BYTES {
        return Err(Unfit::Size);
    }
    let is_small = picture.width() <= SMALL && picture.height() <= SMALL;
    let thumbnail = jpeg(&if is_small { picture } else { picture.thumbnail(SMALL, SMALL) }, 80)?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Ok(Clean { name: format!("{stem}.{end}"), media_type, body, thumbnail: Some(thumbnail) })
}

fn ending(name: &str, of: &'static str, fitting: &[&str]) -> Result<(), Unfit> {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    if end.is_some_and(|end| fitting.contains(&end.as_str())) { Ok(()) } else { Err(Unfit::Ending { of }) }
}

fn decode(format: ImageFormat, body: &[u8]) -> Result<DynamicImage, Unfit> {
    let unfit = |error: ImageError| match error {
        ImageError::Limits(_) => Unfit::Pixels,
        _ => Unfit::Damaged,
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(body), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unfit)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS {
        return Err(Unfit::Pixels);
    }
    // Cameras say in the part that is not kept which side is up.
    let orientation = decoder.orientation().map_err(unfit)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unfit)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// A picture that does not shrink again is given up as soon as it has grown too large.
fn png(picture: &DynamicImage) -> Result<Vec<u8>, Unfit> {
    let mut body = Bounded { bytes: Vec::new(), is_full: false };
    let drawn = picture.write_with_encoder(PngEncoder::new(&mut body));
    match drawn {
        Ok(()) => Ok(body.bytes),
        Err(_) if body.is_full => Err(Unfit::Size),
        Err(_) => Err(Unfit::Damaged),
    }
}

/// Takes no more than a file may have.
struct Bounded {
    bytes: Vec<u8>,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + piece.len() > BYTES {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, Unfit> {
    let mut body = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut body, quality);
    picture.to_rgb8().write_with_encoder(encoder).map_err(|_| Unfit::Damaged)?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut body = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(width, height).write_to(&mut body, ImageFormat::Png).unwrap();
        body.into_inner()
    }

    #[test]
    fn what_hides_behind_a_picture_is_not_kept() {
        let mut body = jpeg(&DynamicImage::new_rgb8(640, 480), 90).unwrap();
        body.extend_from_slice(b"<script>alert(1)</script>");
        let clean = clean("a.JPG", body).unwrap();
        assert!(!clean.body.windows(7).any(|bytes| bytes == b"<script"));
        assert_eq!((clean.name.as_str(), clean.media_type), ("a.jpg", "image/jpeg"));
        let small = image::load_from_memory(&clean.thumbnail.unwrap()).unwrap();
        assert_eq!((small.width(), small.height()), (320, 240));
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(clean("a.pdf", png(2, 2)).unwrap_err(), Unfit::Ending { of: "PNG" });
        assert_eq!(clean("a.png", b"<svg onload=x>".to_vec()).unwrap_err(), Unfit::Kind);
        assert_eq!(clean("a.gif", b"GIF89a\x01\x00\x01\x00".to_vec()).unwrap_err(), Unfit::Kind);
        assert_eq!(clean("a.pdf", b"%PDF-1.7 ...".to_vec()).unwrap().media_type, "application/pdf");
        assert_eq!(clean("../a.png", png(2, 2)).unwrap_err(), Unfit::Name);
        assert_eq!(clean("a.png", png(2, 2)[..40].to_vec()).unwrap_err(), Unfit::Damaged);
    }

    #[test]
    fn a_small_file_that_claims_endless_pixels_is_refused_before_they_are_made() {
        // The head of a PNG of 60,000 by 60,000 pixels: its size stands at byte 16, its checksum at 29.
        let mut body = png(2, 2);
        let size = [60_000_u32.to_be_bytes(), 60_000_u32.to_be_bytes()].concat();
        body[16..24].copy_from_slice(&size);
        let sum = crc(&body[12..29]).to_be_bytes();
        body[29..33].copy_from_slice(&sum);
        assert_eq!(clean("a.png", body).unwrap_err(), Unfit::Pixels);
    }

    /// The checksum of PNG's parts.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 }
            })
        })
    }
}
