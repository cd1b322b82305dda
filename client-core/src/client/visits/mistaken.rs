//! What was recorded by mistake: at the wrong home, of the wrong room, misread. It is taken back by a decision with its reason, stands
//! in the history, and crews are told of it no more. The decision can be undone.

use doorstep_protocol::Class;
use rand_core::CryptoRng;

use super::Visits;
use crate::client::people::known_person;
use crate::client::{Client, ClientError, People, properties};
use crate::device::{Draft, RecordId, WriteError};
use crate::order::Order as _;
use crate::records::decisions::{Decision, DecisionKind, mistakable, mistakes};
use crate::records::function::Ability;
use crate::records::home::Dwelling;
use crate::records::{DocumentView, Edit, EditError, FieldError, Path, Provenance, Row, RowId, Said};

/// A fact that was taken back.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MistakenFact {
    /// The decision, by which it can be undone.
    pub decision: RowId,
    /// The collection of the fact.
    pub collection: String,
    /// The fact.
    pub row: RowId,
    /// Its field, where only that was taken back: of the dwelling.
    pub field: Option<String>,
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
        taken_back(self.client, (home, Class::Home))
    }

    /// Takes back an alarm, a clutter rating, a figure, equipment or an adaptation that was recorded by mistake. Returns the
    /// decision, by which that is undone.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field: without a reason nothing is taken back.
    pub fn take_back(&self, home: RecordId, (collection, row): (&str, RowId), why: &str) -> Result<RowId, ClientError> {
        if collection == Dwelling::COLLECTION {
            return Err(WriteError::from(FieldError::new(
                "field",
                "of the dwelling one fact at a time is taken back",
                "say which one: tenure, main_exit",
            ))
            .into());
        }
        take_back(self.client, (home, Class::Home), (collection, row), why)
    }

    /// Takes back what is known of one field of the dwelling. It is not known then, until somebody says it again: what stood there before
    /// is in the history. Returns the decision, by which that is undone.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field: without a reason nothing is taken back.
    pub fn take_back_of_dwelling(&self, home: RecordId, field: &str, why: &str) -> Result<RowId, ClientError> {
        let note = reason(why)?;
        self.client.write(|draft| {
            let view = draft.view(home, Class::Home)?;
            let mistaken = view.as_ref().and_then(|view| mistaken_field(view, field, |_| true));
            let mistaken = mistaken.ok_or(WriteError::NoSuchRecord { what: "fact of this dwelling" })?;
            decide(draft, (home, Class::Home), &Decision { note: Some(note.clone()), ..mistaken })
        })
    }

    /// Undoes that: the fact stands after all.
    ///
    /// # Errors
    /// [`ClientError::NotFound`] for what is no decision of that kind that holds.
    pub fn let_stand(&self, home: RecordId, decision: RowId) -> Result<(), ClientError> {
        let_stand(self.client, (home, Class::Home), decision)
    }
}

impl People<'_> {
    /// What was taken back of what is known that a person can do, the latest first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn mistaken(&self, person: RecordId) -> Result<Vec<MistakenFact>, ClientError> {
        taken_back(self.client, (person, Class::Function))
    }

    /// Takes back an ability that was recorded by mistake: of somebody else, or misheard. Returns the decision, by which that is undone.
    ///
    /// # Errors
    /// [`ClientError::NotFound`]; [`ClientError::Write`] names the field: without a reason nothing is taken back.
    pub fn take_back(&self, person: RecordId, ability: RowId, why: &str) -> Result<RowId, ClientError> {
        known_person(&self.client.lock(), person)?;
        take_back(self.client, (person, Class::Function), (Ability::COLLECTION, ability), why)
    }

    /// Undoes that: the person can do what was said after all.
    ///
    /// # Errors
    /// [`ClientError::NotFound`] for what is no decision of that kind that holds.
    pub fn let_stand(&self, person: RecordId, decision: RowId) -> Result<(), ClientError> {
        let_stand(self.client, (person, Class::Function), decision)
    }
}

/// The document in which a fact stands.
type Of = (RecordId, Class);

