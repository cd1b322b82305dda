//! Mappings: the TOML file that says what the columns of somebody's files are. Parsed and checked here; the language is in
//! the manual of [`crate::import`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Component, Path};

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use toml::Spanned;

use super::code::{Code, CodeText};
use super::error::{Fault, ImportError, Reason};
use super::expression::{Expression, Template};
use super::field::{self, Kind};
use super::source::Source;

/// The version of the language that this program reads.
pub(super) const VERSION: i64 = 1;
/// The largest mapping, in bytes.
pub(super) const MAPPING_BYTES_MAX: usize = 1024 * 1024;
/// Sources of one mapping.
pub(super) const SOURCES_MAX: usize = 64;
/// Records of one mapping.
pub(super) const RECORDS_MAX: usize = 256;

/// What to do where this device says something else than the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Differs {
    /// Leave what is here, and say so in the report: a visitor may know better than the file.
    #[default]
    Keep,
    /// Take the file's: for a gazetteer that is the authority.
    Replace,
}

/// A mapping, checked as far as it can be without its files.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// What it is called in messages.
    pub(super) file: String,
    /// What it is for, in its own words.
    pub(super) name: String,
    pub(super) nulls: BTreeSet<String>,
    pub(super) sources: BTreeMap<String, SourceRule>,
    pub(super) records: Vec<RecordRule>,
    text: String,
}

/// A file and what of it is not taken.
#[derive(Clone, Debug)]
pub(super) struct SourceRule {
    pub(super) at: usize,
    pub(super) file: String,
    pub(super) key: Option<String>,
    /// Why nothing of the file is taken.
    pub(super) why_not: Option<String>,
    /// Why a column is not taken.
    pub(super) not_taken: BTreeMap<String, String>,
}

/// What becomes of the rows of a source.
#[derive(Clone, Debug)]
pub(super) struct RecordRule {
    pub(super) at: usize,
    pub(super) kind: Kind,
    pub(super) from: String,
    pub(super) fields: BTreeMap<String, FieldRule>,
    pub(super) when: Vec<Condition>,
    pub(super) otherwise: Option<String>,
    pub(super) differs: Differs,
    /// For alerts: what each code becomes.
    pub(super) codes: BTreeMap<String, Code>,
}

