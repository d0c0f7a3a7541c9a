//! What the API's description says of a register, from the register's own.

use poem::http::Method;
use poem_openapi::payload::Json;
use poem_openapi::registry::{
    MetaMediaType, MetaOperation, MetaOperationParam, MetaParamIn, MetaPath, MetaRequest, MetaResponse,
    MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::{ApiExtractor, ApiResponse, Tags};
use serde_json::{Value, json};

use crate::http::api::Tag;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::register::{Field, Kind, Need, Register};

const JSON: &str = "application/json";

/// The register's entry, and a page of them.
pub fn register(registry: &mut Registry, register: &'static Register) {
    registry.create_schema::<Json<Value>, _>(register.entry.to_owned(), |_| entry(register));
    registry.create_schema::<Json<Value>, _>(page_name(register), |_| MetaSchema {
        required: vec!["items"],
        properties: vec![
            (
                "items",
                inline(MetaSchema { items: Some(Box::new(reference(register))), ..MetaSchema::new("array") }),
            ),
            ("next", text("Give it as `after` to get what follows; absent: this was all")),
        ],
        description: Some("A piece of a list and where the next one begins"),
        ..MetaSchema::new("object")
    });
}

/// Its routes.
pub fn paths(register: &'static Register) -> Vec<MetaPath> {
    let page = MetaSchemaRef::Reference(page_name(register));
    let (one, body) = (|| reference(register), || Some(request(register)));
    let limit = MetaSchema::new_with_format("integer", "uint64");
    let search = vec![
        query("search", "Part of the key, a name or a number, however it is typed", text("")),
        query("after", "The `next` of the piece before", text("")),
        query("limit", "1 to 200, 50 if left out", inline(limit)),
    ];
    let version = MetaOperationParam {
        required: true,
        ..query("version", "The version you saw", inline(MetaSchema::new_with_format("integer", "int64")))
    };
    let list = operation(
        Method::GET,
        "A piece of the list, in the order of the keys",
        search,
        None,
        vec![(200, page)],
    );
    let add = operation(Method::POST, "A new entry", vec![once()], body(), vec![(201, one())]);
    let show = operation(Method::GET, "One entry", vec![key()], None, vec![(200, one())]);
    let change = operation(
        Method::PUT,
        "Replaces an entry; `version` is the one you saw",
        vec![key(), once()],
        body(),
        vec![(200, one())],
    );
    let remove = operation(
        Method::DELETE,
        "Takes out an entry that nothing refers to",
        vec![key(), version, once()],
        None,
        vec![(204, text(""))],
    );
    let about = |operation| MetaOperation { description: Some(register.about), ..operation };
    let at = |path, operations: Vec<MetaOperation>| MetaPath {
        path,
        operations: operations.into_iter().map(about).collect(),
    };
    vec![
        at(format!("/{}", register.name), vec![list, add]),
        at(format!("/{}/{{key}}", register.name), vec![show, change, remove]),
    ]
}

fn operation(
    method: Method,
    summary: &'static str,
    params: Vec<MetaOperationParam>,
    request: Option<MetaRequest>,
    answers: Vec<(u16, MetaSchemaRef)>,
) -> MetaOperation {
    let answer = |(status, schema): (u16, MetaSchemaRef)| MetaResponse {
        description: "Without what your roles never see",
        status: Some(status),
        status_range: None,
        content: match status {
            204 => vec![],
            _ => vec![MetaMediaType { content_type: JSON, schema }],
        },
        headers: vec![],
    };
    let mut responses: Vec<MetaResponse> = answers.into_iter().map(answer).collect();
    responses.extend(Problem::meta().responses);
    let schemes = SignedIn::security_schemes();
    MetaOperation {
        method,
        tags: vec![Tag::Registers.name()],
        summary: Some(summary),
        description: None,
        external_docs: None,
        params,
        request,
        responses: MetaResponses { responses },
        deprecated: false,
        security: schemes.into_iter().map(|scheme| [(scheme, vec![])].into()).collect(),
        operation_id: None,
        code_samples: vec![],
    }
}

fn request(register: &'static Register) -> MetaRequest {
    let content = vec![MetaMediaType { content_type: JSON, schema: reference(register) }];
    MetaRequest { description: None, content, required: true }
}

fn reference(register: &Register) -> MetaSchemaRef {
    MetaSchemaRef::Reference(register.entry.to_owned())
}

fn page_name(register: &Register) -> String {
    format!("Page_{}", register.entry)
}

fn parameter(name: &str, in_type: MetaParamIn, about: &str, schema: MetaSchemaRef) -> MetaOperationParam {
    MetaOperationParam {
        name: name.to_owned(),
        schema,
        in_type,
        description: Some(about.to_owned()).filter(|about| !about.is_empty()),
        required: false,
        deprecated: false,
        explode: true,
        style: None,
    }
}

fn query(name: &str, about: &str, schema: MetaSchemaRef) -> MetaOperationParam {
    parameter(name, MetaParamIn::Query, about, schema)
}

fn key() -> MetaOperationParam {
    MetaOperationParam { required: true, ..parameter("key", MetaParamIn::Path, "", text("")) }
}

fn once() -> MetaOperationParam {
    parameter("Idempotency-Key", MetaParamIn::Header, "Your name for this request: it is done once", text(""))
}

fn inline(schema: MetaSchema) -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(schema))
}

