//! From rows to facts: evaluates a mapping over its files. Pure: the same files give the same facts.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use doorstep_client_core::records::home::Alert;
use doorstep_client_core::records::identity::Occupancy;
use doorstep_client_core::records::index::{Flag, FlagSubject, Property};
use doorstep_client_core::records::{Date, Source as Known, Uprn};

use super::attached::Attached;
use super::code::Code;
use super::error::Reason;
use super::expression::{Expression, Piece};
use super::fact::{Fact, Said, Target};
use super::field::{self, CODE, Kind, PERSON_LINK, PROPERTY_LINK};
use super::mapping::{Condition, FieldRule, Mapping, RecordRule, ValueRule};
use super::report::{Outcome, Remark, ReportLine};
use super::source::{Line, NotFound, Source};

/// A row that cannot be taken.
struct Refused {
    column: Option<String>,
    why: String,
}

impl Refused {
    fn plain(why: impl Into<String>) -> Self {
        Self { column: None, why: why.into() }
    }

    fn of(column: Option<&str>, reason: &Reason) -> Self {
        Self { column: column.map(str::to_owned), why: reason.to_string() }
    }
}

/// Reads a mapping's files.
pub(super) struct Reader<'m> {
    pub(super) mapping: &'m Mapping,
    pub(super) sources: &'m BTreeMap<String, Source>,
    /// Flags that are imported are reviewed by this day.
    pub(super) review_due: Date,
}

/// What one row of a file says.
enum Word {
    /// A row of an open document.
    Fact(Box<Fact>),
    /// What lies beside them.
    Attached(Attached),
}

/// The filled fields of one row, and what was left out of them.
#[derive(Default)]
struct Row {
    values: BTreeMap<String, String>,
    remarks: Vec<Remark>,
}

