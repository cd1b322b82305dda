//! What was recorded by mistake: at the wrong home, of the wrong room, misread. It is taken back by a decision with its reason, stands
//! in the history, and crews are told of it no more. The decision can be undone.

use doorstep_protocol::Class;

use super::Visits;
use crate::client::{ClientError, properties};
use crate::device::{RecordId, WriteError};
use crate::records::decisions::{Decision, DecisionKind, MISTAKABLE, mistakes};
use crate::records::{FieldError, Provenance, RowId};

/// A fact that was taken back.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MistakenFact {
    /// The decision, by which it can be undone.
    pub decision: RowId,
    /// The collection of the fact.
    pub collection: String,
    /// The fact.
    pub row: RowId,
    /// What was wrong with it; nothing, where its answer in a form was taken back.
    pub why: Option<String>,
    /// Who took it back, and when.
    pub made: Option<Provenance>,
}

impl Visits<'_> {
    /// Facts of a home that were taken back, the latest first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn mistaken(&self, home: RecordId) -> Result<Vec<MistakenFact>, ClientError> {
        let mut device = self.client.lock();
        let view = properties::view_of(&mut device, home, Class::Home)?;
        device.let_go();
        let decided = view.map(|view| mistakes(&view)).unwrap_or_default().into_iter();
        let mut facts: Vec<MistakenFact> = decided
            .filter_map(|seen| {
                let Decision { collection, row, note: why, .. } = seen.value;
                Some(MistakenFact { decision: seen.row, collection: collection?, row: row?, why, made: seen.made })
            })
            .collect();
        facts.sort_by_key(|fact| (std::cmp::Reverse(fact.made.as_ref().map(|made| made.at)), fact.decision));
        Ok(facts)
    }

    /// Takes back an alarm, a clutter rating, a figure, equipment or an adaptation that was recorded by mistake. Returns the
    /// decision, by which that is undone.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field: without a reason nothing is taken back.
    pub fn take_back(&self, home: RecordId, (collection, row): (&str, RowId), why: &str) -> Result<RowId, ClientError> {
        if !MISTAKABLE.contains(&collection) {
            return Err(WriteError::from(FieldError::new(
                "collection",
                "what was seen, measured or fitted can be taken back",
                "say of a hazard that it is dealt with, and change any other fact",
            ))
            .into());
        }
        if why.trim().is_empty() {
            let limit = "a fact is taken back for a reason";
            return Err(WriteError::from(FieldError::new("why", limit, "say what was wrong with it")).into());
        }
        self.client.write(|draft| {
            let view = draft.view(home, Class::Home)?;
            let known = view.as_ref().and_then(|view| view.row(collection, row));
            known.ok_or(WriteError::NoSuchRecord { what: "fact of this home" })?;
            let decision = draft.row_id();
            let mistaken = Decision { note: Some(why.trim().to_owned()), ..Decision::mistaken(collection, row) };
            draft.edit(home, Class::Home, |edit| edit.create(decision, &mistaken))?;
            Ok(decision)
        })
    }

    /// Undoes that: the fact stands after all.
    ///
    /// # Errors
    /// [`ClientError::NotFound`] for what is no decision of that kind that holds.
    pub fn let_stand(&self, home: RecordId, decision: RowId) -> Result<(), ClientError> {
        let holds = self.mistaken(home)?.iter().any(|fact| fact.decision == decision);
        if !holds {
            return Err(ClientError::NotFound { what: "decision" });
        }
        let undone = Decision { kind: Some(DecisionKind::Undone), undoes: Some(decision), ..Decision::default() };
        self.client.write(|draft| {
            let row = draft.row_id();
            draft.edit(home, Class::Home, |edit| edit.create(row, &undone))
        })
    }
}
