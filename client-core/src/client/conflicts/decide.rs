//! Settling a dispute, in the ways there are, and undoing it. The values that were there stay in the history.

use doorstep_protocol::{Class, DocumentId};

use super::Conflicts;
use crate::client::ClientError;
use crate::device::{RecordId, WriteError};
use crate::order::Order as _;
use crate::records::decisions::{
    self, Decided, Decision, DecisionKind, Open, OpenConflict, VERSIONS_MAX, open_conflicts,
};
use crate::records::home::{Visit, VisitState};
use crate::records::{DocumentView, Edit, EditError, FieldError, Path, Row as _, RowId, Value, caution};
use crate::store::documents;

/// How a dispute is settled.
#[derive(Clone, Copy)]
enum Settling<'a> {
    Choose(&'a Value),
    Edit(&'a Value),
    KeepBoth,
    Return(RowId),
}

impl Conflicts<'_> {
    /// Ends a dispute with one of its values. The others stay in the history. `class` is not looked at: the document says it.
    ///
    /// # Errors
    /// [`ClientError::Write`] when the value is not among those shown.
    pub fn resolve(&self, document: DocumentId, class: Class, path: &Path, chosen: &Value) -> Result<(), ClientError> {
        let _of_the_document = class;
        self.choose(document, path, chosen, None).map(|_| ())
    }

    /// Ends a dispute with one of its values. Returns the row of the decision, by which it can be undone.
    ///
    /// # Errors
    /// [`ClientError::Write`] when the value is not among those shown, or nothing is in dispute.
    pub fn choose(
        &self,
        document: DocumentId,
        path: &Path,
        chosen: &Value,
        note: Option<&str>,
    ) -> Result<RowId, ClientError> {
        self.settle(document, path, Settling::Choose(chosen), note)
    }

    /// Ends a dispute with another value, having seen those there are. See [`crate::records::rows::parse_field`].
    ///
    /// # Errors
    /// [`ClientError::Write`] when the value may not be written, or nothing is in dispute.
    pub fn edit(
        &self,
        document: DocumentId,
        path: &Path,
        value: &Value,
        note: Option<&str>,
    ) -> Result<RowId, ClientError> {
        self.settle(document, path, Settling::Edit(value), note)
    }

    /// Lets every value stand: each was right. Visitors and crews go on being shown the more cautious one, and all of them.
    ///
    /// # Errors
    /// [`ClientError::Write`] when nothing is in dispute.
    pub fn keep_both(&self, document: DocumentId, path: &Path, note: Option<&str>) -> Result<RowId, ClientError> {
        self.settle(document, path, Settling::KeepBoth, note)
    }

    /// Gives the dispute back to the visitor of a visit, with a note; the visit counts as returned. The dispute stays open.
    ///
    /// # Errors
    /// [`ClientError::Write`] when nothing is in dispute, or there is no such visit.
    pub fn return_to_visitor(
        &self,
        document: DocumentId,
        path: &Path,
        visit: RowId,
        note: &str,
    ) -> Result<RowId, ClientError> {
        self.settle(document, path, Settling::Return(visit), Some(note))
    }

    /// Undoes a decision: the dispute is open again, with the versions there were. Until it is settled anew, the more
    /// cautious one is shown.
    ///
    /// # Errors
    /// [`ClientError::NotFound`] for what is no decision that holds.
    pub fn undo(&self, document: DocumentId, decision: RowId, note: Option<&str>) -> Result<RowId, ClientError> {
        let (class, record) = self.place_of(document)?;
        let mut all = self.decided(document)?.into_iter();
        let one = all.find(|row| row.decision == decision && row.undone_by.is_none());
        let (path, kind) =
            one.and_then(|row| Some((row.path?, row.kind))).ok_or(ClientError::NotFound { what: "decision" })?;
        let columns = self.columns(document, &path)?;
        let rule = caution::rule(class, &path.collection, &path.field);
        let was_set = matches!(kind, Some(DecisionKind::Chosen | DecisionKind::Edited));
        let cautious = rule.most_cautious(columns.versions.iter().map(|version| &version.said.value)).cloned();
        self.client.write(|draft| {
            let row = draft.row_id();
            let undone = Decision {
                kind: Some(DecisionKind::Undone),
                undoes: Some(decision),
                note: note.map(str::to_owned),
                ..Decision::default()
            };
            draft.edit_document(document, class, record, |edit| {
                if let Some(value) = cautious.as_ref().filter(|value| was_set && value.is_said()) {
                    edit.settle(&path, value)?;
                }
                edit.create(row, &undone)
            })?;
            Ok(row)
        })
    }

    /// The class of a document on this device.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn class_of(&self, document: DocumentId) -> Result<Class, ClientError> {
        let class = documents::class_of_document(self.client.lock().store().reader(), document)?;
        class.ok_or(ClientError::NotFound { what: "document" })
    }

    fn place_of(&self, document: DocumentId) -> Result<(Class, Option<RecordId>), ClientError> {
        let device = self.client.lock();
        let class = documents::class_of_document(device.store().reader(), document)?;
        let class = class.ok_or(ClientError::NotFound { what: "document" })?;
        Ok((class, documents::record_of(device.store().reader(), document)?.map(RecordId)))
    }

    fn settle(
        &self,
        document: DocumentId,
        path: &Path,
        how: Settling<'_>,
        note: Option<&str>,
    ) -> Result<RowId, ClientError> {
        let (class, record) = self.place_of(document)?;
        self.client.write(|draft| {
            let view = draft.device().view(document)?.ok_or(WriteError::NoSuchRecord { what: "document" })?;
            let open = open_conflicts(&view).into_iter().find(|open| open.conflict.path == *path);
            let open = open.ok_or_else(|| nothing_open(path))?;
            let row = draft.row_id();
            let decision = decision(&open, &view, path, how, note)?;
            if let Settling::Return(visit) = how {
                let known = view.row(Visit::COLLECTION, visit);
                known.ok_or(WriteError::NoSuchRecord { what: "visit in this document" })?;
            }
            let now = draft.now();
            draft.edit_document(document, class, record, |edit| {
                write(edit, path, how, &open)?;
                if let Settling::Return(visit) = how {
                    let returned = Visit {
                        state: Some(VisitState::Returned),
                        review_note: note.map(str::to_owned),
                        reviewed_at: Some(now),
                        ..Visit::default()
                    };
                    edit.update(visit, &returned)?;
                }
                // The directory and the like keep no decisions: the history of the field is all there is.
                if Decision::is_in(class) { edit.create(row, &decision) } else { Ok(()) }
            })?;
            Ok(row)
        })
    }
}

