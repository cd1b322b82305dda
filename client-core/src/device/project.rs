//! Projections: what lists and searches need of a document, computed from it and from what the log erases (so on any core),
//! and written beside it.

mod desk;

use std::collections::BTreeSet;

use doorstep_protocol::{Class, DocumentId, Millis, Subject, ZoneId};
use rusqlite::Transaction;

use super::{Device, DeviceError, RecordId};
use crate::records::identity::{Occupancy, OccupancyKind, Person};
use crate::records::index::{Flag, Property};
use crate::records::photograph::{Photograph, PhotographParts};
use crate::records::publish::erased::{self, ErasedSources};
use crate::records::{ApplyError, Date, Document, DocumentView, Reading, RowId, decisions, home, names, view};
use crate::store::desk::DeskRow;
use crate::store::documents::{Form, Saved};
use crate::store::parts::{self, NamedPart, PartForm};
use crate::store::{StoreError, documents, lists, places, sources};

/// What lists and searches need of one document.
pub(super) struct Projection {
    pub(super) conflicts: usize,
    /// Sealed where the document speaks of what is erased: nothing of that is left open on disk.
    pub(super) form: Form,
    /// What its published rows come from.
    sources: BTreeSet<DocumentId>,
    rows: Rows,
    /// What a desk has to look at, sorted; `None` where that is owed until the document is kept anew.
    pub(super) desk: Option<Vec<DeskRow>>,
}

enum Rows {
    Property { property: Box<Property>, flags: usize },
    Person { person: Box<Person>, names: Vec<String>, occupancies: Vec<(RowId, Occupancy)> },
    Home { visits: Vec<(RowId, home::Visit)>, parts: Vec<NamedPart> },
    None,
}

/// Computes the projection of a document.
pub(super) fn project(document: &Document, erased: &ErasedSources) -> Projection {
    let view = read(document, erased);
    project_view(document, &view).with_lists(&view)
}

/// Reads a document without what is erased.
pub(super) fn read(document: &Document, erased: &ErasedSources) -> DocumentView {
    let mut view = view::read(document, &|_| None);
    erased::hide(&mut view, erased);
    view
}

/// A document as it is kept.
pub(super) fn keep(document: &Document, zone: ZoneId, form: Form) -> Result<Saved, ApplyError> {
    let save = match form {
        Form::Open => document.save()?,
        Form::Sealed => Vec::new(),
    };
    Ok(Saved { class: document.class(), zone, save })
}

/// Computes the projection of a document from what was read of it already, without what is erased. Lists of a desk are owed.
pub(super) fn project_view(document: &Document, view: &DocumentView) -> Projection {
    let conflicts = decisions::open_conflicts(view).len();
    let is_closed = view.sections.values().any(|section| section.erased_rows > 0);
    let form = if is_closed { Form::Sealed } else { Form::Open };
    let rows = match view.class {
        Class::Index => Rows::Property {
            property: Box::new(view.single(Reading::Shown).map(|seen| seen.value).unwrap_or_default()),
            flags: view.rows::<Flag>(Reading::Cautious).iter().filter(|f| f.value.ended_at.is_none()).count(),
        },
        Class::Identity => Rows::Person {
            person: Box::new(view.single(Reading::Shown).map(|seen| seen.value).unwrap_or_default()),
            names: names::recorded(document),
            // A search by address must not find whose address is protected: such a view has no places.
            occupancies: view.rows(Reading::Shown).into_iter().map(|seen| (seen.row, seen.value)).collect(),
        },
        Class::Home => Rows::Home {
            visits: view.rows(Reading::Shown).into_iter().map(|seen| (seen.row, seen.value)).collect(),
            parts: parts_of(view),
        },
        _ => Rows::None,
    };
    Projection { conflicts, form, sources: erased::sources(view), rows, desk: None }
}

impl Projection {
    /// The same, with what a desk has to look at.
    pub(super) fn with_lists(self, view: &DocumentView) -> Self {
        Self { desk: Some(desk::rows(view)), ..self }
    }
}

impl Device {
    /// What a first document says of the record's others: which documents belong to it.
    pub(super) fn links(&self, document: DocumentId, projection: &Projection) -> Result<Vec<DocumentId>, DeviceError> {
        let (subject, uprn) = match &projection.rows {
            Rows::Property { property, .. } => (Subject::Property, property.uprn.as_ref().map(|uprn| uprn.as_str())),
            Rows::Person { .. } => (Subject::Person, None),
            Rows::Home { .. } | Rows::None => return Ok(Vec::new()),
        };
        let all = self.documents_of(RecordId(document), subject, uprn)?;
        Ok(all.into_iter().map(|(_, id)| id).collect())
    }
}

