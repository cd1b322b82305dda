//! The shapes of a mapping in TOML, before anything of it is checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use toml::Spanned;

use super::Differs;
use crate::import::code::CodeText;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingText {
    pub(super) mapping: Spanned<i64>,
    pub(super) name: String,
    #[serde(default)]
    pub(super) nulls: BTreeSet<String>,
    #[serde(default)]
    pub(super) differs: Differs,
    pub(super) sources: BTreeMap<String, Spanned<SourceText>>,
    pub(super) records: Vec<Spanned<RecordText>>,
    #[serde(default)]
    pub(super) codes: BTreeMap<String, BTreeMap<String, Spanned<CodeText>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceText {
    pub(super) file: String,
    pub(super) key: Option<String>,
    pub(super) why_not: Option<String>,
    #[serde(default)]
    pub(super) not_taken: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordText {
    pub(super) kind: Spanned<String>,
    pub(super) from: Spanned<String>,
    pub(super) fields: BTreeMap<String, Spanned<FieldText>>,
    #[serde(default)]
    pub(super) when: BTreeMap<String, Vec<String>>,
    pub(super) otherwise: Option<String>,
    pub(super) differs: Option<Differs>,
    pub(super) codes: Option<String>,
}

pub(super) enum FieldText {
    Column(String),
    Rule(FieldTable),
}

impl<'de> Deserialize<'de> for FieldText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = FieldText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column, or a table with `from`, `text` or `is`")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<FieldText, E> {
                Ok(FieldText::Column(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldText, A::Error> {
                FieldTable::deserialize(MapAccessDeserializer::new(map)).map(FieldText::Rule)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldTable {
    pub(super) from: Option<String>,
    pub(super) text: Option<String>,
    pub(super) is: Option<String>,
    pub(super) words: Option<BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) when: BTreeMap<String, Vec<String>>,
    pub(super) otherwise: Option<String>,
}
