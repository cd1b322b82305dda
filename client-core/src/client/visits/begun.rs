//! A visit that is recorded as it goes: begun as a draft, added to room by room, handed in at the end. Each step is saved when it is
//! made, so that an app that is killed in between has lost nothing.

use doorstep_protocol::Class;
use rand_core::CryptoRng;

use super::{VisitInput, VisitRecorded, Visits, answers, write_found};
use crate::client::{ClientError, ReviewMove};
use crate::device::{Draft, RecordId, WriteError};
use crate::records::answers::Answer;
use crate::records::home::{Visit, VisitState};
use crate::records::{FieldError, Reading, Row as _, RowId, Seen};

impl Visits<'_> {
    /// Begins a visit: a draft that nobody reviews until it is handed in. What was found so far may come with it.
    ///
    /// # Errors
    /// [`ClientError::Write`].
    pub fn begin(&self, input: &VisitInput) -> Result<VisitRecorded, ClientError> {
        let mut input = input.clone();
        input.visit.state = Some(VisitState::Draft);
        self.record(&input)
    }

    /// Adds to a visit that was not handed in, or was returned: further rows, changes, answers, and words about the visit itself. The
    /// property that `found` names is not looked at: `record` is the one.
    ///
    /// # Errors
    /// [`ClientError::Write`] when it was handed in.
    pub fn add(&self, record: RecordId, visit: RowId, found: &VisitInput) -> Result<VisitRecorded, ClientError> {
        self.client.write(|draft| {
            let held = open_visit(draft, record, visit)?;
            let mut input = found.clone();
            // Answers are of the form that the visit began with, and whether all are there is asked when it is handed in.
            let outcome = input.visit.outcome.take();
            input.visit.form = input.visit.form.or(held.form);
            input.visit.version = input.visit.version.or(held.version);
            input.visit.kind = input.visit.kind.or(held.kind);
            answers::follow(draft, &mut input)?;
            let words = Visit { outcome, state: None, started_at: None, ..input.visit.clone() };
            let at = held.started_at.unwrap_or(draft.now());
            let people = write_found(draft, (record, visit), at, &input, |edit| edit.update(visit, &words))?;
            Ok(VisitRecorded { property: record, visit, people })
        })
    }

    /// Hands a visit in: it has ended now, where `end` does not say when. One that is done has an answer to every question that its
    /// form requires.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the question that has no answer; the visit is then as it was.
    pub fn submit(&self, record: RecordId, visit: RowId, end: &Visit) -> Result<(), ClientError> {
        self.client.write(|draft| {
            let held = open_visit(draft, record, visit)?;
            let outcome = end.outcome.clone().or(held.outcome.clone());
            let given = answers_of(draft, record, visit)?;
            answers::check_whole(draft, &held, outcome.as_ref(), given)?;
            let state = Some(VisitState::Submitted);
            let ended_at = end.ended_at.or(held.ended_at).or(Some(draft.now()));
            let ended = Visit { state, ended_at, started_at: None, ..end.clone() };
            draft.edit(record, Class::Home, |edit| edit.update(visit, &ended))
        })
    }

    /// A visit as it stands.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn get(&self, record: RecordId, visit: RowId) -> Result<Seen<Visit>, ClientError> {
        let view = self.client.document(record, Class::Home)?;
        let mut visits = view.map(|view| view.rows::<Visit>(Reading::Cautious)).unwrap_or_default().into_iter();
        visits.find(|seen| seen.row == visit).ok_or(ClientError::NotFound { what: "visit" })
    }
}

/// A visit that may still be added to.
fn open_visit<R: CryptoRng>(draft: &mut Draft<'_, R>, record: RecordId, visit: RowId) -> Result<Visit, WriteError> {
    let not_here = || WriteError::NoSuchRecord { what: "visit" };
    let document = draft.device().document_of(record, Class::Home)?.ok_or_else(not_here)?;
    let view = draft.device().view(document)?.ok_or_else(not_here)?;
    let held: Visit = view.row(Visit::COLLECTION, visit).ok_or_else(not_here)?.typed(Reading::Shown);
    if ReviewMove::from(held.state.as_ref()).contains(&ReviewMove::Submit) {
        return Ok(held);
    }
    let remedy = "record a further visit, or ask the office to return this one";
    Err(FieldError::new("state", "the visit was handed in, and is added to no more", remedy).into())
}

fn answers_of<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    record: RecordId,
    visit: RowId,
) -> Result<Vec<Answer>, WriteError> {
    let Some(document) = draft.device().document_of(record, Class::Home)? else { return Ok(Vec::new()) };
    let Some(view) = draft.device().view(document)? else { return Ok(Vec::new()) };
    let rows = view.rows::<Answer>(Reading::Shown);
    let given = rows.into_iter().map(|seen| seen.value).filter(|answer| answer.visit == Some(visit));
    // One that was taken back is none.
    Ok(given.filter(Answer::says_something).collect())
}
