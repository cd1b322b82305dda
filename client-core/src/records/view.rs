//! A document as a person reads it: sections, rows, fields, each value with who, when and in which change.

use std::collections::BTreeMap;

use automerge::{ChangeHash, ObjId};
use doorstep_protocol::{ActorId, Class, DeviceId, DocumentId, Millis, SeatId};

use super::caution;
use super::class::Shape;
use super::document::Document;
use super::edit::Path;
use super::objects;
use super::row::Row;
use super::value::Value;
use super::words::RowId;
use crate::order::Order as _;

/// Who wrote, as far as the envelopes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Author {
    /// The device.
    pub device: DeviceId,
    /// The worker on it, where one had signed in.
    pub seat: Option<SeatId>,
}

/// Where something in a document comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Provenance {
    /// The change that wrote it.
    #[serde(serialize_with = "as_hex")]
    pub change: ChangeHash,
    /// The actor of the change.
    pub actor: ActorId,
    /// Whose actor that is, where known.
    pub who: Option<Author>,
    /// When, by the clock of that device.
    pub at: Millis,
}

fn as_hex<S: serde::Serializer>(hash: &ChangeHash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(hash)
}

/// One value that somebody gave a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Said {
    /// The value.
    pub value: Value,
    /// Who, when, in which change; `None` only for a value whose change cannot be named.
    pub by: Option<Provenance>,
}

/// A field: its values, the one that Automerge shows first. More than one where devices set it without seeing each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct FieldView {
    /// The values.
    pub values: Vec<Said>,
}

/// For whom a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Visitors and crews: the more cautious of concurrent values.
    Cautious,
    /// The back office: the value that Automerge shows, beside the list of conflicts.
    Shown,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RowView {
    /// Who made it and when; `None` for the row of a single map.
    pub made: Option<Provenance>,
    /// Its fields by name, those of newer versions included.
    pub fields: BTreeMap<String, FieldView>,
}

/// A collection.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SectionView {
    /// One row or many.
    pub shape: Shape,
    /// Its rows; that of a single map stands under [`RowId::SINGLE`].
    pub rows: BTreeMap<RowId, RowView>,
    /// Rows that were recorded by mistake, as a decision says: they stand in the history, and are shown where that is undone.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub mistaken: BTreeMap<RowId, RowView>,
    /// Rows under keys that this version cannot name: they stay in the document.
    pub unreadable_rows: usize,
    /// Published rows that are not shown, because what they were published from is erased.
    pub erased_rows: usize,
}

/// A whole document.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DocumentView {
    /// Its class.
    pub class: Class,
    /// Its id.
    pub document: DocumentId,
    /// Its collections by name.
    pub sections: BTreeMap<String, SectionView>,
}

/// A field that several people set without seeing each other.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Conflict {
    /// The class of the document.
    pub class: Class,
    /// The document.
    pub document: DocumentId,
    /// The field.
    pub path: Path,
    /// Every value, with who and when.
    pub values: Vec<Said>,
    /// What visitors and crews are shown meanwhile.
    pub cautious: Value,
    /// How the maker of the row knew.
    pub source: Option<Value>,
}

/// The operations of one change and what its header says.
struct Span {
    start_op: u64,
    last_op: u64,
    hash: ChangeHash,
    at: Millis,
}

/// Maps operations to changes, read once per document.
pub(super) struct Changes<'a> {
    by_actor: BTreeMap<Vec<u8>, Vec<Span>>,
    who: &'a dyn Fn(ActorId) -> Option<Author>,
    known: std::cell::RefCell<BTreeMap<ActorId, Option<Author>>>,
}

impl<'a> Changes<'a> {
    pub(super) fn of(document: &Document, who: &'a dyn Fn(ActorId) -> Option<Author>) -> Self {
        let mut by_actor: BTreeMap<Vec<u8>, Vec<Span>> = BTreeMap::new();
        for change in document.automerge().get_changes_meta(&[]) {
            let of_actor = by_actor.entry(change.actor.to_bytes().to_vec()).or_default();
            of_actor.push(Span {
                start_op: change.start_op,
                last_op: change.max_op,
                hash: change.hash,
                at: Millis(u64::try_from(change.timestamp).unwrap_or_default()),
            });
        }
        by_actor.values_mut().for_each(|changes| changes.order_by_key(|span| span.start_op));
        Self { by_actor, who, known: std::cell::RefCell::default() }
    }

    pub(super) fn provenance(&self, operation: &ObjId) -> Option<Provenance> {
        let ObjId::Id(counter, actor, _) = operation else { return None };
        let changes = self.by_actor.get(actor.to_bytes())?;
        let span = changes.get(changes.partition_point(|span| span.start_op <= *counter).checked_sub(1)?)?;
        if *counter > span.last_op {
            return None;
        }
        let actor = ActorId::from_slice(actor.to_bytes())?;
        let who = *self.known.borrow_mut().entry(actor).or_insert_with(|| (self.who)(actor));
        Some(Provenance { change: span.hash, actor, who, at: span.at })
    }
}

