//! A sheet is a zip file, and a small one may inflate to anything: it is inflated once into nothing and counted.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;

/// Most bytes that a sheet inflates to.
pub const MOST: u64 = 512 * 1024 * 1024;
/// Most files in it.
const FILES: usize = 1000;

/// Why a zip file is not read.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    NoZip,
    TooLarge,
}

/// Refuses what inflates to more than is taken; what it says about itself does not count.
pub fn check<R: Read + Seek>(file: &mut R, most: u64) -> Result<(), Refused> {
    let mut zip = ZipArchive::new(&mut *file).map_err(|_| Refused::NoZip)?;
    if zip.len() > FILES {
        return Err(Refused::TooLarge);
    }
    let mut left = most;
    for n in 0..zip.len() {
        let entry = zip.by_index(n).map_err(|_| Refused::NoZip)?;
        let read = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(|_| Refused::NoZip)?;
        left = left.checked_sub(read).ok_or(Refused::TooLarge)?;
    }
    drop(zip);
    file.seek(SeekFrom::Start(0)).map_err(|_| Refused::NoZip)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zip(bytes: usize) -> Cursor<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
        writer.write_all(&vec![b' '; bytes]).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn what_inflates_to_too_much_is_refused_before_it_is_read() {
        let mut bomb = zip(5_000_000);
        assert!(bomb.get_ref().len() < 50_000);
        assert_eq!(check(&mut bomb, 1_000_000), Err(Refused::TooLarge));
        assert_eq!(check(&mut bomb, 5_000_000), Ok(()));
        assert_eq!(check(&mut Cursor::new(b"serial\n1\n".to_vec()), 1000), Err(Refused::NoZip));
    }
}
