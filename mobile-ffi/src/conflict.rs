//! Values that disagree: every one with who and when, until somebody decides. Nothing is erased, and a decision can be undone.

use std::sync::Arc;
use std::time::SystemTime;

use doorstep_client_core::client::{self, ConflictFilter, Page};
use doorstep_client_core::records::decisions::Open;
use doorstep_client_core::records::{self, Path, Value};

use crate::error::{DoorstepError, not_this_form};
use crate::ids::{DocumentId, RecordId, RowId};
use crate::measures::{millis, time};
use crate::open::Shared;
use crate::quiet::quiet;

/// Conflicts of a device.
#[derive(uniffi::Object)]
pub struct Conflicts {
    pub(crate) shared: Arc<Shared>,
}

/// A field of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, uniffi::Record)]
pub struct FieldPath {
    /// The document.
    pub document: DocumentId,
    /// The collection: hazards, alarms.
    pub collection: String,
    /// The row.
    pub row: RowId,
    /// The field.
    pub field: String,
}

/// What a field holds.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum FieldValue {
    /// Somebody emptied it.
    Cleared,
    /// Yes or no.
    YesNo {
        /// Yes.
        yes: bool,
    },
    /// A whole number in the unit of the field.
    Whole {
        /// The number.
        number: i64,
    },
    /// A moment.
    Moment {
        /// The moment.
        at: SystemTime,
    },
    /// Words, a day, or the code of a choice.
    Text {
        /// The words.
        text: String,
    },
    /// What is not shown, or what only a newer version can read.
    NotShown,
}

/// One value of a field in dispute.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SaidValue {
    /// The value.
    pub value: FieldValue,
    /// The worker, or the device where the worker is not known.
    pub who: String,
    /// When, by that device's clock.
    pub at: Option<SystemTime>,
    /// Whether visitors and crews are shown this one meanwhile.
    pub is_shown: bool,
}

/// A field in dispute.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Conflict {
    /// The field: what a decision names.
    pub path: FieldPath,
    /// The property or person, once it is known.
    pub record: Option<RecordId>,
    /// Its address or name.
    pub title: String,
    /// Every value.
    pub values: Vec<SaidValue>,
    /// It had been settled, and that was undone.
    pub is_reopened: bool,
    /// The decision by which a visitor was asked, if one was.
    pub returned: Option<RowId>,
}

/// Some of a list, and how long it is.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ConflictList {
    /// How many there are.
    pub total: u64,
    /// Those that were asked for.
    pub conflicts: Vec<Conflict>,
}

/// What was decided about a field.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct DecisionRow {
    /// The decision: what undoing it names.
    pub decision: RowId,
    /// What was decided; none where only a newer version can read it.
    pub kind: Option<DecisionKind>,
    /// Why, in words.
    pub note: Option<String>,
    /// Who decided.
    pub who: String,
    /// When, by that device's clock.
    pub at: Option<SystemTime>,
    /// Whether it was undone.
    pub is_undone: bool,
}

/// What can be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum DecisionKind {
    /// One of the values of a field.
    Chosen,
    /// Another value, having seen all of them.
    Edited,
    /// All values stand: each was right.
    AllKept,
    /// The visitor is asked.
    Returned,
    /// Two rows or records are one.
    Same,
    /// They are not.
    NotSame,
    /// An earlier decision does not hold any more.
    Undone,
}

quiet!(FieldValue, SaidValue, Conflict, ConflictList, DecisionRow);

