//! Visits at the back office: what was handed in, looked at, approved or returned with a note. Who and when stands in the
//! history of the visit; going back is a further step, never an erasure.

use doorstep_protocol::{Class, DocumentId, Millis};

use super::conflicts::{ConflictFilter, ConflictItem, title_of};
use super::directory::NameBook;
use super::page::{Page, Paged, Window};
use super::{Client, ClientError};
use crate::device::{Device, RecordId, WriteError};
use crate::records::home::{Visit, VisitState};
use crate::records::{DocumentView, FieldError, Provenance, Reading, Row as _, RowId, Seen, Value};
use crate::store::lists::{self, VisitFilter, VisitRow};
use crate::store::{StoreError, documents};

/// Changes of one home that are searched for steps of a visit, the latest first.
const CHANGES_MAX: usize = 2_000;

/// Reviews of a device.
pub struct Reviews<'c> {
    pub(super) client: &'c Client,
}

/// A visit in a list, with names.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReviewRow {
    /// The visit.
    #[serde(flatten)]
    pub visit: VisitRow,
    /// The address.
    pub title: String,
    /// The visitor's name.
    pub visitor_name: String,
}

/// How a visit went from one state to the next.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReviewStep {
    /// The state it came to.
    pub state: VisitState,
    /// The note that went with it.
    pub note: Option<String>,
    /// Who did it.
    pub who: String,
    /// When, by that device's clock.
    pub at: Millis,
}

/// A row of the home that a visit made or names.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct VisitFinding {
    /// Its collection.
    pub collection: String,
    /// The row.
    pub row: RowId,
    /// Its fields, the value shown of each.
    pub fields: std::collections::BTreeMap<String, Value>,
    /// Fields of it that are in dispute.
    pub disputed: Vec<String>,
}

/// A visit as a desk looks at it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReviewPage {
    /// The `home` document.
    pub document: DocumentId,
    /// The property, once it is known.
    pub record: Option<RecordId>,
    /// Its address.
    pub title: String,
    /// The visit.
    pub visit: Seen<Visit>,
    /// Who recorded it.
    pub who: String,
    /// What it found.
    pub findings: Vec<VisitFinding>,
    /// What is in dispute in this home.
    pub conflicts: Vec<ConflictItem>,
    /// How it came to its state, the latest first.
    pub steps: Vec<ReviewStep>,
    /// What can be done with it now.
    pub may: Vec<ReviewMove>,
}

/// What can be done with a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewMove {
    /// Hand it in, for the first time or again.
    Submit,
    /// Approve it.
    Approve,
    /// Return it to the visitor, with a note.
    Return,
    /// Open it again after it was approved.
    Reopen,
}

impl ReviewMove {
    /// What it leads to.
    #[must_use]
    pub const fn leads_to(self) -> VisitState {
        match self {
            Self::Submit | Self::Reopen => VisitState::Submitted,
            Self::Approve => VisitState::Reconciled,
            Self::Return => VisitState::Returned,
        }
    }

    /// What can be done with a visit of a state.
    #[must_use]
    pub const fn from(state: Option<&VisitState>) -> &'static [Self] {
        match state {
            None | Some(VisitState::Draft) => &[Self::Submit],
            Some(VisitState::Submitted) => &[Self::Approve, Self::Return],
            Some(VisitState::Returned) => &[Self::Submit, Self::Approve],
            Some(VisitState::Reconciled) => &[Self::Reopen],
            // What a newer version means by its state is for that version to say.
            Some(VisitState::Other(_)) => &[],
        }
    }
}