fn taken_back(client: &Client, (record, class): Of) -> Result<Vec<MistakenFact>, ClientError> {
    let mut device = client.lock();
    let view = properties::view_of(&mut device, record, class)?;
    device.let_go();
    let decided = view.map(|view| mistakes(&view)).unwrap_or_default().into_iter();
    let mut facts: Vec<MistakenFact> = decided
        .filter_map(|seen| {
            let Decision { collection, row, field, note: why, .. } = seen.value;
            let (collection, row) = (collection?, row?);
            Some(MistakenFact { decision: seen.row, collection, row, field, why, made: seen.made })
        })
        .collect();
    facts.order_by_key(|fact| (std::cmp::Reverse(fact.made.as_ref().map(|made| made.at)), fact.decision));
    Ok(facts)
}

fn take_back(client: &Client, of: Of, (collection, row): (&str, RowId), why: &str) -> Result<RowId, ClientError> {
    if !mistakable(of.1).contains(&collection) {
        return Err(WriteError::from(FieldError::new(
            "collection",
            "what was seen, measured or fitted, and what somebody can do, can be taken back",
            "say of a hazard that it is dealt with, and change any other fact",
        ))
        .into());
    }
    let note = reason(why)?;
    client.write(|draft| {
        let view = draft.view(of.0, of.1)?;
        let known = view.as_ref().and_then(|view| view.row(collection, row));
        known.ok_or(WriteError::NoSuchRecord { what: "fact of this record" })?;
        decide(draft, of, &Decision { note: Some(note.clone()), ..Decision::mistaken(collection, row) })
    })
}

fn reason(why: &str) -> Result<String, WriteError> {
    match why.trim() {
        "" => Err(FieldError::new("why", "a fact is taken back for a reason", "say what was wrong with it").into()),
        why => Ok(why.to_owned()),
    }
}

fn decide<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    (record, class): Of,
    mistaken: &Decision,
) -> Result<RowId, WriteError> {
    let decision = draft.row_id();
    draft.edit(record, class, |edit| edit.create(decision, mistaken))?;
    Ok(decision)
}

fn let_stand(client: &Client, of: Of, decision: RowId) -> Result<(), ClientError> {
    if !taken_back(client, of)?.iter().any(|fact| fact.decision == decision) {
        return Err(ClientError::NotFound { what: "decision" });
    }
    let undone = Decision { kind: Some(DecisionKind::Undone), undoes: Some(decision), ..Decision::default() };
    client.write(|draft| decide(draft, of, &undone).map(|_| ()))
}

/// That what stands in a field of the dwelling was a mistake, as far as `is_mistaken` says so; nothing where nothing is said there.
pub(super) fn mistaken_field(
    home: &DocumentView,
    field: &str,
    is_mistaken: impl Fn(&Said) -> bool,
) -> Option<Decision> {
    let held = home.row(Dwelling::COLLECTION, RowId::SINGLE)?.fields.get(field)?;
    let said: Vec<_> = held.values.iter().filter(|said| said.value.is_said() && is_mistaken(said)).cloned().collect();
    let collection = Dwelling::COLLECTION.to_owned();
    let path = Path { collection, row: RowId::SINGLE, field: field.to_owned() };
    (!said.is_empty()).then(|| Decision::mistaken_values(&path, &said))
}

/// Fields of the dwelling that were taken back and are about to be said again. They are emptied first: the same value would else be
/// no change, and stay taken back.
pub(super) fn said_again(home: Option<&DocumentView>, dwelling: &Dwelling) -> Vec<&'static str> {
    let aside = home.and_then(|home| home.sections.get(Dwelling::COLLECTION)?.mistaken.get(&RowId::SINGLE));
    let Some(aside) = aside else { return Vec::new() };
    dwelling.entries().into_iter().map(|entry| entry.field).filter(|field| aside.fields.contains_key(*field)).collect()
}

/// Says what was seen of the dwelling.
pub(super) fn say(edit: &mut Edit<'_, '_>, again: &[&'static str], dwelling: &Dwelling) -> Result<(), EditError> {
    again.iter().try_for_each(|field| edit.clear::<Dwelling>(RowId::SINGLE, field))?;
    edit.say(RowId::SINGLE, dwelling)
}