fn nothing_open(path: &Path) -> WriteError {
    WriteError::from(FieldError {
        field: path.field.clone().into(),
        limit: "nothing is in dispute here any more".into(),
        remedy: "look at the list again: somebody may have settled it".into(),
    })
}

/// What stands in the document about it.
fn decision(
    open: &OpenConflict,
    view: &DocumentView,
    path: &Path,
    how: Settling<'_>,
    note: Option<&str>,
) -> Result<Decision, WriteError> {
    let mut versions: Vec<String> =
        open.conflict.values.iter().filter_map(|said| Some(said.by.as_ref()?.change.to_string())).collect();
    let follows = match &open.open {
        Open::Reopened { decision, undone } => {
            let decided = decisions::decisions(view);
            let before = decided.iter().find(|one| one.decision.row == *decision).map(Decided::versions);
            versions.extend(before.unwrap_or_default());
            Some(*undone)
        }
        Open::Disputed => None,
    };
    versions.order();
    versions.dedup();
    if versions.len() > VERSIONS_MAX && matches!(how, Settling::KeepBoth) {
        let limit = format!("at most {VERSIONS_MAX} values can stand side by side");
        return Err(FieldError::new("versions", limit, "choose one of them").into());
    }
    versions.truncate(VERSIONS_MAX);
    let (kind, visit) = match how {
        Settling::Choose(_) => (DecisionKind::Chosen, None),
        Settling::Edit(_) => (DecisionKind::Edited, None),
        Settling::KeepBoth => (DecisionKind::BothKept, None),
        Settling::Return(visit) => (DecisionKind::Returned, Some(visit)),
    };
    Ok(Decision {
        kind: Some(kind),
        collection: Some(path.collection.clone()),
        row: Some(path.row),
        field: Some(path.field.clone()),
        versions: Some(versions.join(" ")),
        follows,
        visit,
        note: note.map(str::to_owned),
        ..Decision::default()
    })
}

fn write(edit: &mut Edit<'_, '_>, path: &Path, how: Settling<'_>, open: &OpenConflict) -> Result<(), EditError> {
    match (how, &open.open) {
        (Settling::Choose(value), Open::Disputed) => edit.resolve(path, value),
        // The versions of what was settled before are in the history, not in the field.
        (Settling::Choose(value), Open::Reopened { .. }) | (Settling::Edit(value), _) => edit.settle(path, value),
        (Settling::KeepBoth | Settling::Return(_), _) => Ok(()),
    }
}
