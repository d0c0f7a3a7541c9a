//! GET /api/vouchers/export: vouchers for other programs.

use std::io::{Seek, SeekFrom};

use aftercare_engine::definition::messages::Permission;
use chrono::NaiveDate;
use poem::Body;
use poem_openapi::param::Query;
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, Enum, OpenApi};

use crate::app::App;
use crate::export::{self, ExportError, Format};
use crate::http::api::Tag;
use crate::http::problem::{Kind, Problem, Text};
use crate::http::signed_in::SignedIn;

pub struct Export(pub App);

/// What kind of file
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum FileFormat {
    /// A journal for hledger
    Hledger,
    /// A ledger for beancount
    Beancount,
    Csv,
    Xlsx,
}

/// The file
#[derive(ApiResponse)]
enum File {
    #[oai(status = 200)]
    Whole(Binary<Body>, #[oai(header = "Content-Disposition")] String),
}

#[OpenApi(tag = "Tag::Books")]
impl Export {
    /// Vouchers as a file
    ///
    /// CSV and XLSX have the columns of a layout, a file under `workflows/exports/`. Drafts are exported, marked as
    /// such, unless `only_final` is asked for. 422: there is no such layout, or a sheet cannot hold so many rows.
    #[oai(path = "/vouchers/export", method = "get")]
    async fn export(
        &self,
        who: SignedIn,
        format: Query<FileFormat>,
        /// First day; left out: all
        from: Query<Option<NaiveDate>>,
        /// Last day; left out: all
        to: Query<Option<NaiveDate>>,
        /// Columns of a table; `vouchers` if left out
        layout: Query<Option<String>>,
        /// Only final vouchers and those that were reversed
        #[oai(default)]
        only_final: Query<bool>,
    ) -> Result<File, Problem> {
        who.may_in(&self.0, Permission::VouchersRead, None)?;
        let asked = export::Asked {
            format: format.0.format(),
            from: from.0,
            to: to.0,
            layout: layout.0,
            only_final: only_final.0,
        };
        // On the disk, not in memory, however many years they are.
        let mut file = tempfile::tempfile().map_err(|error| Problem::internal(&error))?;
        export::vouchers(&self.0, &asked, &mut file).await.map_err(problem)?;
        file.seek(SeekFrom::Start(0)).map_err(|error| Problem::internal(&error))?;
        let whole = Body::from_async_read(tokio::fs::File::from_std(file));
        let name = asked.format.file_name();
        Ok(File::Whole(Binary(whole), format!("attachment; filename=\"{name}\"")))
    }
}

impl FileFormat {
    fn format(self) -> Format {
        match self {
            Self::Hledger => Format::Hledger,
            Self::Beancount => Format::Beancount,
            Self::Csv => Format::Csv,
            Self::Xlsx => Format::Xlsx,
        }
    }
}

fn problem(error: ExportError) -> Problem {
    match error {
        ExportError::Store(error) => error.into(),
        ExportError::UnknownLayout { name, known } => {
            let why = Text::why("why-layout", vec![("name", name), ("known", known)]);
            Problem::because(Kind::Unprocessable, "detail-export", vec![], why)
        }
        ExportError::TooManyRows(most) => {
            let why = Text::why("why-sheet", vec![("most", most.to_string())]);
            Problem::because(Kind::Unprocessable, "detail-export", vec![], why)
        }
        ExportError::Write(_) | ExportError::Sheet(_) => Problem::internal(&error),
    }
}
