//! Mappings: the TOML file that says what the columns of somebody's files are. Parsed and checked here; the language is in
//! the manual of [`crate::import`].

mod bind;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use serde::Deserialize;

use super::code::Code;
use super::error::{Fault, ImportError, Reason};
use super::expression::{Expression, Template};
use super::field::{self, Kind};
pub(super) use bind::Used;
use text::{FieldTable, FieldText, MappingText, RecordText};

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
    /// What it is for, in its own words.
    pub(super) name: String,
    pub(super) nulls: BTreeSet<String>,
    pub(super) sources: BTreeMap<String, SourceRule>,
    pub(super) records: Vec<RecordRule>,
    page: Page,
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

/// The text of a mapping and what it is called, to say where a fault is.
#[derive(Clone, Debug)]
struct Page {
    file: String,
    text: String,
}

impl Page {
    fn fault(&self, at: Option<usize>, key: Option<String>, reason: Reason) -> ImportError {
        let line = at.map(|at| {
            let before = self.text.bytes().take(at).filter(|byte| *byte == b'\n').count();
            before as u64 + 1
        });
        ImportError::Mapping(Fault { file: self.file.clone(), line, column: key, reason })
    }
}

type Books = BTreeMap<String, BTreeMap<String, Code>>;

impl Mapping {
    /// Reads a mapping. `file` is what messages call it.
    ///
    /// # Errors
    /// [`ImportError::Mapping`] with the line, the limit and the remedy.
    pub fn parse(text: &str, file: &str) -> Result<Self, ImportError> {
        if text.len() > MAPPING_BYTES_MAX {
            let limit = format!("a mapping has at most {MAPPING_BYTES_MAX} bytes");
            let page = Page { file: file.to_owned(), text: String::new() };
            return Err(page.fault(None, None, Reason::new(limit, "split it")));
        }
        let page = Page { file: file.to_owned(), text: text.to_owned() };
        let read: MappingText = toml::from_str(text).map_err(|error| {
            let reason = Reason::new(error.message().trim().to_owned(), "see docs/import.md for what a mapping holds");
            page.fault(error.span().map(|span| span.start), None, reason)
        })?;
        if *read.mapping.get_ref() != VERSION {
            let reason = Reason::new(
                format!("this program reads mappings of version {VERSION}"),
                format!("write `mapping = {VERSION}`, or use a newer program"),
            );
            return Err(page.fault(Some(read.mapping.span().start), Some("mapping".into()), reason));
        }
        for (what, count, max) in
            [("sources", read.sources.len(), SOURCES_MAX), ("records", read.records.len(), RECORDS_MAX)]
        {
            if count == 0 || count > max {
                let reason =
                    Reason::new(format!("a mapping has 1 to {max} {what}"), "see docs/import.md for an example");
                return Err(page.fault(None, Some(what.into()), reason));
            }
        }
        let mut sources = BTreeMap::new();
        for (name, source) in read.sources {
            let at = source.span().start;
            let rule = source_rule(at, source.into_inner());
            let rule = rule.map_err(|reason| page.fault(Some(at), Some(format!("sources.{name}")), reason))?;
            sources.insert(name, rule);
        }
        let mut books = Books::new();
        for (book, codes) in read.codes {
            let known = books.entry(book.clone()).or_default();
            for (code, meaning) in codes {
                let at = meaning.span().start;
                let key = || Some(format!("codes.{book}.{code}"));
                let meaning = Code::new(meaning.into_inner()).map_err(|reason| page.fault(Some(at), key(), reason))?;
                known.insert(code, meaning);
            }
        }
        let mut records = Vec::with_capacity(read.records.len());
        for (at, record) in read.records.into_iter().enumerate() {
            let start = record.span().start;
            let rule = record_rule(start, record.into_inner(), read.differs, &sources, &books);
            let rule = rule.map_err(|Misfit { at: place, key, reason }| {
                let separator = if key.is_empty() { "" } else { "." };
                page.fault(Some(place), Some(format!("records[{}]{separator}{key}", at + 1)), reason)
            })?;
            records.push(rule);
        }
        Ok(Self { name: read.name, nulls: read.nulls, sources, records, page })
    }

    /// What the mapping is for, in its own words.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn fault(&self, at: usize, key: Option<&str>, reason: Reason) -> ImportError {
        self.page.fault(Some(at), key.map(str::to_owned), reason)
    }
}

/// What is wrong with a record, and where.
struct Misfit {
    at: usize,
    key: String,
    reason: Reason,
}

fn source_rule(at: usize, source: text::SourceText) -> Result<SourceRule, Reason> {
    let text::SourceText { file, key, why_not, not_taken } = source;
    // A mapping may come from somebody else: it reads what is in the folder it is given, and nothing beside it.
    let is_plain = Path::new(&file).components().all(|part| matches!(part, Component::Normal(_)));
    if !is_plain || file.is_empty() {
        return Err(Reason::new("`file` is a name inside the folder", "leave out `..`, `/` and drive letters"));
    }
    Ok(SourceRule { at, file, key, why_not, not_taken })
}

fn record_rule(
    at: usize,
    record: RecordText,
    differs: Differs,
    sources: &BTreeMap<String, SourceRule>,
    books: &Books,
) -> Result<RecordRule, Misfit> {
    let misfit = |at: usize, key: &str| {
        let key = key.to_owned();
        move |reason: Reason| Misfit { at, key, reason }
    };
    let kind = Kind::of(record.kind.get_ref()).map_err(misfit(record.kind.span().start, "kind"))?;
    if !sources.contains_key(record.from.get_ref()) {
        let reason = Reason::new(format!("there is no source `{}`", record.from.get_ref()), list(sources));
        return Err(misfit(record.from.span().start, "from")(reason));
    }
    let mut fields = BTreeMap::new();
    for (name, field) in record.fields {
        let at = field.span().start;
        field::check_name(kind, &name).map_err(misfit(at, &name))?;
        let rule = field_rule(at, field.into_inner()).map_err(misfit(at, &name))?;
        fields.insert(name, rule);
    }
    field::check_whole(kind, |name| fields.contains_key(name)).map_err(misfit(at, ""))?;
    let codes = codes_of(kind, record.codes.as_deref(), books).map_err(misfit(at, "codes"))?;
    let when = conditions(record.when).map_err(misfit(at, "when"))?;
    Ok(RecordRule {
        at,
        kind,
        from: record.from.into_inner(),
        fields,
        when,
        otherwise: record.otherwise,
        differs: record.differs.unwrap_or(differs),
        codes,
    })
}

fn codes_of(kind: Kind, book: Option<&str>, books: &Books) -> Result<BTreeMap<String, Code>, Reason> {
    match (kind, book) {
        (Kind::Alert, Some(book)) => books
            .get(book)
            .cloned()
            .ok_or_else(|| Reason::new(format!("there is no [codes.{book}]"), "write it, or correct the name")),
        (Kind::Alert, None) => Err(Reason::new("an alert has `codes`", "name one of [codes.…]")),
        (_, Some(_)) => Err(Reason::new("only an alert has `codes`", "leave it out")),
        (_, None) => Ok(BTreeMap::new()),
    }
}

fn list(sources: &BTreeMap<String, SourceRule>) -> String {
    let names: Vec<&str> = sources.keys().map(String::as_str).collect();
    format!("the sources are: {}", names.join(", "))
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
