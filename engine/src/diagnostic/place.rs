//! Where a value stands in an author's file, and values that know it.

use std::ops::Deref;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

/// Which file of the bundle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub u32);

/// A stretch of text in a file. Lines and columns count from 1; columns count characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    pub source: SourceId,
    pub line: u32,
    pub column: u32,
    /// Byte offset of the first byte.
    pub start: u32,
    /// Length in bytes.
    pub len: u32,
}

/// The texts of a bundle's files, so that a place can be shown.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<(Arc<str>, Arc<str>)>,
}

impl Sources {
    /// Remembers a file and gives its id.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> SourceId {
        let id = SourceId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push((path.into(), text.into()));
        id
    }

    /// Path of a file, relative to the bundle.
    pub fn path(&self, id: SourceId) -> &str {
        self.files.get(id.0 as usize).map_or("", |(path, _)| path)
    }

    /// Whole text of a file.
    pub fn text(&self, id: SourceId) -> &str {
        self.files.get(id.0 as usize).map_or("", |(_, text)| text)
    }

    /// Where a name stands first from a place on, as a whole word.
    pub fn find(&self, from: Place, name: &str) -> Option<Place> {
        let text = self.text(from.source).get(from.start as usize..)?;
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let whole = |at: usize| {
            let before = text.get(..at).unwrap_or_default().ends_with(part);
            let after = text.get(at + name.len()..).unwrap_or_default();
            !before && !after.starts_with(|c| part(c) && c != '.')
        };
        let (at, _) = text.match_indices(name).find(|(at, _)| whole(*at))?;
        let before = text.get(..at)?;
        let lines = u32::try_from(before.matches('\n').count()).ok()?;
        let last = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let column = u32::try_from(last).ok()? + if lines == 0 { from.column } else { 1 };
        let (start, len) = (u32::try_from(at).ok()? + from.start, u32::try_from(name.len()).ok()?);
        Some(Place { line: from.line + lines, column, start, len, ..from })
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &str, &str)> {
        self.files.iter().zip(0u32..).map(|((path, text), id)| (SourceId(id), &**path, &**text))
    }
}

/// A value and the place where its author wrote it. Two are equal when the values are.
#[derive(Clone, Debug, Default)]
pub struct Sp<T> {
    pub value: T,
    pub place: Place,
}

/// The name under which [`Sp`] asks a [`Node`](crate::definition::node::Node) for its place.
pub(crate) const PLACED: &str = "$placed";

impl<T> Sp<T> {
    pub fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }
}

impl<T> Deref for Sp<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Sp<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Sp<T> {}

impl<T: Serialize> Serialize for Sp<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Sp<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Placed<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Placed<T> {
            type Value = Sp<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value in a definition file")
            }
            // Only a `Node` answers with a place; any other source of data has none to give.
            fn visit_newtype_struct<D: Deserializer<'de>>(self, d: D) -> Result<Sp<T>, D::Error> {
                Ok(Sp::new(T::deserialize(d)?, Place::default()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Sp<T>, A::Error> {
                let place = seq.next_element()?.ok_or_else(|| A::Error::custom("no place"))?;
                let value = seq.next_element()?.ok_or_else(|| A::Error::custom("no value"))?;
                Ok(Sp::new(value, place))
            }
        }
        deserializer.deserialize_newtype_struct(PLACED, Placed(std::marker::PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Sp<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }
    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
