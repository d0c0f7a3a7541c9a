//! GET /api/vouchers/export: vouchers for other programs.

use std::io::Cursor;

use aftercare_engine::definition::messages::Permission;
use chrono::NaiveDate;
use poem_openapi::param::Query;
use poem_openapi::payload::{Attachment, AttachmentType};
use poem_openapi::{ApiResponse, Enum, OpenApi};

use crate::app::App;
use crate::export::{self, ExportError, Format};
use crate::http::api::Tag;
use crate::http::problem::{Kind, Problem};
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
    Whole(Attachment<Vec<u8>>),
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
        let mut file = Cursor::new(Vec::new());
        export::vouchers(&self.0, &asked, &mut file).await.map_err(problem)?;
        let name = asked.format.file_name();
        let whole = Attachment::new(file.into_inner());
        Ok(File::Whole(whole.attachment_type(AttachmentType::Attachment).filename(name)))
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
        ExportError::UnknownLayout { .. } | ExportError::TooManyRows(_) => {
            Problem::new(Kind::Unprocessable, "detail-export", vec![("reason", error.to_string())])
        }
        ExportError::Write(_) | ExportError::Sheet(_) => Problem::internal(&error),
    }
}