impl Reviews<'_> {
    /// Visits that fit, those that wait longest first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn list(&self, filter: &VisitFilter, page: Page) -> Result<Paged<ReviewRow>, ClientError> {
        self.window(filter, page.into())
    }

    pub(super) fn window(&self, filter: &VisitFilter, window: Window) -> Result<Paged<ReviewRow>, ClientError> {
        let names = self.client.directory().names()?;
        let device = self.client.lock();
        let reader = device.store().reader();
        let visits = lists::visits_that_fit(reader, filter, window.offset, window.limit)?;
        let rows = visits.into_iter().map(|visit| row(&device, visit, &names)).collect::<Result<_, StoreError>>()?;
        Ok(Paged { total: lists::count_visits(reader, filter)?, rows })
    }

    /// A visit with what it found, what is in dispute, and how it came to where it is.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn get(&self, document: DocumentId, visit: RowId) -> Result<ReviewPage, ClientError> {
        let names = self.client.directory().names()?;
        let (record, title, seen, findings, steps) = {
            let mut device = self.client.lock();
            let record = documents::record_of(device.store().reader(), document)?.map(RecordId);
            let title = title_of(&device, record, Class::Home)?;
            let looked = device.with_history(document, |history, view| {
                let seen = view.rows::<Visit>(Reading::Shown).into_iter().find(|seen| seen.row == visit)?;
                let entries = history.changes().into_iter().take(CHANGES_MAX).filter_map(|(_, hash)| {
                    // Only changes that wrote the state are steps.
                    let entry = history.entry(hash)?;
                    let of_visit = |field: &str| {
                        let path = |wrote: &&crate::records::history::Wrote| {
                            wrote.path.collection == Visit::COLLECTION
                                && wrote.path.row == visit
                                && wrote.path.field == field
                        };
                        entry.wrote.iter().find(path).map(|wrote| &wrote.new)
                    };
                    let state = VisitState::from_code(of_visit("state")?.as_text()?);
                    let note = of_visit("review_note").and_then(Value::as_text).map(str::to_owned);
                    Some(ReviewStep { state, note, who: names.who(entry.by.who), at: entry.by.at })
                });
                Some((seen, findings(view, visit), entries.collect::<Vec<_>>()))
            })?;
            device.let_go();
            let (seen, findings, steps) = looked.flatten().ok_or(ClientError::NotFound { what: "visit" })?;
            (record, title, seen, findings, steps)
        };
        let conflicts = match record {
            Some(_) => {
                self.client
                    .conflicts()
                    .page(
                        &ConflictFilter { record, class: Some(Class::Home), ..ConflictFilter::default() },
                        Page::FIRST,
                    )?
                    .rows
            }
            None => Vec::new(),
        };
        let who = names.who(seen.made.as_ref().and_then(|made: &Provenance| made.who));
        let may = ReviewMove::from(seen.value.state.as_ref()).to_vec();
        Ok(ReviewPage { document, record, title, visit: seen, who, findings, conflicts, steps, may })
    }

    /// Approves a visit: it is reconciled.
    ///
    /// # Errors
    /// [`ClientError::Write`] when it was not handed in.
    pub fn approve(&self, document: DocumentId, visit: RowId, note: Option<&str>) -> Result<(), ClientError> {
        self.go(document, visit, ReviewMove::Approve, note)
    }

    /// Returns a visit to the visitor, who sees the note.
    ///
    /// # Errors
    /// [`ClientError::Write`] when it was not handed in, or there is no note.
    pub fn return_with_note(&self, document: DocumentId, visit: RowId, note: &str) -> Result<(), ClientError> {
        self.go(document, visit, ReviewMove::Return, Some(note))
    }

    /// Hands a visit in, for the first time or after it was returned.
    ///
    /// # Errors
    /// [`ClientError::Write`] when it is handed in already.
    pub fn submit(&self, document: DocumentId, visit: RowId, note: Option<&str>) -> Result<(), ClientError> {
        self.go(document, visit, ReviewMove::Submit, note)
    }

    /// Opens a visit again that was approved.
    ///
    /// # Errors
    /// [`ClientError::Write`] when it was not approved.
    pub fn reopen(&self, document: DocumentId, visit: RowId, note: Option<&str>) -> Result<(), ClientError> {
        self.go(document, visit, ReviewMove::Reopen, note)
    }

    fn go(&self, document: DocumentId, visit: RowId, way: ReviewMove, note: Option<&str>) -> Result<(), ClientError> {
        self.client.write(|draft| {
            let view = draft.device().view(document)?;
            let found =
                view.and_then(|view| view.row(Visit::COLLECTION, visit).map(|row| row.typed::<Visit>(Reading::Shown)));
            let found = found.ok_or(WriteError::NoSuchRecord { what: "visit" })?;
            if !ReviewMove::from(found.state.as_ref()).contains(&way) {
                let remedy = "look at the visit again: somebody may have dealt with it";
                return Err(FieldError::new("state", "the visit is not in a state for that", remedy).into());
            }
            let is_empty = note.is_none_or(|note| note.trim().is_empty());
            if way == ReviewMove::Return && is_empty {
                let limit = "a visit is returned with a note";
                return Err(FieldError::new("review_note", limit, "say what the visitor should look at again").into());
            }
            let record = documents::record_of(draft.device().store().reader(), document)?.map(RecordId);
            let reviewed = Visit {
                state: Some(way.leads_to()),
                review_note: note.filter(|_| !is_empty).map(str::to_owned),
                reviewed_at: Some(draft.now()),
                ..Visit::default()
            };
            draft.edit_document(document, Class::Home, record, |edit| edit.update(visit, &reviewed))
        })
    }
}

fn row(device: &Device, visit: VisitRow, names: &NameBook) -> Result<ReviewRow, StoreError> {
    let title = title_of(device, visit.record.map(RecordId), Class::Home)?;
    let visitor_name = names.workers.get(&visit.visitor).cloned().unwrap_or_else(|| visit.visitor.clone());
    Ok(ReviewRow { visit, title, visitor_name })
}

/// The rows that name a visit.
fn findings(view: &DocumentView, visit: RowId) -> Vec<VisitFinding> {
    let named = Value::Text(visit.to_string());
    let mut found = Vec::new();
    for (collection, section) in &view.sections {
        for (id, row) in &section.rows {
            let names_it =
                row.fields.get("visit").is_some_and(|field| field.values.iter().any(|said| said.value == named));
            if !names_it {
                continue;
            }
            let shown = |(name, field): (&String, &crate::records::view::FieldView)| {
                Some((name.clone(), field.values.first()?.value.clone()))
            };
            let rule = |field: &str| crate::records::caution::rule(view.class, collection, field);
            let disputed = row.fields.iter().filter(|(name, field)| field.is_disputed(rule(name)));
            found.push(VisitFinding {
                collection: collection.clone(),
                row: *id,
                fields: row.fields.iter().filter_map(shown).collect(),
                disputed: disputed.map(|(name, _)| name.clone()).collect(),
            });
        }
    }
    found
}