/// What a field is filled with.
#[derive(Clone, Debug)]
pub(super) struct FieldRule {
    pub(super) at: usize,
    pub(super) value: ValueRule,
    pub(super) words: Option<BTreeMap<String, String>>,
    pub(super) when: Vec<Condition>,
    pub(super) otherwise: Option<String>,
    /// How the report names the column.
    pub(super) column: Option<String>,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(super) enum ValueRule {
    From(Expression),
    Text(Template),
    Is(String),
}

/// A column that holds one of some words.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) expression: Expression,
    pub(super) among: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingText {
    mapping: Spanned<i64>,
    name: String,
    #[serde(default)]
    nulls: BTreeSet<String>,
    #[serde(default)]
    differs: Differs,
    sources: BTreeMap<String, Spanned<SourceText>>,
    records: Vec<Spanned<RecordText>>,
    #[serde(default)]
    codes: BTreeMap<String, BTreeMap<String, Spanned<CodeText>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceText {
    file: String,
    key: Option<String>,
    why_not: Option<String>,
    #[serde(default)]
    not_taken: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordText {
    kind: Spanned<String>,
    from: Spanned<String>,
    fields: BTreeMap<String, Spanned<FieldText>>,
    #[serde(default)]
    when: BTreeMap<String, Vec<String>>,
    otherwise: Option<String>,
    differs: Option<Differs>,
    codes: Option<String>,
}

enum FieldText {
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
struct FieldTable {
    from: Option<String>,
    text: Option<String>,
    is: Option<String>,
    words: Option<BTreeMap<String, String>>,
    #[serde(default)]
    when: BTreeMap<String, Vec<String>>,
    otherwise: Option<String>,
}

impl Mapping {
    /// Reads a mapping. `file` is what messages call it.
    ///
    /// # Errors
    /// [`ImportError::Mapping`] with the line, the limit and the remedy.
    pub fn parse(text: &str, file: &str) -> Result<Self, ImportError> {
        let fault = |at: Option<usize>, key: Option<String>, reason: Reason| {
            let line = at.map(|at| line_of(text, at));
            ImportError::Mapping(Fault { file: file.to_owned(), line, column: key, reason })
        };
        if text.len() > MAPPING_BYTES_MAX {
            let limit = format!("a mapping has at most {MAPPING_BYTES_MAX} bytes");
            return Err(fault(None, None, Reason::new(limit, "split it")));
        }
        let read: MappingText = toml::from_str(text).map_err(|error| {
            let reason = Reason::new(error.message().trim().to_owned(), "see docs/import.md for what a mapping holds");
            fault(error.span().map(|span| span.start), None, reason)
        })?;
        if *read.mapping.get_ref() != VERSION {
            let reason = Reason::new(
                format!("this program reads mappings of version {VERSION}"),
                format!("write `mapping = {VERSION}`, or use a newer program"),
            );
            return Err(fault(Some(read.mapping.span().start), Some("mapping".into()), reason));
        }
        if read.sources.is_empty() || read.sources.len() > SOURCES_MAX {
            return Err(fault(None, Some("sources".into()), many("sources", SOURCES_MAX)));
        }
        if read.records.is_empty() || read.records.len() > RECORDS_MAX {
            return Err(fault(None, Some("records".into()), many("records", RECORDS_MAX)));
        }
        let mut sources = BTreeMap::new();
        for (name, source) in read.sources {
            let at = source.span().start;
            let source = source.into_inner();
            let plain = Path::new(&source.file).components().all(|part| matches!(part, Component::Normal(_)));
            if !plain || source.file.is_empty() {
                let reason = Reason::new("`file` is a name inside the folder", "leave out `..`, `/` and drive letters");
                return Err(fault(Some(at), Some(format!("sources.{name}")), reason));
            }
            let SourceText { file, key, why_not, not_taken } = source;
            sources.insert(name, SourceRule { at, file, key, why_not, not_taken });
        }
        let mut books = BTreeMap::new();
        for (book, codes) in read.codes {
            let mut known = BTreeMap::new();
            for (code, meaning) in codes {
                let at = meaning.span().start;
                let key = format!("codes.{book}.{code}");
                let meaning = Code::new(meaning.into_inner()).map_err(|reason| fault(Some(at), Some(key), reason))?;
                known.insert(code, meaning);
            }
            books.insert(book, known);
        }
        let mut records = Vec::new();
        for (number, record) in read.records.into_iter().enumerate() {
            let at = record.span().start;
            let refused = |at: usize, key: &str, reason: Reason| {
                let separator = if key.is_empty() { "" } else { "." };
                fault(Some(at), Some(format!("records[{}]{separator}{key}", number + 1)), reason)
            };
            let record = record.into_inner();
            let kind =
                Kind::of(record.kind.get_ref()).map_err(|reason| refused(record.kind.span().start, "kind", reason))?;
            if !sources.contains_key(record.from.get_ref()) {
                let reason = Reason::new(format!("there is no source `{}`", record.from.get_ref()), list(&sources));
                return Err(refused(record.from.span().start, "from", reason));
            }
            let mut fields = BTreeMap::new();
            for (name, field) in record.fields {
                let at = field.span().start;
                field::check_name(kind, &name).map_err(|reason| refused(at, &name, reason))?;
                let rule = field_rule(at, field.into_inner()).map_err(|reason| refused(at, &name, reason))?;
                fields.insert(name, rule);
            }
            field::check_whole(kind, |name| fields.contains_key(name)).map_err(|reason| refused(at, "", reason))?;
            let codes = match (&record.codes, kind) {
                (Some(book), Kind::Alert) => {
                    let missing =
                        || Reason::new(format!("there is no [codes.{book}]"), "write it, or correct the name");
                    books.get(book).cloned().ok_or_else(|| refused(at, "codes", missing()))?
                }
                (None, Kind::Alert) => {
                    return Err(refused(at, "codes", Reason::new("an alert has `codes`", "name one of [codes.…]")));
                }
                (Some(_), _) => {
                    return Err(refused(at, "codes", Reason::new("only an alert has `codes`", "leave it out")));
                }
                (None, _) => BTreeMap::new(),
            };
            let when = conditions(record.when).map_err(|reason| refused(at, "when", reason))?;
            records.push(RecordRule {
                at,
                kind,
                from: record.from.into_inner(),
                fields,
                when,
                otherwise: record.otherwise,
                differs: record.differs.unwrap_or(read.differs),
                codes,
            });
        }
        let name = read.name;
        Ok(Self { file: file.to_owned(), name, nulls: read.nulls, sources, records, text: text.to_owned() })
    }

    /// What the mapping is for, in its own words.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Checks every name against the files, and makes them ready for look-ups. Returns the columns that are used.
    pub(super) fn bind(
        &self,
        sources: &mut BTreeMap<String, Source>,
    ) -> Result<BTreeMap<String, BTreeSet<String>>, ImportError> {
        let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut lookups: BTreeSet<(String, String)> = BTreeSet::new();
        for (name, rule) in &self.sources {
            let named = rule.not_taken.keys().chain(&rule.key);
            for column in named {
                self.check_column(sources, name, column, rule.at)?;
            }
        }
        for record in &self.records {
            let of_record = record.when.iter().map(|condition| (&condition.expression, record.at));
            let of_fields = record.fields.values().flat_map(|field| {
                let conditions = field.when.iter().map(|condition| &condition.expression);
                let value: Vec<&Expression> = match &field.value {
                    ValueRule::From(expression) => vec![expression],
                    ValueRule::Text(template) => template.expressions().collect(),
                    ValueRule::Is(_) => Vec::new(),
                };
                conditions.chain(value).map(|expression| (expression, field.at)).collect::<Vec<_>>()
            });
            for (expression, at) in of_record.chain(of_fields) {
                self.check_column(sources, &record.from, &expression.first.column, at)?;
                used.entry(record.from.clone()).or_default().insert(expression.first.column.clone());
                for hop in &expression.hops {
                    let source = sources.get(&hop.source).ok_or_else(|| {
                        let limit = format!("there is no source `{}`", hop.source);
                        self.fault(at, None, Reason::new(limit, list(&self.sources)))
                    })?;
                    let key = hop.key.as_ref().or(source.key.as_ref()).ok_or_else(|| {
                        let limit = format!("source `{}` has no `key`", hop.source);
                        let remedy = format!("give it one, or write `{}(column).…`", hop.source);
                        self.fault(at, None, Reason::new(limit, remedy))
                    })?;
                    for column in [key, &hop.step.column] {
                        self.check_column(sources, &hop.source, column, at)?;
                        used.entry(hop.source.clone()).or_default().insert(column.clone());
                    }
                    lookups.insert((hop.source.clone(), key.clone()));
                }
            }
        }
        for (source, column) in lookups {
            if let Some(source) = sources.get_mut(&source) {
                source.index(&column, &self.nulls);
            }
        }
        Ok(used)
    }

    fn check_column(
        &self,
        sources: &BTreeMap<String, Source>,
        source: &str,
        column: &str,
        at: usize,
    ) -> Result<(), ImportError> {
        let Some(held) = sources.get(source) else {
            return Ok(());
        };
        if held.columns.contains_key(column) {
            return Ok(());
        }
        let columns: Vec<&str> = held.columns.keys().map(String::as_str).collect();
        let reason = Reason::new(
            format!("`{}` has no column of this name", held.file),
            format!("it has: {}", columns.join(", ")),
        );
        Err(self.fault(at, Some(column), reason))
    }

    fn fault(&self, at: usize, key: Option<&str>, reason: Reason) -> ImportError {
        let line = Some(line_of(&self.text, at));
        ImportError::Mapping(Fault { file: self.file.clone(), line, column: key.map(str::to_owned), reason })
    }
}

fn many(what: &'static str, max: usize) -> Reason {
    Reason::new(format!("a mapping has 1 to {max} {what}"), "see docs/import.md for an example")
}

fn list(sources: &BTreeMap<String, SourceRule>) -> String {
    let names: Vec<&str> = sources.keys().map(String::as_str).collect();
    format!("the sources are: {}", names.join(", "))
}

fn line_of(text: &str, at: usize) -> u64 {
    let before = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
    before as u64 + 1
}

fn conditions(text: BTreeMap<String, Vec<String>>) -> Result<Vec<Condition>, Reason> {
    text.into_iter()
        .map(|(expression, among)| {
            let expression = Expression::parse(&expression)?;
            Ok(Condition { expression, among: among.into_iter().collect() })
        })
        .collect()
}

fn field_rule(at: usize, text: FieldText) -> Result<FieldRule, Reason> {
    let table = match text {
        FieldText::Column(column) => {
            FieldTable { from: Some(column), text: None, is: None, words: None, when: BTreeMap::new(), otherwise: None }
        }
        FieldText::Rule(table) => table,
    };
    let column = table.from.clone().or_else(|| table.text.clone());
    let value = match (table.from, table.text, table.is) {
        (Some(from), None, None) => ValueRule::From(Expression::parse(&from)?),
        (None, Some(text), None) => ValueRule::Text(Template::parse(&text)?),
        (None, None, Some(is)) => ValueRule::Is(is),
        _ => {
            return Err(Reason::new("a field has one of `from`, `text` and `is`", "leave the others out"));
        }
    };
    if matches!(value, ValueRule::Is(_)) && table.words.is_some() {
        return Err(Reason::new("`words` translates what a file says", "leave it out beside `is`"));
    }
    let when = conditions(table.when)?;
    Ok(FieldRule { at, value, words: table.words, when, otherwise: table.otherwise, column })
}
