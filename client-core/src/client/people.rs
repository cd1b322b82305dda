//! People: search, the page of one, new ones.

use doorstep_protocol::Class;

use super::properties::view_of;
use super::protection::route_places;
use super::visits::due::Reviews;
use super::{Client, ClientError};
use crate::device::{Device, RecordId, WriteError};
use crate::records::answers::Answer;
use crate::records::communication::{Language, Need};
use crate::records::function::{Ability, Condition, Evacuation, Note};
use crate::records::identity::{Contact, Occupancy, Person};
use crate::records::network::{Consent, Household, Important, Member, Professional, Proxy};
use crate::records::property::{self, PersonSources, PersonView};
use crate::records::{Edit, EditError, Reading, Row, RowId};
use crate::store::lists::{self, PersonRow};
use crate::store::outbox::Delivery;

/// People of a device.
pub struct People<'c> {
    pub(super) client: &'c Client,
}

/// What is recorded of a person at once. Everything is optional but, for a new person, the preferred name.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PersonInput {
    /// A person this device knows; a new one when absent.
    pub record: Option<RecordId>,
    /// Who the person is.
    pub person: Option<Person>,
    /// Contact points.
    pub contacts: Vec<Contact>,
    /// Where the person lives; in a visit, the property of the visit when left empty.
    pub occupancies: Vec<Occupancy>,
    /// Language.
    pub language: Option<Language>,
    /// Communication needs.
    pub needs: Vec<Need>,
    /// What the person can do.
    pub abilities: Vec<Ability>,
    /// Answers to questions of a visit's form that are about the person.
    pub answers: Vec<Answer>,
    /// Notes, those on mental capacity among them.
    pub notes: Vec<Note>,
    /// Conditions that a partner sent or the person named.
    pub conditions: Vec<Condition>,
    /// The residential evacuation plan.
    pub evacuation: Option<Evacuation>,
    /// Who lives there, in numbers.
    pub household: Option<Household>,
    /// Others in the home.
    pub members: Vec<Member>,
    /// People important to the person.
    pub important: Vec<Important>,
    /// Who may speak for the person.
    pub proxies: Vec<Proxy>,
    /// Services that know the person.
    pub professionals: Vec<Professional>,
    /// What the person agreed to or refused.
    pub consents: Vec<Consent>,
}

/// All that is known of a person.
#[derive(Clone, Debug, serde::Serialize)]
pub struct PersonPage {
    /// The person.
    pub record: RecordId,
    /// The line in lists.
    pub row: PersonRow,
    /// What the documents say.
    pub view: PersonView,
    /// How far this device's work has come.
    pub delivery: Delivery,
}

impl People<'_> {
    /// By any name they are or were recorded under, best first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn find(&self, text: &str, limit: usize) -> Result<Vec<PersonRow>, ClientError> {
        Ok(lists::find_people(self.client.lock().store().reader(), text, limit)?)
    }

    /// The one person that is meant: by record id, or by a name that fits one.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Ambiguous`].
    pub fn resolve(&self, text: &str) -> Result<RecordId, ClientError> {
        let device = self.client.lock();
        let reader = device.store().reader();
        if let Ok(record) = text.trim().parse::<RecordId>() {
            let found = lists::person_of(reader, record.0)?;
            return found.map(|_| record).ok_or(ClientError::NotFound { what: "person" });
        }
        match lists::find_people(reader, text, 50)?.as_slice() {
            [] => Err(ClientError::NotFound { what: "person" }),
            [one] => Ok(RecordId(one.record)),
            many => Err(ClientError::Ambiguous { what: "people", count: many.len() }),
        }
    }

    /// The person of a reference in another system, as an import wrote it.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn of_reference(&self, reference: &str) -> Result<Option<RecordId>, ClientError> {
        let device = self.client.lock();
        let found = lists::person_of_reference(device.store().reader(), reference)?;
        Ok(found.map(|row| RecordId(row.record)))
    }

    /// One person's line in lists, if this device knows them.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn row(&self, record: RecordId) -> Result<Option<PersonRow>, ClientError> {
        Ok(lists::person_of(self.client.lock().store().reader(), record.0)?)
    }

    /// The page of a person.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn get(&self, record: RecordId, reading: Reading) -> Result<PersonPage, ClientError> {
        let mut device = self.client.lock();
        let row = known_person(&device, record)?;
        let identity = view_of(&mut device, record, Class::Identity)?;
        let communication = view_of(&mut device, record, Class::Communication)?;
        let function = view_of(&mut device, record, Class::Function)?;
        let network = view_of(&mut device, record, Class::Network)?;
        let sources = PersonSources {
            identity: identity.as_ref(),
            communication: communication.as_ref(),
            function: function.as_ref(),
            network: network.as_ref(),
        };
        let view = property::person(&sources, reading);
        let delivery = device.delivery(record)?;
        device.let_go();
        Ok(PersonPage { record, row, view, delivery })
    }

    /// Records what is known of a person, in one transaction.
    ///
    /// # Errors
    /// [`ClientError::Write`].
    pub fn record(&self, input: &PersonInput) -> Result<RecordId, ClientError> {
        self.client.write(|draft| record_person(draft, input))
    }

    /// Records many people, a batch a transaction. `progress` is told how many are done.
    ///
    /// # Errors
    /// [`ClientError::Write`]; batches before the failing one stay recorded.
    pub fn record_many(
        &self,
        inputs: &[PersonInput],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<RecordId>, ClientError> {
        let mut records = Vec::with_capacity(inputs.len());
        for batch in inputs.chunks(32) {
            let made = self.client.write(|draft| {
                batch.iter().map(|input| record_person(draft, input)).collect::<Result<Vec<_>, WriteError>>()
            })?;
            records.extend(made);
            progress(records.len());
        }
        Ok(records)
    }
}

