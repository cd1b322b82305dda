//! A visit that is recorded as it goes: begun as a draft, added to room by room, handed in at the end. Each step is saved when it is
//! made, so that an app that is killed in between has lost nothing.

use doorstep_protocol::Class;

use super::filling::{Open, held};
use super::{VisitInput, VisitRecorded, Visits, answers, write_found};
use crate::client::ClientError;
use crate::device::RecordId;
use crate::records::home::{Visit, VisitState};
use crate::records::{Reading, RowId, Seen};

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

    /// Adds to a visit that was not handed in, or was returned: further rows, changes, and words about the visit itself. The property
    /// that `found` names is not looked at, `record` is the one; answers are given by [`Visits::answer`].
    ///
    /// # Errors
    /// [`ClientError::Write`] when it was handed in.
    pub fn add(&self, record: RecordId, visit: RowId, found: &VisitInput) -> Result<VisitRecorded, ClientError> {
        self.client.write(|draft| {
            let open = Open::of(draft, record, visit)?;
            let mut input = VisitInput { answers: Vec::new(), ..found.clone() };
            answers::follow(draft, &mut input)?;
            let words = Visit { state: None, started_at: None, ..input.visit.clone() };
            let at = open.visit.started_at.unwrap_or(draft.now());
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
            let open = Open::of(draft, record, visit)?;
            let outcome = end.outcome.clone().or(open.visit.outcome.clone());
            let (given, completeness) = held::of_open(draft, &open)?;
            let given = given.into_iter().map(|given| given.answer).collect();
            answers::check_whole(draft, &open.visit, (outcome.as_ref(), completeness), given)?;
            let state = Some(VisitState::Submitted);
            let ended_at = end.ended_at.or(open.visit.ended_at).or(Some(draft.now()));
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
