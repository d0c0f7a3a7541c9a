//! Files that come into the registers and go out of them: CSV and XLSX, by the registers' own descriptions.
//!
//! A file is read piece by piece and checked as the API checks; it comes in whole or not at all. It knows no
//! register by name.

mod bounded;
pub mod columns;
mod csv;
pub mod export;
pub mod import;
pub mod report;
pub mod source;
mod xlsx;

/// What a file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Csv,
    Xlsx,
}

impl Format {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}