/// The line in lists of a person whom this device knows.
pub(super) fn known_person(device: &Device, record: RecordId) -> Result<PersonRow, ClientError> {
    lists::person_of(device.store().reader(), record.0)?.ok_or(ClientError::NotFound { what: "person" })
}

/// Writes a person's rows into a draft.
pub(super) fn record_person<R: rand_core::CryptoRng>(
    draft: &mut crate::device::Draft<'_, R>,
    input: &PersonInput,
) -> Result<RecordId, WriteError> {
    let record = match input.record {
        Some(record) => record,
        None if input.person.is_some() => draft.new_record(),
        None => return Err(WriteError::NoSuchRecord { what: "person: give a record, or a new person's name" }),
    };
    let contacts = with_ids(draft, &input.contacts);
    let occupancies = route_places(draft, record, input.person.as_ref(), &input.occupancies)?;
    let needs = with_ids(draft, &input.needs);
    let abilities = with_ids(draft, &input.abilities);
    let answers = with_ids(draft, &input.answers);
    let notes = with_ids(draft, &input.notes);
    if input.person.is_some() || !contacts.is_empty() || !occupancies.is_empty() {
        draft.edit(record, Class::Identity, |edit| {
            if let Some(person) = &input.person {
                edit.put(person)?;
            }
            create_all(edit, &contacts)?;
            create_all(edit, &occupancies)
        })?;
    }
    if input.language.is_some() || !needs.is_empty() {
        draft.edit(record, Class::Communication, |edit| {
            if let Some(language) = &input.language {
                edit.put(language)?;
            }
            create_all(edit, &needs)
        })?;
    }
    let conditions = with_ids(draft, &input.conditions);
    let evacuation = match &input.evacuation {
        Some(plan) => Some(Reviews::of(draft)?.evacuation(plan)?),
        None => None,
    };
    let rows = abilities.len() + answers.len() + notes.len() + conditions.len();
    if rows > 0 || evacuation.is_some() {
        draft.edit(record, Class::Function, |edit| {
            create_all(edit, &abilities)?;
            create_all(edit, &answers)?;
            create_all(edit, &notes)?;
            create_all(edit, &conditions)?;
            evacuation.as_ref().map_or(Ok(()), |plan| edit.put(plan))
        })?;
    }
    record_network(draft, record, input)?;
    Ok(record)
}

/// Writes who matters to the person, who speaks for them, who knows them and what they agreed to.
fn record_network<R: rand_core::CryptoRng>(
    draft: &mut crate::device::Draft<'_, R>,
    record: RecordId,
    input: &PersonInput,
) -> Result<(), WriteError> {
    let members = with_ids(draft, &input.members);
    let important = with_ids(draft, &input.important);
    let proxies = with_ids(draft, &input.proxies);
    let professionals = with_ids(draft, &input.professionals);
    let answers = input.consents.iter().map(|answer| super::consents::knowing(draft, record, answer));
    let answers = answers.collect::<Result<Vec<_>, _>>()?;
    let consents = with_ids(draft, &answers);
    let rows = members.len() + important.len() + proxies.len() + professionals.len() + consents.len();
    if rows == 0 && input.household.is_none() {
        return Ok(());
    }
    draft.edit(record, Class::Network, |edit| {
        if let Some(household) = &input.household {
            edit.put(household)?;
        }
        create_all(edit, &members)?;
        create_all(edit, &important)?;
        create_all(edit, &proxies)?;
        create_all(edit, &professionals)?;
        create_all(edit, &consents)
    })
}

/// Gives each row a fresh id.
pub(super) fn with_ids<T: Clone, R: rand_core::CryptoRng>(
    draft: &mut crate::device::Draft<'_, R>,
    rows: &[T],
) -> Vec<(RowId, T)> {
    rows.iter().map(|row| (draft.row_id(), row.clone())).collect()
}

/// Makes rows.
pub(super) fn create_all<T: Row>(edit: &mut Edit<'_, '_>, rows: &[(RowId, T)]) -> Result<(), EditError> {
    rows.iter().try_for_each(|(id, row)| edit.create(*id, row))
}
