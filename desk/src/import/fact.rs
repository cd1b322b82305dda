//! Facts: what one row of a file says of one property or person, typed, before it is compared with what is here.

use std::collections::BTreeSet;

use doorstep_protocol::{Class, hash};

use doorstep_client_core::records::communication::{Language, Need};
use doorstep_client_core::records::function::{Ability, Note};
use doorstep_client_core::records::home::{Alert, Dwelling};
use doorstep_client_core::records::identity::{Contact, Occupancy, Person};
use doorstep_client_core::records::index::{Flag, Property};
use doorstep_client_core::records::network::{Consent, Household, Important, Member, Professional, Proxy};
use doorstep_client_core::records::row::Entry;
use doorstep_client_core::records::{Edit, EditError, FieldError, Row, RowId, Uprn, Value};

use super::mapping::Differs;

/// Makes row ids of imports their own.
const ROW_LABEL: &str = "doorstep/import-row/1";

/// What a fact is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// The property of a UPRN.
    Property(Uprn),
    /// The person of a reference in another system.
    Person(String),
}

/// What is said.
#[derive(Clone, Debug)]
pub(super) enum Said {
    Property(Property),
    Dwelling(Dwelling),
    Person(Person),
    Contact(Contact),
    Occupancy(Occupancy),
    Language(Language),
    Need(Need),
    Ability(Ability),
    Note(Note),
    Flag(Flag),
    Alert(Alert),
    Household(Household),
    Member(Member),
    Important(Important),
    Proxy(Proxy),
    Professional(Professional),
    Consent(Consent),
}

/// One row's word on one target.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) target: Target,
    pub(super) said: Said,
    /// For an occupancy, where; for a flag about a person, nothing.
    pub(super) place: Option<Uprn>,
    /// For a flag about a person, their reference: two people of one home have a flag each.
    pub(super) about: Option<String>,
    pub(super) differs: Differs,
    /// The line of the report.
    pub(super) line: usize,
}

macro_rules! each {
    ($said:expr, $row:ident => $do:expr) => {
        match $said {
            Said::Property($row) => $do,
            Said::Dwelling($row) => $do,
            Said::Person($row) => $do,
            Said::Contact($row) => $do,
            Said::Occupancy($row) => $do,
            Said::Language($row) => $do,
            Said::Need($row) => $do,
            Said::Ability($row) => $do,
            Said::Note($row) => $do,
            Said::Flag($row) => $do,
            Said::Alert($row) => $do,
            Said::Household($row) => $do,
            Said::Member($row) => $do,
            Said::Important($row) => $do,
            Said::Proxy($row) => $do,
            Said::Professional($row) => $do,
            Said::Consent($row) => $do,
        }
    };
}

fn class_of<R: Row>(_: &R) -> Class {
    R::CLASS
}

fn collection_of<R: Row>(_: &R) -> &'static str {
    R::COLLECTION
}

fn only<R: Row>(row: &R, fields: &BTreeSet<&'static str>) -> R {
    let entries = row.entries();
    let value = |field: &str| entries.iter().find(|entry| entry.field == field).map(|entry| entry.value.clone());
    R::read(&mut |field| fields.contains(field).then(|| value(field)).flatten())
}

impl Said {
    /// The class of document it belongs to.
    pub(super) fn class(&self) -> Class {
        each!(self, row => class_of(row))
    }