impl Reader<'_> {
    /// Every fact, with a line of the report for each row.
    pub(super) fn read(&self) -> (Vec<Fact>, Vec<Attached>, Vec<ReportLine>) {
        let (mut facts, mut attached, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        for (rank, record) in self.mapping.records.iter().enumerate() {
            let Some(source) = self.sources.get(&record.from) else {
                continue;
            };
            for row in &source.rows {
                let mut line = ReportLine {
                    kind: record.kind.as_str(),
                    file: source.file.clone(),
                    line: row.number,
                    outcome: Outcome::NotTaken,
                    what: None,
                    column: None,
                    why: None,
                    remarks: Vec::new(),
                    rank,
                };
                match self.fact(record, source, row, lines.len(), &mut line) {
                    Ok(Some(Word::Fact(fact))) => facts.push(*fact),
                    Ok(Some(Word::Attached(one))) => attached.push(one),
                    // A row without a code or a telephone number says nothing, so there is nothing to report.
                    Ok(None) => continue,
                    Err(refused) => (line.column, line.why) = (refused.column, Some(refused.why)),
                }
                lines.push(line);
            }
        }
        (facts, attached, lines)
    }

    fn fact(
        &self,
        record: &RecordRule,
        source: &Source,
        row: &Line,
        line: usize,
        told: &mut ReportLine,
    ) -> Result<Option<Word>, Refused> {
        let code = match record.fields.get(CODE) {
            Some(rule) => match self.field(source, row, rule, &mut Vec::new())? {
                Some(code) => Some(code),
                None => return Ok(None),
            },
            None => None,
        };
        if !self.holds(source, row, &record.when)? {
            let why = record.otherwise.as_deref().unwrap_or("the mapping leaves it out by `when`");
            return Err(Refused::plain(why));
        }
        let mut read = Row::default();
        for (name, rule) in record.fields.iter().filter(|(name, _)| *name != CODE) {
            if let Some(value) = self.field(source, row, rule, &mut read.remarks)? {
                read.values.insert(name.clone(), value);
            }
        }
        let fact = match code {
            Some(code) => self.coded(record, &code, read, line, told)?,
            None if says_nothing(record.kind, &read) => return Ok(None),
            None => match plain(record, read, line, told)? {
                Word::Fact(fact) => *fact,
                attached @ Word::Attached(_) => return Ok(Some(attached)),
            },
        };
        // An occupancy is checked once its property is known.
        if !matches!(fact.said, Said::Occupancy(_)) {
            fact.said.check().map_err(|error| {
                let column = record.fields.get(error.field.as_ref()).and_then(|rule| rule.column.as_deref());
                Refused::of(column.or(Some(&error.field)), &Reason::new(error.limit, error.remedy))
            })?;
        }
        Ok(Some(Word::Fact(Box::new(fact))))
    }

    /// A fact from a code.
    fn coded(
        &self,
        record: &RecordRule,
        code: &str,
        mut read: Row,
        line: usize,
        told: &mut ReportLine,
    ) -> Result<Fact, Refused> {
        let meaning = record.codes.get(code).ok_or_else(|| {
            let column = record.fields.get(CODE).and_then(|rule| rule.column.as_deref());
            Refused::of(column, &Reason::new("the mapping does not know this code", "add it to its codes"))
        })?;
        told.what = Some(code.to_owned());
        let person = read.values.remove(PERSON_LINK);
        let property = uprn(record, read.values.remove(PROPERTY_LINK))?;
        let person_of = |person: Option<String>| match person {
            Some(reference) => Ok(Target::Person(reference)),
            None => Err(Refused::plain("it is about a person, and this row names none")),
        };
        let property_of = |property: Option<Uprn>, remarks: &[Remark]| match property {
            Some(uprn) => Ok(Target::Property(uprn)),
            None => Err(remarks.first().map_or_else(
                || Refused::plain("it is about a home, and this row names none"),
                |remark| Refused { column: Some(remark.column.clone()), why: remark.why.clone() },
            )),
        };
        let mut common = move |name: &str| read.values.remove(name);
        let raised_on = |text: Option<String>| text.and_then(|text| text.parse::<Date>().ok());
        let (target, said, about, words) = match meaning {
            Code::NotTaken(why) => return Err(Refused::plain(why.clone())),
            Code::Flag(kind) => {
                let target = property_of(property, &read.remarks)?;
                let subject = if person.is_some() { FlagSubject::Person } else { FlagSubject::Property };
                let flag = Flag {
                    kind: Some(kind.clone()),
                    subject: Some(subject),
                    contact: common("contact"),
                    organisation: common("organisation"),
                    reference: common("reference"),
                    raised_on: raised_on(common("raised_on")),
                    review_due: Some(self.review_due.clone()),
                    ..Flag::default()
                };
                (target, Said::Flag(flag), person, format!("flag {kind}"))
            }
            Code::Alert(words) => {
                let target = property_of(property, &read.remarks)?;
                let alert = Alert {
                    kind: Some(words.clone()),
                    reference: common("reference"),
                    raised_on: raised_on(common("raised_on")),
                    source: Some(Known::Imported),
                    ..Alert::default()
                };
                (target, Said::Alert(alert), None, "alert of the home".to_owned())
            }
            Code::Need(need) => (person_of(person)?, Said::Need(need.clone()), None, "communication need".to_owned()),
            Code::Ability(ability) => (person_of(person)?, Said::Ability(ability.clone()), None, "ability".to_owned()),
            Code::Note(note) => (person_of(person)?, Said::Note(note.clone()), None, "note on function".to_owned()),
        };
        told.what = Some(format!("{code}: {words}"));
        Ok(Fact { target, said, place: None, about, differs: record.differs, line })
    }

    fn holds(&self, source: &Source, row: &Line, conditions: &[Condition]) -> Result<bool, Refused> {
        for condition in conditions {
            let value = self.value(source, row, &condition.expression)?;
            if !value.is_some_and(|value| condition.among.contains(&value)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn field(
        &self,
        source: &Source,
        row: &Line,
        rule: &FieldRule,
        remarks: &mut Vec<Remark>,
    ) -> Result<Option<String>, Refused> {
        let value = match &rule.value {
            ValueRule::Is(words) => Some(words.clone()),
            ValueRule::From(expression) => self.value(source, row, expression)?,
            ValueRule::Text(template) => {
                let mut text = String::new();
                let mut is_whole = true;
                for piece in &template.pieces {
                    match piece {
                        Piece::Words(words) => text.push_str(words),
                        Piece::Value(expression) => match self.value(source, row, expression)? {
                            Some(value) => text.push_str(&value),
                            None => is_whole = false,
                        },
                    }
                }
                is_whole.then_some(text)
            }
        };
        let Some(value) = value else { return Ok(None) };
        if !self.holds(source, row, &rule.when)? {
            if let Some(why) = &rule.otherwise {
                let column = rule.column.clone().unwrap_or_default();
                remarks.push(Remark { column, why: why.clone() });
            }
            return Ok(None);
        }
        match &rule.words {
            None => Ok(Some(value)),
            Some(words) => words.get(&value).cloned().map(Some).ok_or_else(|| {
                let reason = Reason::new("the mapping does not know this word", "add it to `words`");
                Refused::of(rule.column.as_deref(), &reason)
            }),
        }
    }

    fn value(&self, source: &Source, row: &Line, expression: &Expression) -> Result<Option<String>, Refused> {
        let nulls = &self.mapping.nulls;
        let step = |source: &Source, row: &Line, step: &super::expression::Step| {
            let Some(text) = source.cell(row, &step.column, nulls) else {
                return Ok(None);
            };
            let mut text = text.to_owned();
            for transform in &step.transforms {
                let changed = transform.apply(&text).map_err(|reason| Refused::of(Some(&step.column), &reason))?;
                text = changed.into_owned();
            }
            Ok(Some(text))
        };
        let mut value = step(source, row, &expression.first)?;
        let mut column = &expression.first.column;
        for hop in &expression.hops {
            let Some(text) = value else { return Ok(None) };
            let Some(next) = self.sources.get(&hop.source) else {
                return Ok(None);
            };
            let Some(key) = hop.key.as_ref().or(next.key.as_ref()) else {
                return Ok(None);
            };
            let found = next.look_up(key, &text).map_err(|not_found| {
                let limit = match not_found {
                    NotFound::Missing => format!("no row of {} has this in `{key}`", next.file),
                    NotFound::Several => {
                        format!("several rows of {} have this in `{key}`", next.file)
                    }
                };
                Refused::of(Some(column), &Reason::new(limit, "correct one of the two files"))
            })?;
            value = step(next, found, &hop.step)?;
            column = &hop.step.column;
        }
        Ok(value)
    }
}

fn uprn(record: &RecordRule, text: Option<String>) -> Result<Option<Uprn>, Refused> {
    let Some(text) = text else { return Ok(None) };
    let column = record.fields.get(PROPERTY_LINK).and_then(|rule| rule.column.as_deref());
    let reason = |expected| Reason::new(format!("expected {expected}"), "correct the cell");
    text.parse().map(Some).map_err(|error: doorstep_client_core::records::words::NotThisForm| {
        Refused::of(column, &reason(error.expected))
    })
}

/// Whether a row has nothing but its links: no telephone number, no language.
fn says_nothing(kind: Kind, read: &Row) -> bool {
    match kind {
        Kind::Contact => !read.values.contains_key("value"),
        Kind::NhsNumber => !read.values.contains_key("number"),
        Kind::Photograph => !read.values.contains_key(field::FILE),
        Kind::Dwelling | Kind::Language | Kind::Household => {
            read.values.keys().all(|name| name == PERSON_LINK || name == PROPERTY_LINK)
        }
        Kind::Need => !read.values.contains_key("kind"),
        Kind::Member | Kind::Important => !read.values.contains_key("name") && !read.values.contains_key("relation"),
        Kind::Professional => !read.values.contains_key("service"),
        Kind::Property | Kind::Person | Kind::Occupancy | Kind::Alert | Kind::Proxy | Kind::Consent => false,
    }
}

/// A fact from fields.
fn plain(record: &RecordRule, mut read: Row, line: usize, told: &mut ReportLine) -> Result<Word, Refused> {
    let kind = record.kind;
    let column = |name: &str| record.fields.get(name).and_then(|rule| rule.column.as_deref());
    let mut link = |name: &str| {
        read.values.remove(name).ok_or_else(|| {
            let reason = Reason::new(format!("a {} says which {name}", kind.as_str()), "fill the cell");
            Refused::of(column(name), &reason)
        })
    };
    let (person, property) = match kind {
        Kind::Property => (None, None),
        Kind::Dwelling | Kind::Photograph => (None, Some(link(PROPERTY_LINK)?)),
        Kind::Person => (None, None),
        Kind::Occupancy => (Some(link(PERSON_LINK)?), Some(link(PROPERTY_LINK)?)),
        Kind::Contact
        | Kind::Language
        | Kind::Need
        | Kind::Household
        | Kind::Member
        | Kind::Important
        | Kind::Proxy
        | Kind::Professional
        | Kind::Consent
        | Kind::NhsNumber
        | Kind::Alert => (Some(link(PERSON_LINK)?), None),
    };
    let place = uprn(record, property)?;
    let mut fields: Map<String, Value> = Map::new();
    for (name, text) in &read.values {
        let value = field::convert(kind, name, text).map_err(|reason| Refused::of(column(name), &reason))?;
        fields.insert(name.clone(), value);
    }
    if kind == Kind::Photograph {
        let property = place.ok_or_else(|| Refused::plain("a photograph is of a home"))?;
        let attached = Attached::photograph(property, fields, record.differs, line)
            .map_err(|reason| Refused::of(column(field::FILE), &reason))?;
        told.remarks = read.remarks;
        return Ok(Word::Attached(attached));
    }
    if kind != Kind::Property {
        fields.insert("source".to_owned(), Value::from(Known::Imported.as_str()));
    }
    let whole = |reason: Reason| Refused::plain(reason.to_string());
    let said = match kind {
        Kind::Property => Said::Property(field::row(fields).map_err(whole)?),
        Kind::Dwelling => Said::Dwelling(field::row(fields).map_err(whole)?),
        Kind::Person => Said::Person(field::row(fields).map_err(whole)?),
        Kind::Contact => Said::Contact(field::row(fields).map_err(whole)?),
        Kind::Occupancy => Said::Occupancy(field::row::<Occupancy>(fields).map_err(whole)?),
        Kind::Language => Said::Language(field::row(fields).map_err(whole)?),
        Kind::Need => Said::Need(field::row(fields).map_err(whole)?),
        Kind::Household => Said::Household(field::row(fields).map_err(whole)?),
        Kind::Member => Said::Member(field::row(fields).map_err(whole)?),
        Kind::Important => Said::Important(field::row(fields).map_err(whole)?),
        Kind::Proxy => Said::Proxy(field::row(fields).map_err(whole)?),
        Kind::Professional => Said::Professional(field::row(fields).map_err(whole)?),
        Kind::Consent => Said::Consent(field::row(fields).map_err(whole)?),
        Kind::NhsNumber => {
            let number = field::row(fields).map_err(whole)?;
            let person = person.ok_or_else(|| Refused::plain("an NHS number is a person's"))?;
            let attached = Attached::number(person, number, record.differs, line).map_err(|error| {
                Refused::of(column(&error.field).or(Some(&error.field)), &Reason::new(error.limit, error.remedy))
            })?;
            told.remarks = read.remarks;
            return Ok(Word::Attached(attached));
        }
        Kind::Photograph | Kind::Alert => return Err(Refused::plain("an alert has a code")),
    };
    let target = match (&said, person, &place) {
        (Said::Property(Property { uprn: Some(uprn), .. }), ..) => Target::Property(uprn.clone()),
        (Said::Property(_), ..) => {
            let reason = Reason::new("a property of a file has a UPRN", "record it by a visit, as provisional");
            return Err(Refused::of(column("uprn"), &reason));
        }
        (Said::Person(person), ..) => match &person.reference {
            Some(reference) => Target::Person(reference.clone()),
            None => {
                let reason = Reason::new("a person of a file has a reference", "fill the cell");
                return Err(Refused::of(column("reference"), &reason));
            }
        },
        (_, Some(person), _) => Target::Person(person),
        (_, None, Some(uprn)) => Target::Property(uprn.clone()),
        (_, None, None) => return Err(Refused::plain("it names neither a person nor a property")),
    };
    told.remarks = read.remarks;
    Ok(Word::Fact(Box::new(Fact { target, said, place, about: None, differs: record.differs, line })))
}
