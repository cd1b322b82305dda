//! Writing into a document: rows made whole, fields set only when they differ, disputes ended by a choice.

use std::collections::HashMap;

use automerge::transaction::{Transactable, Transaction};
use automerge::{ObjId, ReadDoc, ScalarValue, hydrate};

use super::caution::{self, Caution};
use super::class::{Collections as _, Shape};
use super::joins::{VISIT, Visits};
use super::objects;
use super::packs::Book;
use super::row::{Entry, Keeping, Row};
use super::value::{FieldError, Value};
use super::words::RowId;
use doorstep_protocol::Class;

/// What one edit may write, in bytes before encoding; under the longest change by a margin for the encoding.
pub const EDIT_BYTES_MAX: usize = 256 * 1024;
/// Rows of one collection.
pub const ROWS_MAX: usize = 10_000;

const _: () = assert!(EDIT_BYTES_MAX * 2 <= super::chunk::CHANGE_BYTES_MAX);

/// Where a field is: the collection, the row ([`RowId::SINGLE`] for a single map) and the field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Path {
    /// The collection.
    pub collection: String,
    /// The row.
    pub row: RowId,
    /// The field.
    pub field: String,
}

/// Why an edit was not made; the document is as it was.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// A value may not be written.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The row belongs to another class of document.
    #[error("{collection} is not a collection of {class}")]
    NotOfThisClass {
        /// The collection of the row.
        collection: String,
        /// The class of the document.
        class: Class,
    },
    /// A row of this id exists.
    #[error("a row of {collection} with this id exists")]
    RowExists {
        /// The collection.
        collection: &'static str,
    },
    /// No row of this id.
    #[error("no row of {collection} has this id")]
    NoSuchRow {
        /// The collection.
        collection: String,
    },
    /// Observations are corrected by a further row.
    #[error("a row of {collection} is an observation: record a further one instead")]
    AppendOnly {
        /// The collection.
        collection: &'static str,
    },
    /// A dispute ends with one of its own values.
    #[error("{field} holds no such value: choose one of those shown, or record a new one")]
    NotAmongValues {
        /// The field.
        field: String,
    },
    /// One edit, or one collection, grew past its limit.
    #[error("one edit may write {bytes_max} bytes, one collection hold {rows_max} rows: split the work")]
    TooLarge {
        /// Bytes of one edit.
        bytes_max: usize,
        /// Rows of one collection.
        rows_max: usize,
    },
    /// The document cannot be edited: Automerge refused, or failed earlier. Load it again.
    #[error("the document refused the edit and must be loaded again")]
    Document,
}

impl From<automerge::AutomergeError> for EditError {
    fn from(_: automerge::AutomergeError) -> Self {
        // The cause may quote content, so it is not carried.
        Self::Document
    }
}

/// What setting a field to the value that it shows does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settles {
    /// Nothing: it is no change.
    Nothing,
    /// Whoever says it settles what was in dispute.
    Disputes,
}

/// An edit in progress: everything it writes becomes one change.
pub struct Edit<'edit, 'document> {
    transaction: &'edit mut Transaction<'document>,
    class: Class,
    book: &'edit Book,
    written_bytes: usize,
    /// The container that came later and that no document of this record has yet.
    lacks: Option<&'static str>,
    visits: Visits,
}

impl<'edit, 'document> Edit<'edit, 'document> {
    pub(crate) fn new(transaction: &'edit mut Transaction<'document>, class: Class, book: &'edit Book) -> Self {
        Self { transaction, class, book, written_bytes: 0, lacks: None, visits: Visits::Named }
    }

    /// From here on rows name the visit they are of, or do not, whatever they are given.
    pub(crate) const fn name_visits(&mut self, visits: Visits) {
        self.visits = visits;
    }