    /// The collection it belongs to.
    pub(super) fn collection(&self) -> &'static str {
        each!(self, row => collection_of(row))
    }

    /// Its filled fields.
    pub(super) fn entries(&self) -> Vec<Entry> {
        each!(self, row => row.entries())
    }

    /// Whether it may be written.
    pub(super) fn check(&self) -> Result<(), FieldError> {
        self.entries().into_iter().try_for_each(|entry| entry.checked)?;
        each!(self, row => row.check())
    }

    /// Only these of its fields.
    pub(super) fn only(&self, fields: &BTreeSet<&'static str>) -> Self {
        match self {
            Self::Property(row) => Self::Property(only(row, fields)),
            Self::Dwelling(row) => Self::Dwelling(only(row, fields)),
            Self::Person(row) => Self::Person(only(row, fields)),
            Self::Contact(row) => Self::Contact(only(row, fields)),
            Self::Occupancy(row) => Self::Occupancy(only(row, fields)),
            Self::Language(row) => Self::Language(only(row, fields)),
            Self::Need(row) => Self::Need(only(row, fields)),
            Self::Ability(row) => Self::Ability(only(row, fields)),
            Self::Note(row) => Self::Note(only(row, fields)),
            Self::Flag(row) => Self::Flag(only(row, fields)),
            Self::Alert(row) => Self::Alert(only(row, fields)),
            Self::Household(row) => Self::Household(only(row, fields)),
            Self::Member(row) => Self::Member(only(row, fields)),
            Self::Important(row) => Self::Important(only(row, fields)),
            Self::Proxy(row) => Self::Proxy(only(row, fields)),
            Self::Professional(row) => Self::Professional(only(row, fields)),
            Self::Consent(row) => Self::Consent(only(row, fields)),
        }
    }

    /// Whether a document holds one such row, or many.
    pub(super) const fn is_single(&self) -> bool {
        matches!(self, Self::Property(_) | Self::Dwelling(_) | Self::Person(_) | Self::Language(_) | Self::Household(_))
    }

    /// Whether it says that its target exists.
    pub(super) const fn founds(&self) -> bool {
        matches!(self, Self::Property(_) | Self::Person(_))
    }

    /// Whether a row that is here is never touched: a flag ends by a named decision, and a note and a person's word stand.
    pub(super) const fn stands(&self) -> bool {
        matches!(self, Self::Flag(_) | Self::Note(_) | Self::Consent(_))
    }

    /// The fields by which a row that somebody else recorded is known to say the same; empty where nothing does.
    pub(super) fn same_by(&self) -> &'static [&'static str] {
        match self {
            Self::Contact(_) => &["channel", "value"],
            Self::Occupancy(row) if row.reference.is_some() => &["reference"],
            Self::Occupancy(_) => &["property", "from"],
            Self::Need(_) => &["kind", "detail"],
            Self::Ability(_) => &["what", "level", "detail"],
            Self::Note(_) => &["text"],
            Self::Alert(_) => &["kind", "reference"],
            // Each organisation's flag is a decision of its own.
            Self::Flag(_) => &[],
            Self::Member(_) | Self::Important(_) => &["name", "relation"],
            Self::Proxy(_) => &["name", "kind", "scope"],
            Self::Professional(_) => &["service", "role", "name"],
            Self::Consent(_) => &["scope", "decision", "decided_at"],
            Self::Property(_) | Self::Dwelling(_) | Self::Person(_) | Self::Language(_) | Self::Household(_) => &[],
        }
    }

    /// Writes the row: made whole where it is new, else only what is filled.
    pub(super) fn write(&self, edit: &mut Edit<'_, '_>, row: RowId) -> Result<(), EditError> {
        if self.is_single() {
            each!(self, held => edit.put(held))
        } else {
            each!(self, held => edit.put_row(row, held))
        }
    }
}

impl Fact {
    /// The row's id: the same whenever and wherever the same files are imported, so that two desks that import them without
    /// having seen each other make one row, not two.
    pub(super) fn row_id(&self) -> RowId {
        if self.said.is_single() {
            return RowId::SINGLE;
        }
        let mut parts: Vec<String> = match &self.target {
            Target::Property(uprn) => vec!["property".to_owned(), uprn.to_string()],
            Target::Person(reference) => vec!["person".to_owned(), reference.clone()],
        };
        parts.push(self.said.collection().to_owned());
        let named: &[&str] = match &self.said {
            Said::Flag(_) => &["kind", "subject", "organisation", "reference"],
            other => other.same_by(),
        };
        let entries = self.said.entries();
        for field in named {
            let value = entries.iter().find(|entry| entry.field == *field).map(|entry| &entry.value);
            parts.push(value.map_or_else(String::new, Value::to_string));
        }
        parts.extend(self.about.clone());
        let bytes: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
        RowId(hash::tagged16(ROW_LABEL, &bytes))
    }
}
