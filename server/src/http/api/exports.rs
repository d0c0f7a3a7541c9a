//! GET /api/exports/{register}: a register as a file.

use poem::http::header;
use poem::{Body, IntoResponse, Response};
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::{ApiResponse, Enum, OpenApi};

use super::registry::list::{readable, searchable, wanted};
use super::registry::locale;
use crate::app::App;
use crate::exchange::Format;
use crate::exchange::export::{Failed, Wanted, export};
use crate::http::api::Tag;
use crate::http::problem::{Problem, Text};
use crate::http::signed_in::SignedIn;
use crate::register::find;

/// The route.
pub struct Exports(pub App);

/// What a file may be
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "lowercase")]
enum RegisterFormat {
    Csv,
    Xlsx,
}

#[OpenApi(tag = "Tag::Registers")]
impl Exports {
    /// A register as a file
    ///
    /// It can be changed and imported again. What your roles never see has no column. In CSV an apostrophe stands
    /// before what a spreadsheet would take for a formula; importing takes it off.
    #[oai(path = "/exports/:register", method = "get")]
    async fn export(
        &self,
        who: SignedIn,
        register: Path<String>,
        format: Query<Option<RegisterFormat>>,
        /// Part of the key, a name or a number, however it is typed
        search: Query<Option<String>>,
    ) -> Result<File, Problem> {
        let register = find(&register.0).ok_or_else(|| Problem::not_found("register", register.0))?;
        let scope = readable(&self.0, &who, register)?;
        searchable(&self.0, &who, register, search.0.as_deref())?;
        let locale = locale(&self.0);
        let format = match format.0 {
            Some(RegisterFormat::Xlsx) => Format::Xlsx,
            _ => Format::Csv,
        };
        let search = search.0.map(|text| wanted(&text, &locale.country)).unwrap_or_default();
        let wanted = Wanted { register, format, search, scope, hidden: who.hidden(&self.0), locale };
        let made = export(&self.0.store, &wanted).await;
        let (file, _) = made.map_err(|failed| match failed {
            Failed::Store(error) => error.into(),
            Failed::TooLong => Problem::parameter(
                "format",
                Text::why("why-sheet", vec![("most", crate::exchange::export::LINES.to_string())]),
            ),
            other => Problem::internal(&other),
        })?;
        Ok(File { file, name: format!("{}.{}", register.name, format.extension()), format })
    }
}

/// A file to keep.
struct File {
    file: std::fs::File,
    name: String,
    format: Format,
}

impl IntoResponse for File {
    fn into_response(self) -> Response {
        Response::builder()
            .header(header::CONTENT_TYPE, self.format.media_type())
            .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name))
            .body(Body::from_async_read(tokio::fs::File::from_std(self.file)))
    }
}

impl ApiResponse for File {
    fn meta() -> MetaResponses {
        let file = |format: Format| MetaMediaType {
            content_type: format.media_type(),
            schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary"))),
        };
        MetaResponses {
            responses: vec![MetaResponse {
                description: "The file",
                status: Some(200),
                status_range: None,
                content: vec![file(Format::Csv), file(Format::Xlsx)],
                headers: vec![],
            }],
        }
    }

    fn register(_: &mut Registry) {}
}