/// Writes a projection, with the links that [`Device::links`] found.
pub(super) fn write(
    transaction: &Transaction<'_>,
    document: DocumentId,
    projection: &Projection,
    links: &[DocumentId],
) -> Result<(), StoreError> {
    for linked in links {
        documents::link(transaction, *linked, document)?;
    }
    sources::add(transaction, document, &projection.sources)?;
    write_lists(transaction, document, projection)?;
    match &projection.rows {
        Rows::Property { property, flags } => {
            places::set(transaction, document, &place(property))?;
            let row = lists::PropertyRow {
                record: document,
                uprn: property.uprn.as_ref().map(ToString::to_string),
                parent_uprn: property.parent.as_ref().map(ToString::to_string),
                address: address_line(property),
                postcode: property.postcode.as_ref().map(ToString::to_string),
                flags: *flags,
            };
            lists::set_property(transaction, &row)
        }
        Rows::Person { person, names, occupancies } => {
            let row = lists::PersonRow {
                record: document,
                name: shown_name(person),
                born: person.born.as_ref().map(ToString::to_string),
                reference: person.reference.clone(),
            };
            lists::set_person(transaction, &row, names)?;
            let rows = occupancies.iter().filter_map(|(row, occupancy)| {
                Some(lists::OccupancyRow {
                    row: row.0,
                    property: occupancy.property?,
                    kind: occupancy.kind.as_ref().unwrap_or(&OccupancyKind::Main).to_string(),
                    ended: occupancy.to.as_ref().map(ToString::to_string),
                })
            });
            lists::set_occupancies(transaction, document, rows)
        }
        Rows::Home { visits, parts: named } => {
            parts::set_named(transaction, document, named.iter().copied())?;
            let rows = visits.iter().map(|(row, visit)| lists::VisitRow {
                document,
                row: row.0,
                record: None,
                kind: visit.kind.as_ref().map(ToString::to_string).unwrap_or_default(),
                state: visit.state.as_ref().map(ToString::to_string).unwrap_or_default(),
                started: Date::of(visit.started_at.unwrap_or(Millis(0))).to_string(),
                visitor: match (&visit.worker, &visit.visitor) {
                    (Some(worker), _) => worker.to_string(),
                    (None, name) => name.clone().unwrap_or_default(),
                },
            });
            lists::set_visits(transaction, document, rows)
        }
        Rows::None => Ok(()),
    }
}

/// Writes what a document puts on the lists of a desk, unless that stays owed.
pub(super) fn write_lists(
    transaction: &Transaction<'_>,
    document: DocumentId,
    projection: &Projection,
) -> Result<(), StoreError> {
    match &projection.desk {
        Some(rows) => crate::store::desk::set(transaction, document, rows),
        None => Ok(()),
    }
}

/// The parts that the photographs of a home have, as far as their rows read.
fn parts_of(view: &DocumentView) -> Vec<NamedPart> {
    let mut named = Vec::new();
    for seen in view.rows::<Photograph>(Reading::Shown) {
        let Some(parts) = seen.value.parts.as_ref().and_then(PhotographParts::parse) else { continue };
        for (form, of) in [(PartForm::Original, &parts.original), (PartForm::Thumbnail, &parts.thumbnail)] {
            let all = (0..).zip(&of.parts);
            named.extend(all.map(|(index, part)| NamedPart { row: seen.row.0, form, index, part: *part }));
        }
    }
    named
}

/// The address in one line: as recorded, else put together from its parts.
pub(crate) fn address_line(property: &Property) -> String {
    if let Some(line) = &property.line {
        return line.clone();
    }
    let street = match (&property.number, &property.street) {
        (Some(number), Some(street)) => Some(format!("{number} {street}")),
        (None, street) => street.clone(),
        (number, None) => number.clone(),
    };
    let parts =
        [property.unit.clone(), property.building.clone(), street, property.locality.clone(), property.town.clone()];
    let known: Vec<String> = parts.into_iter().flatten().collect();
    if known.is_empty() { "address not known".to_owned() } else { known.join(", ") }
}

/// In which street and building it is: villages and towns tell streets of one name apart.
fn place(property: &Property) -> places::Place {
    let of = [&property.locality, &property.town].into_iter().flatten();
    let street = property.street.iter().chain(of).map(|part| part.trim()).collect::<Vec<_>>().join(", ");
    places::Place {
        street: if property.street.is_some() { street } else { String::new() },
        building: property.building.as_deref().map(str::trim).unwrap_or_default().to_owned(),
    }
}

/// The name shown first.
pub(crate) fn shown_name(person: &Person) -> String {
    let legal = || {
        let parts: Vec<&str> = [&person.forename, &person.surname].into_iter().flatten().map(String::as_str).collect();
        if parts.is_empty() { "name not known".to_owned() } else { parts.join(" ") }
    };
    person.preferred_name.clone().unwrap_or_else(legal)
}