/// Reads a whole document. `who` names the author of an actor.
#[must_use]
pub fn read(document: &Document, who: &dyn Fn(ActorId) -> Option<Author>) -> DocumentView {
    let changes = Changes::of(document, who);
    let automerge = document.automerge();
    let mut sections = BTreeMap::new();
    for (name, shape) in objects::collection_names(automerge, document.class()) {
        let collections = objects::collection_objects(automerge, document.class(), &name);
        let mut section =
            SectionView { shape, rows: BTreeMap::new(), mistaken: BTreeMap::new(), unreadable_rows: 0, erased_rows: 0 };
        match shape {
            Shape::Single => {
                let row = read_row(automerge, &changes, &collections, None);
                if !row.fields.is_empty() {
                    section.rows.insert(RowId::SINGLE, row);
                }
            }
            Shape::Rows => {
                for (key, objects) in objects::rows(automerge, &collections) {
                    match key.parse::<RowId>() {
                        Ok(id) => {
                            let made = objects.first().and_then(|object| changes.provenance(object));
                            section.rows.insert(id, read_row(automerge, &changes, &objects, made));
                        }
                        Err(_) => section.unreadable_rows += 1,
                    }
                }
            }
        }
        sections.insert(name, section);
    }
    DocumentView { class: document.class(), document: document.id(), sections }
}

fn read_row(
    automerge: &automerge::Automerge,
    changes: &Changes<'_>,
    objects: &[ObjId],
    made: Option<Provenance>,
) -> RowView {
    let fields = objects::row_fields(automerge, objects)
        .into_iter()
        .map(|(name, held)| {
            let values =
                held.into_iter().map(|(value, operation)| Said { value, by: changes.provenance(&operation) }).collect();
            (name, FieldView { values })
        })
        .collect();
    RowView { made, fields }
}

impl FieldView {
    /// The value for a reader, by the rule of the field.
    #[must_use]
    pub fn value(&self, reading: Reading, rule: caution::Caution) -> Option<&Value> {
        let values = self.values.iter().map(|said| &said.value);
        match reading {
            // Some values hold for everybody, whatever Automerge shows.
            Reading::Shown if !rule.holds_for_everybody() => values.clone().next(),
            _ => rule.most_cautious(values),
        }
    }

    /// Whether somebody has to settle it.
    #[must_use]
    pub fn is_disputed(&self, rule: caution::Caution) -> bool {
        rule.is_dispute(self.values.iter().map(|said| &said.value))
    }
}

impl RowView {
    /// The typed row.
    #[must_use]
    pub fn typed<R: Row>(&self, reading: Reading) -> R {
        R::read(&mut |field| {
            let rule = caution::rule(R::CLASS, R::COLLECTION, field);
            self.fields.get(field)?.value(reading, rule).cloned()
        })
    }

    /// The fields of a typed row that are in dispute.
    #[must_use]
    pub fn disputed<R: Row>(&self) -> Vec<&'static str> {
        R::FIELDS
            .iter()
            .copied()
            .filter(|field| {
                self.fields
                    .get(*field)
                    .is_some_and(|view| view.is_disputed(caution::rule(R::CLASS, R::COLLECTION, field)))
            })
            .collect()
    }
}

/// A typed row with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Seen<R> {
    /// Its id.
    pub row: RowId,
    /// Its fields.
    pub value: R,
    /// The fields in dispute.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disputed: Vec<&'static str>,
    /// Who made it and when; for a single map, the latest word on it.
    pub made: Option<Provenance>,
}

impl DocumentView {
    /// The typed rows of a collection, by row id. None if the document is of another class.
    #[must_use]
    pub fn rows<R: Row>(&self, reading: Reading) -> Vec<Seen<R>> {
        let Some(section) = self.sections.get(R::COLLECTION).filter(|_| R::is_in(self.class)) else {
            return Vec::new();
        };
        section
            .rows
            .iter()
            .map(|(row, view)| Seen {
                row: *row,
                value: view.typed(reading),
                disputed: view.disputed::<R>(),
                made: view.made.clone().or_else(|| latest(view)),
            })
            .collect()
    }

    /// The typed row of a single map, if anything was recorded in it.
    #[must_use]
    pub fn single<R: Row>(&self, reading: Reading) -> Option<Seen<R>> {
        self.rows(reading).into_iter().next()
    }

    /// One row.
    #[must_use]
    pub fn row(&self, collection: &str, row: RowId) -> Option<&RowView> {
        self.sections.get(collection)?.rows.get(&row)
    }
}

fn latest(row: &RowView) -> Option<Provenance> {
    let all = row.fields.values().flat_map(|field| &field.values).filter_map(|said| said.by.as_ref());
    all.max_by_key(|by| (by.at, by.change)).cloned()
}

/// Every dispute of a document, by collection, row and field.
#[must_use]
pub fn conflicts(view: &DocumentView) -> Vec<Conflict> {
    let mut found = Vec::new();
    for (collection, section) in &view.sections {
        for (row, row_view) in &section.rows {
            for (field, field_view) in &row_view.fields {
                let rule = caution::rule(view.class, collection, field);
                if !field_view.is_disputed(rule) {
                    continue;
                }
                let Some(cautious) = field_view.value(Reading::Cautious, rule) else { continue };
                found.push(Conflict {
                    class: view.class,
                    document: view.document,
                    path: Path { collection: collection.clone(), row: *row, field: field.clone() },
                    values: field_view.values.clone(),
                    cautious: cautious.clone(),
                    source: row_view
                        .fields
                        .get("source")
                        .and_then(|source| source.values.first())
                        .map(|said| said.value.clone()),
                });
            }
        }
    }
    found
}
