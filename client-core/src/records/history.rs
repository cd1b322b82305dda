//! A document's past: what each change wrote, what stood there before, and how a row looked to whoever wrote it.

use std::collections::BTreeMap;

use automerge::legacy::{Key, ObjectId, OpType};
use automerge::{ChangeHash, ObjId, ObjType, ReadDoc};
use doorstep_protocol::{ActorId, Millis};

use super::class::Shape;
use super::document::Document;
use super::edit::Path;
use super::identity::Occupancy;
use super::joins::{VISIT, Visits};
use super::objects;
use super::publish::erased::{Hidden, published_rows};
use super::row::Row as _;
use super::value::Value;
use super::view::{Author, Changes, Provenance, Said};
use super::words::RowId;
use crate::order::Order as _;

/// One field that a change wrote.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Wrote {
    /// The field.
    #[serde(flatten)]
    pub path: Path,
    /// What it wrote.
    pub new: Value,
    /// What stood there before, as the writer saw it; several where it was in dispute, none where nothing was said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub old: Vec<Value>,
    /// Whether the change made the row, too.
    pub made_row: Made,
}

/// Whether a row was made by the change that wrote a field of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Made {
    /// It was.
    Now,
    /// It was there.
    Before,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct HistoryEntry {
    /// Who, when, in which change.
    #[serde(flatten)]
    pub by: Provenance,
    /// What it wrote, in its order; a field written twice stands once, as it was left.
    pub wrote: Vec<Wrote>,
}

/// One value of a field, with what its author saw.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Version {
    /// The value, with who and when.
    #[serde(flatten)]
    pub said: Said,
    /// What stood in the field when its author set it.
    pub based_on: Vec<Said>,
    /// The whole row as its author left it: the value shown of each field.
    pub authors_row: BTreeMap<String, Value>,
    /// The visit in whose change it was set.
    pub visit: Option<RowId>,
}

enum Place {
    Collection,
    Row(String, RowId),
}

/// Where each object of a document is, and which change each operation belongs to; read once per document.
pub(crate) struct History<'d> {
    document: &'d Document,
    changes: Changes<'d>,
    places: BTreeMap<(u64, Vec<u8>), Place>,
    objects: BTreeMap<(String, RowId), Vec<ObjId>>,
    visits: Visits,
}

fn key_of(object: &ObjId) -> Option<(u64, Vec<u8>)> {
    match object {
        ObjId::Id(counter, actor, _) => Some((*counter, actor.to_bytes().to_vec())),
        ObjId::Root => None,
    }
}

impl<'d> History<'d> {
    /// Reads where everything is, but for what is hidden.
    pub(crate) fn of(document: &'d Document, who: &'d dyn Fn(ActorId) -> Option<Author>, hidden: &Hidden) -> Self {
        let automerge = document.automerge();
        let (mut places, mut objects) = (BTreeMap::new(), BTreeMap::new());
        for (name, shape) in objects::collection_names(automerge, document.class()) {
            let collections = objects::collection_objects(automerge, document.class(), &name);
            match shape {
                Shape::Single => {
                    for object in &collections {
                        places.extend(key_of(object).map(|key| (key, Place::Row(name.clone(), RowId::SINGLE))));
                    }
                    objects.insert((name.clone(), RowId::SINGLE), collections);
                }
                Shape::Rows => {
                    for (key, rows) in objects::rows(automerge, &collections) {
                        let Ok(id) = key.parse::<RowId>() else { continue };
                        let is_published = published_rows(document.class()) == Some(name.as_str());
                        let is_place = name == Occupancy::COLLECTION;
                        if is_published && hidden.rows.contains(&id) || is_place && hidden.places.contains(&id) {
                            continue;
                        }
                        for object in &rows {
                            places.extend(key_of(object).map(|key| (key, Place::Row(name.clone(), id))));
                        }
                        objects.insert((name.clone(), id), rows);
                    }
                    for object in &collections {
                        places.extend(key_of(object).map(|key| (key, Place::Collection)));
                    }
                }
            }
        }
        Self { document, changes: Changes::of(document, who), places, objects, visits: hidden.visits }
    }

    fn hides(&self, field: &str) -> bool {
        self.visits == Visits::LeftOut && field == VISIT
    }

    /// Changes that wrote something, the latest first by the clocks of those who made them.
    pub(crate) fn changes(&self) -> Vec<(Millis, ChangeHash)> {
        let all = self.document.automerge().get_changes_meta(&[]);
        let mut dated: Vec<(Millis, ChangeHash)> = all
            .iter()
            // What every device makes alike, for the collections, has no time.
            .filter(|change| change.timestamp > 0)
            .map(|change| (Millis(u64::try_from(change.timestamp).unwrap_or_default()), change.hash))
            .collect();
        dated.order_by(|a, b| b.cmp(a));
        dated
    }