#[uniffi::export]
impl Conflicts {
    /// Fields in dispute, of one property or person or of all: `limit` of them, at most 200, after the first `offset`.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn list(&self, record: Option<RecordId>, offset: u32, limit: u32) -> Result<ConflictList, DoorstepError> {
        let filter = ConflictFilter { record: record.map(TryInto::try_into).transpose()?, ..ConflictFilter::default() };
        let page = Page { offset: offset as usize, limit: limit as usize };
        let paged = self.shared.read(|client| client.conflicts().page(&filter, page))?;
        Ok(ConflictList { total: paged.total, conflicts: paged.rows.into_iter().map(Into::into).collect() })
    }

    /// Ends a dispute with one of its values. Returns the decision, by which it can be undone.
    ///
    /// # Errors
    /// [`DoorstepError::Misfit`] when the value is not among them any more.
    pub fn choose(&self, path: FieldPath, value: FieldValue, note: Option<String>) -> Result<RowId, DoorstepError> {
        let (document, path, value) = (path.document.clone().try_into()?, path.try_into()?, value.try_into()?);
        let note = note.as_deref();
        Ok(self.shared.write(|client| client.conflicts().choose(document, &path, &value, note))?.into())
    }

    /// Ends a dispute with another value, having seen those there are.
    ///
    /// # Errors
    /// [`DoorstepError::Value`] when the value may not be written.
    pub fn edit(&self, path: FieldPath, value: FieldValue, note: Option<String>) -> Result<RowId, DoorstepError> {
        let (document, path, value) = (path.document.clone().try_into()?, path.try_into()?, value.try_into()?);
        let note = note.as_deref();
        Ok(self.shared.write(|client| client.conflicts().edit(document, &path, &value, note))?.into())
    }

    /// Lets every value stand. Visitors and crews go on being shown the more cautious one.
    ///
    /// # Errors
    /// [`DoorstepError::Value`] when nothing is in dispute.
    pub fn keep_all(&self, path: FieldPath, note: Option<String>) -> Result<RowId, DoorstepError> {
        let (document, path) = (path.document.clone().try_into()?, path.try_into()?);
        Ok(self.shared.write(|client| client.conflicts().keep_both(document, &path, note.as_deref()))?.into())
    }

    /// Gives the dispute back to the visitor of a visit, with a note. It stays open.
    ///
    /// # Errors
    /// [`DoorstepError::Value`] when nothing is in dispute, [`DoorstepError::NotHere`] for what is no visit.
    pub fn return_to_visitor(&self, path: FieldPath, visit: RowId, note: String) -> Result<RowId, DoorstepError> {
        let (document, path, visit) = (path.document.clone().try_into()?, path.try_into()?, visit.try_into()?);
        Ok(self.shared.write(|client| client.conflicts().return_to_visitor(document, &path, visit, &note))?.into())
    }

    /// Every decision about a field, the latest first.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`].
    pub fn decisions(&self, path: FieldPath) -> Result<Vec<DecisionRow>, DoorstepError> {
        let (document, path) = (path.document.clone().try_into()?, path.try_into()?);
        let columns = self.shared.read(|client| client.conflicts().columns(document, &path))?;
        Ok(columns.decisions.into_iter().map(Into::into).collect())
    }

    /// Undoes a decision: the dispute is open again.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`] for what is no decision that holds.
    pub fn undo(&self, document: DocumentId, decision: RowId, note: Option<String>) -> Result<RowId, DoorstepError> {
        let (document, decision) = (document.try_into()?, decision.try_into()?);
        Ok(self.shared.write(|client| client.conflicts().undo(document, decision, note.as_deref()))?.into())
    }
}

impl TryFrom<FieldPath> for Path {
    type Error = DoorstepError;

    fn try_from(path: FieldPath) -> Result<Self, DoorstepError> {
        Ok(Self { collection: path.collection, row: path.row.try_into()?, field: path.field })
    }
}

impl From<Value> for FieldValue {
    fn from(value: Value) -> Self {
        match value {
            Value::Cleared => Self::Cleared,
            Value::Truth(yes) => Self::YesNo { yes },
            Value::Whole(number) => Self::Whole { number },
            Value::Moment(at) => Self::Moment { at: time(at) },
            Value::Text(text) => Self::Text { text },
            Value::Hidden(_) | Value::Unreadable => Self::NotShown,
        }
    }
}

impl TryFrom<FieldValue> for Value {
    type Error = DoorstepError;

    fn try_from(value: FieldValue) -> Result<Self, DoorstepError> {
        Ok(match value {
            FieldValue::Cleared => Self::Cleared,
            FieldValue::YesNo { yes } => Self::Truth(yes),
            FieldValue::Whole { number } => Self::Whole(number),
            FieldValue::Moment { at } => Self::Moment(millis("value", at)?),
            FieldValue::Text { text } => Self::Text(text),
            FieldValue::NotShown => return Err(not_this_form("value", "a value that is shown")),
        })
    }
}

impl From<client::ConflictItem> for Conflict {
    fn from(item: client::ConflictItem) -> Self {
        let cautious = item.cautious;
        let said = |said: client::SaidBy| SaidValue {
            is_shown: said.value == cautious,
            value: said.value.into(),
            who: said.who,
            at: said.at.map(time),
        };
        Self {
            path: FieldPath {
                document: item.document.into(),
                collection: item.path.collection,
                row: item.path.row.into(),
                field: item.path.field,
            },
            record: item.record.map(Into::into),
            title: item.title,
            values: item.values.into_iter().map(said).collect(),
            is_reopened: matches!(item.open, Open::Reopened { .. }),
            returned: item.returned.map(Into::into),
        }
    }
}

impl From<client::DecisionRow> for DecisionRow {
    fn from(row: client::DecisionRow) -> Self {
        Self {
            decision: row.decision.into(),
            kind: row.kind.and_then(DecisionKind::read),
            note: row.note,
            who: row.who,
            at: row.at.map(time),
            is_undone: row.undone_by.is_some(),
        }
    }
}

impl DecisionKind {
    fn read(kind: records::decisions::DecisionKind) -> Option<Self> {
        use records::decisions::DecisionKind as Core;
        Some(match kind {
            Core::Chosen => Self::Chosen,
            Core::Edited => Self::Edited,
            Core::BothKept => Self::AllKept,
            Core::Returned => Self::Returned,
            Core::Same => Self::Same,
            Core::NotSame => Self::NotSame,
            Core::Undone => Self::Undone,
            // Taking back what was recorded by mistake settles no conflict: `Visits::mistaken` tells of it.
            Core::Mistaken | Core::Other(_) => return None,
        })
    }
}
