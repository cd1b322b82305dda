//! Deciding whether two are one, and undoing it. Nothing is moved: the two stay, with a link between them.

use super::{Duplicates, TwinKey};
use crate::client::ClientError;
use crate::device::{RecordId, WriteError};
use crate::records::decisions::{Decision, DecisionKind, Twins};
use crate::records::index::{HistoryEvent, HistoryKind, Property, Standing};
use crate::records::{Date, RowId};
use crate::store::{documents, lists};

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TwinVerdict {
    /// They are one.
    Same,
    /// They are two.
    NotSame,
}

impl Duplicates<'_> {
    /// Says whether the two of a pair are one. Returns the row of the decision, by which it can be undone. A home without a
    /// UPRN that is one with it leaves the list of homes to be matched; both stay, linked.
    ///
    /// # Errors
    /// [`ClientError::NotFound`] for a pair that is not here.
    pub fn decide(&self, key: TwinKey, verdict: TwinVerdict, note: Option<&str>) -> Result<RowId, ClientError> {
        self.compare(key)?;
        let (class, document) = key.document();
        let (subject, other_row, other) = match key {
            TwinKey::Hazards { a, b, .. } => (Some(a.min(b)), Some(a.max(b)), None),
            TwinKey::People { a, b } => (None, None, Some(a.0.max(b.0))),
            TwinKey::Properties { known, .. } => (None, None, Some(known.0)),
        };
        let kind = match verdict {
            TwinVerdict::Same => DecisionKind::Same,
            TwinVerdict::NotSame => DecisionKind::NotSame,
        };
        let decision = Decision {
            kind: Some(kind),
            collection: matches!(key, TwinKey::Hazards { .. }).then(|| "hazards".to_owned()),
            row: subject,
            other_row,
            other,
            note: note.map(str::to_owned),
            ..Decision::default()
        };
        self.client.write(|draft| {
            let (row, event) = (draft.row_id(), draft.row_id());
            let now = draft.now();
            let matched = match key {
                TwinKey::Properties { known, .. } if verdict == TwinVerdict::Same => {
                    let known = lists::property_of(draft.device().store().reader(), known.0)?;
                    known.and_then(|row| row.uprn).and_then(|uprn| uprn.parse().ok())
                }
                _ => None,
            };
            let record = documents::record_of(draft.device().store().reader(), document)?.map(RecordId);
            draft.edit_document(document, class, record, |edit| {
                if matches!(key, TwinKey::Properties { .. }) && verdict == TwinVerdict::Same {
                    edit.put(&Property { standing: Some(Standing::Matched), ..Property::default() })?;
                    let event_row = HistoryEvent {
                        kind: Some(HistoryKind::Matched),
                        to: matched.clone(),
                        other,
                        on: Some(Date::of(now)),
                        ..HistoryEvent::default()
                    };
                    edit.create(event, &event_row)?;
                }
                edit.create(row, &decision)
            })?;
            Ok(row)
        })
    }

    /// Undoes a decision about a pair.
    ///
    /// # Errors
    /// [`ClientError::NotFound`] for what is no decision that holds.
    pub fn undo(&self, key: TwinKey, decision: RowId, note: Option<&str>) -> Result<RowId, ClientError> {
        let known = self.decisions(key)?;
        let holds = known.iter().find(|one| one.decision == decision && one.undone_by.is_none());
        let twins = holds.ok_or(ClientError::NotFound { what: "decision" })?.twins;
        let still_matched =
            known.iter().any(|one| one.decision != decision && one.undone_by.is_none() && one.twins == Twins::Same);
        let (class, document) = key.document();
        let undone = Decision {
            kind: Some(DecisionKind::Undone),
            undoes: Some(decision),
            note: note.map(str::to_owned),
            ..Decision::default()
        };
        self.client.write(|draft| {
            let row = draft.row_id();
            let record = documents::record_of(draft.device().store().reader(), document)?.map(RecordId);
            draft.edit_document(document, class, record, |edit| {
                if matches!(key, TwinKey::Properties { .. }) && twins == Twins::Same && !still_matched {
                    edit.put(&Property { standing: Some(Standing::Standing), ..Property::default() })?;
                }
                edit.create(row, &undone)
            })?;
            Ok::<_, WriteError>(row)
        })
    }
}