    /// What one change wrote.
    pub(crate) fn entry(&self, hash: ChangeHash) -> Option<HistoryEntry> {
        let automerge = self.document.automerge();
        let change = automerge.get_change_by_hash(&hash)?;
        let expanded = change.decode();
        let actor = change.actor_id().to_bytes().to_vec();
        let start = change.start_op().get();
        let by = self.changes.provenance(&ObjId::Id(start, change.actor_id().clone(), 0))?;
        let mut made: Vec<(u64, Vec<u8>)> = Vec::new();
        let mut wrote: Vec<Wrote> = Vec::new();
        for (at, operation) in expanded.operations.iter().enumerate() {
            let own = (start + at as u64, actor.clone());
            let ObjectId::Id(of) = &operation.obj else { continue };
            let object = (of.0, of.1.to_bytes().to_vec());
            match self.places.get(&object) {
                Some(Place::Collection) => made.push(own),
                Some(Place::Row(collection, row)) => {
                    let (Key::Map(field), OpType::Put(value)) = (&operation.key, &operation.action) else {
                        continue;
                    };
                    if self.hides(field) {
                        continue;
                    }
                    let path = Path { collection: collection.clone(), row: *row, field: field.to_string() };
                    let value = automerge::Value::Scalar(std::borrow::Cow::Borrowed(value));
                    let new = Value::from_automerge(&value);
                    if let Some(earlier) = wrote.iter_mut().find(|one| one.path == path) {
                        earlier.new = new;
                        continue;
                    }
                    let made_row = if made.contains(&object) { Made::Now } else { Made::Before };
                    let old = if operation.pred.is_empty() { Vec::new() } else { self.before(&path, change.deps()) };
                    wrote.push(Wrote { path, new, old, made_row });
                }
                None => {}
            }
        }
        Some(HistoryEntry { by, wrote })
    }

    fn before(&self, path: &Path, deps: &[ChangeHash]) -> Vec<Value> {
        self.said_at(path, deps).into_iter().map(|said| said.value).collect()
    }

    /// What a field held when exactly these changes and what they build on were there.
    pub(crate) fn said_at(&self, path: &Path, heads: &[ChangeHash]) -> Vec<Said> {
        let automerge = self.document.automerge();
        let Some(objects) = self.objects.get(&(path.collection.clone(), path.row)) else { return Vec::new() };
        objects
            .iter()
            .flat_map(|object| {
                automerge.get_all_at(object, path.field.as_str(), heads).unwrap_or_default().into_iter().rev()
            })
            .map(|(value, id)| Said { value: Value::from_automerge(&value), by: self.changes.provenance(&id) })
            .collect()
    }

    /// A row as it was when exactly these changes and what they build on were there: the value shown of each field.
    pub(crate) fn row_at(&self, collection: &str, row: RowId, heads: &[ChangeHash]) -> BTreeMap<String, Value> {
        let automerge = self.document.automerge();
        let mut fields = BTreeMap::new();
        for object in self.objects.get(&(collection.to_owned(), row)).into_iter().flatten() {
            for item in automerge.map_range_at(object, .., heads) {
                let is_hidden = self.hides(item.key.as_ref());
                if !is_hidden && !matches!(item.value, automerge::ValueRef::Object(ObjType::Map)) {
                    fields.entry(item.key.to_string()).or_insert_with(|| Value::from_ref(&item.value));
                }
            }
        }
        fields
    }

    /// The values that these changes gave a field, whatever became of them since.
    pub(crate) fn versions(&self, path: &Path, changes: &[ChangeHash]) -> Vec<Version> {
        let automerge = self.document.automerge();
        let mut found = Vec::new();
        for hash in changes {
            let Some(change) = automerge.get_change_by_hash(hash) else { continue };
            let said = self.said_at(path, &[*hash]);
            let Some(said) = said.into_iter().find(|said| said.by.as_ref().is_some_and(|by| by.change == *hash)) else {
                continue;
            };
            let visit = self.entry(*hash).and_then(|entry| {
                let of_visit = entry.wrote.iter().find(|wrote| wrote.path.collection == "visits");
                of_visit.map(|wrote| wrote.path.row)
            });
            found.push(Version {
                said,
                based_on: self.said_at(path, change.deps()),
                authors_row: self.row_at(&path.collection, path.row, &[*hash]),
                visit,
            });
        }
        found
    }
}