    /// The container that something was to be written into and that is not there yet: everything else that the edit did is
    /// to be given up, the container made, and the edit run again.
    pub(crate) const fn lacks(&self) -> Option<&'static str> {
        self.lacks
    }

    /// Makes a row, whole.
    ///
    /// # Errors
    /// [`EditError::Field`] if a value may not be written; [`EditError::RowExists`]; [`EditError::TooLarge`].
    pub fn create<R: Row>(&mut self, row: RowId, value: &R) -> Result<(), EditError> {
        let (collections, shape) = self.collection::<R>()?;
        if shape == Shape::Single {
            return self.put(value);
        }
        let key = row.to_string();
        if !objects::row_objects(&*self.transaction, &collections, shape, &key).is_empty() {
            return Err(EditError::RowExists { collection: R::COLLECTION });
        }
        let Some(collection) = collections.first() else {
            self.lacks = Some(R::COLLECTION);
            return Err(EditError::NoSuchRow { collection: R::COLLECTION.to_owned() });
        };
        if self.transaction.length(collection) >= ROWS_MAX {
            return Err(Self::too_large());
        }
        let entries = checked(self.entries(value))?;
        value.check()?;
        self.check_code(value)?;
        self.weigh(key.len() + 16)?;
        // The whole row at once: one field after the other takes several times as long. Automerge writes the fields by name, so
        // what the map's own order is does not show.
        let mut fields: HashMap<&str, hydrate::Value> = HashMap::with_capacity(entries.len());
        for entry in &entries {
            fields.insert(entry.field, hydrate::Value::Scalar(self.scalar(entry.field, &entry.value)?));
        }
        self.transaction.batch_create_object(collection, key, &hydrate::Value::from(fields), false)?;
        Ok(())
    }

    /// Sets the fields of a row that are filled in `value` and differ from what the row shows; `None` leaves a field alone.
    ///
    /// # Errors
    /// [`EditError::NoSuchRow`]; [`EditError::AppendOnly`]; [`EditError::Field`] if a differing value may not be written.
    pub fn update<R: Row>(&mut self, row: RowId, value: &R) -> Result<(), EditError> {
        self.set(row, value, Settles::Nothing)
    }

    /// [`Self::update`] with what somebody has seen or decided just now: a field in dispute is set also to the value that it shows, which
    /// settles it. Not for forms that are filled in beforehand.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn say<R: Row>(&mut self, row: RowId, value: &R) -> Result<(), EditError> {
        self.set(row, value, Settles::Disputes)
    }

    fn set<R: Row>(&mut self, row: RowId, value: &R, settles: Settles) -> Result<(), EditError> {
        let (collections, shape) = self.collection::<R>()?;
        let objects = objects::row_objects(&*self.transaction, &collections, shape, &row.to_string());
        if objects.is_empty() {
            if shape == Shape::Single {
                self.lacks = Some(R::COLLECTION);
            }
            return Err(EditError::NoSuchRow { collection: R::COLLECTION.to_owned() });
        }
        if R::KEEPING == Keeping::AppendOnly {
            return Err(EditError::AppendOnly { collection: R::COLLECTION });
        }
        let before = objects::row_fields(&*self.transaction, &objects);
        let shown = |field: &str| before.get(field).and_then(|values| values.first()).map(|(value, _)| value);
        let is_disputed = |field: &str| {
            let rule = caution::rule(R::CLASS, R::COLLECTION, field);
            before.get(field).is_some_and(|values| rule.is_dispute(values.iter().map(|(value, _)| value)))
        };
        let is_said = |entry: &Entry| {
            shown(entry.field) != Some(&entry.value) || (settles == Settles::Disputes && is_disputed(entry.field))
        };
        let differing: Vec<Entry> = self.entries(value).into_iter().filter(is_said).collect();
        if differing.is_empty() {
            return Ok(());
        }
        let differing = checked(differing)?;
        for entry in &differing {
            hold_earliest::<R>(entry, before.get(entry.field).map_or(&[], Vec::as_slice))?;
        }
        let said = |field: &str| differing.iter().find(|entry| entry.field == field).map(|entry| &entry.value);
        let whole = R::read(&mut |field| said(field).or_else(|| shown(field)).cloned());
        whole.check()?;
        if differing.iter().any(|entry| ["scheme", "code"].contains(&entry.field)) {
            self.check_code(&whole)?;
        }
        for entry in &differing {
            self.write_all(&objects, entry.field, &entry.value)?;
        }
        Ok(())
    }

    /// [`Self::update`] of the only row of a single map.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn put<R: Row>(&mut self, value: &R) -> Result<(), EditError> {
        self.update(RowId::SINGLE, value)
    }

    /// [`Self::update`] if the row exists, [`Self::create`] if not: for rows named by what they name.
    ///
    /// # Errors
    /// As [`Self::create`] and [`Self::update`].
    pub fn put_row<R: Row>(&mut self, row: RowId, value: &R) -> Result<(), EditError> {
        match self.update(row, value) {
            Err(EditError::NoSuchRow { .. }) => self.create(row, value),
            done => done,
        }
    }

    /// Empties a field. The emptying is kept as a value with who and when.
    ///
    /// # Errors
    /// [`EditError::NoSuchRow`]; [`EditError::AppendOnly`]; [`EditError::Field`] if the row needs the field.
    pub fn clear<R: Row>(&mut self, row: RowId, field: &'static str) -> Result<(), EditError> {
        let (collections, shape) = self.collection::<R>()?;
        let objects = objects::row_objects(&*self.transaction, &collections, shape, &row.to_string());
        if objects.is_empty() {
            return Err(EditError::NoSuchRow { collection: R::COLLECTION.to_owned() });
        }
        if R::KEEPING == Keeping::AppendOnly {
            return Err(EditError::AppendOnly { collection: R::COLLECTION });
        }
        let before = objects::row_fields(&*self.transaction, &objects);
        let Some(values) = before.get(field) else { return Ok(()) };
        if values.iter().all(|(value, _)| *value == Value::Cleared) {
            return Ok(());
        }
        hold_earliest::<R>(&Entry { field, value: Value::Cleared, checked: Ok(()) }, values)?;
        let shown = |name: &str| before.get(name).and_then(|values| values.first()).map(|(value, _)| value.clone());
        R::read(&mut |name| if name == field { None } else { shown(name) }).check()?;
        self.write_all(&objects, field, &Value::Cleared)
    }

    /// Takes out of every row which visit it is of, observations among them: what they say stays as it is.
    ///
    /// # Errors
    /// [`EditError::TooLarge`], [`EditError::Document`].
    pub(crate) fn clear_visits(&mut self) -> Result<(), EditError> {
        let (class, first) = (self.class, self.class.containers().unwrap_or_default());
        for container in first.iter().chain(class.late_containers()).filter(|one| one.shape == Shape::Rows) {
            let collections = objects::collection_objects(&*self.transaction, class, container.name);
            for row in objects::rows(&*self.transaction, &collections).into_values() {
                let held = objects::field_values(&*self.transaction, &row, VISIT);
                if held.iter().any(|(value, _)| value.is_said()) {
                    self.write_all(&row, VISIT, &Value::Cleared)?;
                }
            }
        }
        Ok(())
    }

    /// Ends a dispute: sets the chosen one of a field's values, having seen all of them. The others stay in the history.
    ///
    /// # Errors
    /// [`EditError::NoSuchRow`]; [`EditError::NotAmongValues`].
    pub fn resolve(&mut self, path: &Path, chosen: &Value) -> Result<(), EditError> {
        let Some(container) = self.class.container(&path.collection) else {
            return Err(EditError::NotOfThisClass { collection: path.collection.clone(), class: self.class });
        };
        let collections = objects::collection_objects(&*self.transaction, self.class, container.name);
        let objects = objects::row_objects(&*self.transaction, &collections, container.shape, &path.row.to_string());
        if objects.is_empty() {
            return Err(EditError::NoSuchRow { collection: path.collection.clone() });
        }
        let values = objects::field_values(&*self.transaction, &objects, &path.field);
        if *chosen == Value::Unreadable || !values.iter().any(|(value, _)| value == chosen) {
            return Err(EditError::NotAmongValues { field: path.field.clone() });
        }
        if values.len() == 1 {
            return Ok(());
        }
        self.write_all(&objects, &path.field, chosen)
    }

    /// Ends a dispute with another value than those there are, having seen them. The others stay in the history. The value is
    /// checked as its row declares it; what holds between fields is left to whoever decides.
    ///
    /// # Errors
    /// [`EditError::NoSuchRow`]; [`EditError::Field`].
    pub fn settle(&mut self, path: &Path, value: &Value) -> Result<(), EditError> {
        let Some(container) = self.class.container(&path.collection) else {
            return Err(EditError::NotOfThisClass { collection: path.collection.clone(), class: self.class });
        };
        super::rows::check_field(self.class, &path.collection, &path.field, value)?;
        if caution::rule(self.class, &path.collection, &path.field) == Caution::EarliestHolds {
            return Err(EditError::Field(FieldError {
                field: path.field.clone().into(),
                limit: "the earliest time holds and never moves later".into(),
                remedy: "leave it; if it was recorded by mistake, say so in the note".into(),
            }));
        }
        let collections = objects::collection_objects(&*self.transaction, self.class, container.name);
        let objects = objects::row_objects(&*self.transaction, &collections, container.shape, &path.row.to_string());
        if objects.is_empty() {
            return Err(EditError::NoSuchRow { collection: path.collection.clone() });
        }
        self.write_all(&objects, &path.field, value)
    }

    /// The row as the document shows it to this edit; `None` if there is none.
    #[must_use]
    pub fn read<R: Row>(&self, row: RowId) -> Option<R> {
        let (collections, shape) = self.collection::<R>().ok()?;
        let objects = objects::row_objects(&*self.transaction, &collections, shape, &row.to_string());
        if objects.is_empty() {
            return None;
        }
        let fields = objects::row_fields(&*self.transaction, &objects);
        Some(R::read(&mut |field| fields.get(field).and_then(|values| values.first()).map(|(value, _)| value.clone())))
    }

    /// What the edit has written so far, in bytes before encoding.
    #[must_use]
    pub const fn written_bytes(&self) -> usize {
        self.written_bytes
    }

    /// What a row says, as it is written here.
    fn entries<R: Row>(&self, value: &R) -> Vec<Entry> {
        let mut entries = value.entries();
        entries.retain(|entry| self.visits == Visits::Named || entry.field != VISIT);
        entries
    }

    /// That the code of a row stands in a list that is known here.
    fn check_code<R: Row>(&self, row: &R) -> Result<(), FieldError> {
        row.coded().map_or(Ok(()), |(scheme, code)| self.book.check_code(scheme, code))
    }

    fn collection<R: Row>(&self) -> Result<(Vec<ObjId>, Shape), EditError> {
        let wrong = || EditError::NotOfThisClass { collection: R::COLLECTION.to_owned(), class: self.class };
        if !R::is_in(self.class) {
            return Err(wrong());
        }
        let container = self.class.container(R::COLLECTION).ok_or_else(wrong)?;
        Ok((objects::collection_objects(&*self.transaction, self.class, container.name), container.shape))
    }

    /// Sets a field in every map of a row whose values are not just this one, so that no stale twin stays in dispute.
    fn write_all(&mut self, objects: &[ObjId], field: &str, value: &Value) -> Result<(), EditError> {
        for (at, object) in objects.iter().enumerate() {
            let held = objects::field_values(&*self.transaction, std::slice::from_ref(object), field);
            let is_settled = held.len() == 1 && held.iter().all(|(one, _)| one == value);
            // A twin that never had the field needs none.
            if is_settled || (at > 0 && held.is_empty()) {
                continue;
            }
            // Setting the value that Automerge shows already would only delete the others, and a different choice made
            // elsewhere at the same time would then silently win. So the choice is made an operation of its own.
            if held.len() > 1 && held.iter().any(|(one, _)| one == value) {
                let other = if *value == Value::Cleared { Value::Truth(false) } else { Value::Cleared };
                self.write(object, field, &other)?;
            }
            self.write(object, field, value)?;
        }
        Ok(())
    }

    fn write(&mut self, object: &ObjId, field: &str, value: &Value) -> Result<(), EditError> {
        let scalar = self.scalar(field, value)?;
        self.transaction.put(object, field, scalar)?;
        Ok(())
    }

    fn scalar(&mut self, field: &str, value: &Value) -> Result<ScalarValue, EditError> {
        self.weigh(field.len() + value.weight_bytes())?;
        value.to_scalar().ok_or(EditError::Document)
    }

    fn weigh(&mut self, bytes: usize) -> Result<(), EditError> {
        self.written_bytes = self.written_bytes.saturating_add(bytes);
        if self.written_bytes > EDIT_BYTES_MAX { Err(Self::too_large()) } else { Ok(()) }
    }

    const fn too_large() -> EditError {
        EditError::TooLarge { bytes_max: EDIT_BYTES_MAX, rows_max: ROWS_MAX }
    }
}

fn checked(entries: Vec<Entry>) -> Result<Vec<Entry>, FieldError> {
    for entry in &entries {
        entry.checked.clone()?;
    }
    Ok(entries)
}

/// A moment that may only move earlier stays where it is.
fn hold_earliest<R: Row>(entry: &Entry, held: &[objects::Held1]) -> Result<(), FieldError> {
    if caution::rule(R::CLASS, R::COLLECTION, entry.field) != Caution::EarliestHolds {
        return Ok(());
    }
    let earliest = held.iter().map(|(value, _)| value).filter(|value| value.is_said()).min();
    match earliest {
        Some(earliest) if entry.value > *earliest || !entry.value.is_said() => Err(FieldError::new(
            entry.field,
            "the earliest time holds and never moves later",
            "leave it; if it was recorded by mistake, say so in the note",
        )),
        _ => Ok(()),
    }
}