fn text(about: &'static str) -> MetaSchemaRef {
    inline(MetaSchema {
        description: Some(about).filter(|about| !about.is_empty()),
        ..MetaSchema::new("string")
    })
}

/// An entry's fields.
fn entry(register: &'static Register) -> MetaSchema {
    let required = register.fields.iter().filter(|field| field.need == Need::Required);
    let version = MetaSchema {
        description: Some("Which picture of it this is; needed to change it"),
        ..MetaSchema::new_with_format("integer", "int64")
    };
    let fields = register.fields.iter().map(|field| (field.name, inline(value(field))));
    MetaSchema {
        description: Some(register.about),
        required: required.map(|field| field.name).collect(),
        properties: fields.chain([("version", inline(version))]).collect(),
        ..MetaSchema::new("object")
    }
}

fn value(field: &'static Field) -> MetaSchema {
    let plain = match field.kind {
        Kind::YesNo => MetaSchema::new("boolean"),
        Kind::Whole(_) => MetaSchema::new_with_format("integer", "int64"),
        Kind::Day => MetaSchema::new_with_format("string", "date"),
        Kind::Email => MetaSchema::new_with_format("string", "email"),
        Kind::Number | Kind::Quantity | Kind::Amount => MetaSchema::new_with_format("string", "decimal"),
        Kind::Word(words) => MetaSchema {
            enum_items: words.iter().map(|word| json!(word)).collect(),
            ..MetaSchema::new("string")
        },
        Kind::Names | Kind::Texts => MetaSchema {
            properties: crate::register::field::LANGUAGES.iter().map(|one| (*one, text(""))).collect(),
            ..MetaSchema::new("object")
        },
        Kind::Terms | Kind::Attributes => MetaSchema::new("object"),
        Kind::Phones => list(text("")),
        Kind::Definitions => list(inline(MetaSchema {
            required: vec!["name", "kind"],
            properties: vec![
                ("name", text("Small letters, digits and `_`")),
                ("title", inline(MetaSchema::new("object"))),
                ("kind", text("`text`, `whole`, `number`, `day`, `yes_no` or `choice`")),
                ("choices", inline(list(text("")))),
                ("required", inline(MetaSchema::new("boolean"))),
                ("of", text("`device`: each unit has its own value; `product`: the model has one")),
            ],
            ..MetaSchema::new("object")
        })),
        Kind::Roles => list(inline(MetaSchema {
            required: vec!["role"],
            properties: vec![
                ("role", text("")),
                ("branch", text("Only in this branch; left out: wherever the user works")),
            ],
            ..MetaSchema::new("object")
        })),
        _ => MetaSchema::new("string"),
    };
    let default = match field.need {
        Need::Default(json) => serde_json::from_str(json).ok(),
        Need::Required | Need::Optional => None,
    };
    let about = Some(field.about).filter(|about| !about.is_empty());
    MetaSchema { description: about, default, read_only: field.read_only, ..plain }
}

fn list(of: MetaSchemaRef) -> MetaSchema {
    MetaSchema { items: Some(Box::new(of)), ..MetaSchema::new("array") }
}
