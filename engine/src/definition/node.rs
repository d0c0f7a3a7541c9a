//! A YAML file as a tree in which every value knows its place.
//!
//! The tree is where fragments are merged and parameters replaced; the typed definition is then read from it
//! with serde, so that places survive whatever stood in which file. Hostile input (alias bombs, depth, size,
//! tags, duplicate keys) stops here.

mod reader;

use serde::Deserialize;
use serde::de::value::{MapDeserializer, SeqDeserializer, U32Deserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, Unexpected, VariantAccess, Visitor,
};

use crate::diagnostic::place::PLACED;
use crate::diagnostic::{Diagnostic, Place, SourceId, Sp};

use super::table::MANY;

/// Longest file read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 64;
/// Most values in one file.
pub const MAX_NODES: usize = 50_000;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub place: Place,
    pub value: NodeValue,
}

/// What stands there.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeValue {
    Null,
    Bool(bool),
    /// A number exactly as written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Sp<String>, Node)>),
}

impl Node {
    /// Reads one YAML document.
    ///
    /// # Errors
    /// One diagnostic: YAML that cannot be read has no sure continuation.
    pub fn read(source: SourceId, text: &str) -> Result<Self, Box<Diagnostic>> {
        reader::read(source, text)
    }

    /// The value under a key of a map.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name.value == key).map(|(_, node)| node)
    }

    /// The entries of a map; nothing for anything else.
    pub fn entries(&self) -> &[(Sp<String>, Self)] {
        match &self.value {
            NodeValue::Map(entries) => entries,
            _ => &[],
        }
    }

    /// A text, or a number as it is written.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Text(text) | NodeValue::Number(text) => Some(text),
            _ => None,
        }
    }

    /// What kind of value it is, in the author's words.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            NodeValue::Null => "nothing",
            NodeValue::Bool(_) => "true or false",
            NodeValue::Number(_) => "a number",
            NodeValue::Text(_) => "a text",
            NodeValue::List(_) => "a list",
            NodeValue::Map(_) => "a map",
        }
    }

    /// Reads a typed definition out of the tree.
    ///
    /// # Errors
    /// The first mismatch; [`shape`](super::shape) finds all of them beforehand.
    pub fn to<'de, T: Deserialize<'de>>(&'de self) -> Result<T, Box<Diagnostic>> {
        T::deserialize(self).map_err(|mismatch| {
            Box::new(Diagnostic::error("AC0010", mismatch.place.unwrap_or(self.place), mismatch.message))
        })
    }
}

/// A typed definition did not fit the tree.
#[derive(Debug)]
pub struct Mismatch {
    place: Option<Place>,
    message: String,
}

impl Mismatch {
    fn at(self, place: Place) -> Self {
        Self { place: self.place.or(Some(place)), ..self }
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Mismatch {}

impl serde::de::Error for Mismatch {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self { place: None, message: message.to_string() }
    }
}

fn wrong(node: &Node, expected: &dyn serde::de::Expected) -> Mismatch {
    <Mismatch as serde::de::Error>::invalid_type(Unexpected::Other(node.kind()), expected).at(node.place)
}

impl<'de> IntoDeserializer<'de, Mismatch> for &'de Node {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

/// A map's key, which has a place like any other value.
#[derive(Clone, Copy)]
struct Key<'de>(&'de Sp<String>);

impl<'de> IntoDeserializer<'de, Mismatch> for Key<'de> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Mismatch;
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_borrowed_str(&self.0.value).map_err(|e: Mismatch| e.at(self.0.place))
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        if name == PLACED { placed(self.0.place, self, visitor) } else { visitor.visit_newtype_struct(self) }
    }
    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Shows a visitor two elements: the place, then the value itself.
fn placed<'de, D, V>(place: Place, value: D, visitor: V) -> Result<V::Value, Mismatch>
where
    D: Deserializer<'de, Error = Mismatch>,
    V: Visitor<'de>,
{
    struct Pair<D> {
        place: Option<Place>,
        value: Option<D>,
    }
    impl<'de, D: Deserializer<'de, Error = Mismatch>> serde::de::SeqAccess<'de> for Pair<D> {
        type Error = Mismatch;
        fn next_element_seed<T: DeserializeSeed<'de>>(
            &mut self,
            seed: T,
        ) -> Result<Option<T::Value>, Mismatch> {
            if let Some(place) = self.place.take() {
                let numbers = [
                    ("source", place.source.0),
                    ("line", place.line),
                    ("column", place.column),
                    ("start", place.start),
                    ("len", place.len),
                ];
                let entries = numbers.into_iter().map(|(k, v)| (k, U32Deserializer::<Mismatch>::new(v)));
                return seed.deserialize(MapDeserializer::new(entries)).map(Some);
            }
            self.value.take().map(|value| seed.deserialize(value)).transpose()
        }
    }
    visitor.visit_seq(Pair { place: Some(place), value: Some(value) })
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let result = match &self.value {
            NodeValue::Null => visitor.visit_unit(),
            NodeValue::Bool(value) => visitor.visit_bool(*value),
            // Whole numbers as such; all others as their text in bytes, so that no float is made of them.
            NodeValue::Number(text) => match text.parse::<i64>() {
                Ok(number) => visitor.visit_i64(number),
                Err(_) => visitor.visit_bytes(text.as_bytes()),
            },
            NodeValue::Text(text) => visitor.visit_borrowed_str(text),
            NodeValue::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter())),
            NodeValue::Map(entries) => {
                visitor.visit_map(MapDeserializer::new(entries.iter().map(|(key, value)| (Key(key), value))))
            }
        };
        result.map_err(|e: Mismatch| e.at(self.place))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match &self.value {
            NodeValue::Text(text) | NodeValue::Number(text) => visitor.visit_borrowed_str(text),
            NodeValue::Bool(value) => visitor.visit_str(if *value { "true" } else { "false" }),
            _ => Err(wrong(self, &visitor)),
        }
        .map_err(|e: Mismatch| e.at(self.place))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match &self.value {
            NodeValue::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        if name == PLACED {
            return placed(self.place, self, visitor);
        }
        if name != MANY {
            return visitor.visit_newtype_struct(self);
        }
        match &self.value {
            NodeValue::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter())),
            _ => visitor.visit_seq(SeqDeserializer::new(std::iter::once(self))),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match &self.value {
            NodeValue::Text(text) => {
                visitor.visit_enum(text.as_str().into_deserializer()).map_err(|e: Mismatch| e.at(self.place))
            }
            NodeValue::Map(entries) => match entries.as_slice() {
                [(key, value)] => visitor.visit_enum(Tagged { key, value }),
                _ => Err(wrong(self, &"a map with one key")),
            },
            _ => Err(wrong(self, &visitor)),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// A map with one key, read as an enum: the key is the variant.
struct Tagged<'de> {
    key: &'de Sp<String>,
    value: &'de Node,
}

impl<'de> EnumAccess<'de> for Tagged<'de> {
    type Error = Mismatch;
    type Variant = &'de Node;
    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, &'de Node), Mismatch> {
        Ok((seed.deserialize(Key(self.key))?, self.value))
    }
}

impl<'de> VariantAccess<'de> for &'de Node {
    type Error = Mismatch;
    fn unit_variant(self) -> Result<(), Mismatch> {
        match self.value {
            NodeValue::Null => Ok(()),
            _ => Err(wrong(self, &"nothing")),
        }
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mismatch> {
        seed.deserialize(self)
    }
    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_any(visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_any(visitor)
    }
}
