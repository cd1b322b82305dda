//! Visits: what a worker recorded at a home, saved whole in one transaction, with or without signal.

use doorstep_protocol::{Class, Millis};
use rand_core::CryptoRng;

mod answers;
mod begun;
pub(super) mod due;
mod filling;
mod hazards;
mod mistaken;
mod returned;

use super::people::{PersonInput, create_all, record_person, with_ids};
use super::{Client, ClientError};
use crate::device::{Draft, RecordId, WriteError};
use crate::records::answers::Answer;
use crate::records::home::{Adaptation, Alarm, Clutter, Dwelling, Equipment, Hazard, Measurement, Visit, VisitState};
use crate::records::identity::{Occupancy, OccupancyKind};
use crate::records::index::{Flag, Property};
use crate::records::{Date, Edit, EditError, Row, RowId, Source, Uprn};
use crate::store::lists::{self, VisitRow};

use due::Reviews;
pub use filling::{AnswerInput, Asked, FormPage, FormRef, Given, UnknownAnswer};
pub use mistaken::MistakenFact;
pub use returned::ReturnedVisit;

/// Visits of a device.
pub struct Visits<'c> {
    pub(super) client: &'c Client,
}

/// Which home.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PropertyRef {
    /// The one with this UPRN, known to this device or not.
    Uprn(Uprn),
    /// One this device knows.
    Record(RecordId),
    /// One whose UPRN is not known: matched later at the desk.
    Provisional(Box<Property>),
}

/// New values for a row that exists.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowUpdate<T> {
    /// The row.
    pub row: RowId,
    /// Its new values; a field left out stays as it is.
    pub set: T,
}

/// What a visit found. Lists are new rows; `…_updates` change rows that exist.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitInput {
    /// Which home.
    pub property: PropertyRef,
    /// The visit itself.
    #[serde(default)]
    pub visit: Visit,
    /// Facts of the dwelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dwelling: Option<Dwelling>,
    /// Hazards seen.
    #[serde(default)]
    pub hazards: Vec<Hazard>,
    /// Hazards known before.
    #[serde(default)]
    pub hazard_updates: Vec<RowUpdate<Hazard>>,
    /// Measurements taken.
    #[serde(default)]
    pub measurements: Vec<Measurement>,
    /// Equipment found.
    #[serde(default)]
    pub equipment: Vec<Equipment>,
    /// Equipment known before.
    #[serde(default)]
    pub equipment_updates: Vec<RowUpdate<Equipment>>,
    /// Adaptations.
    #[serde(default)]
    pub adaptations: Vec<Adaptation>,
    /// Adaptations known before.
    #[serde(default)]
    pub adaptation_updates: Vec<RowUpdate<Adaptation>>,
    /// Clutter by room.
    #[serde(default)]
    pub clutter: Vec<Clutter>,
    /// Alarms found or fitted.
    #[serde(default)]
    pub alarms: Vec<Alarm>,
    /// Alarms known before.
    #[serde(default)]
    pub alarm_updates: Vec<RowUpdate<Alarm>>,
    /// Answers to the questions of a form. What they say of hazards, alarms and the like is recorded with them.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// Flags to raise: that they exist, and whom to ask.
    #[serde(default)]
    pub flags: Vec<Flag>,
    /// People met or known to live there.
    #[serde(default)]
    pub people: Vec<PersonInput>,
}

impl VisitInput {
    /// A visit to a home at which nothing is recorded yet.
    #[must_use]
    pub fn to(property: PropertyRef) -> Self {
        Self {
            property,
            visit: Visit::default(),
            dwelling: None,
            hazards: Vec::new(),
            hazard_updates: Vec::new(),
            measurements: Vec::new(),
            equipment: Vec::new(),
            equipment_updates: Vec::new(),
            adaptations: Vec::new(),
            adaptation_updates: Vec::new(),
            clutter: Vec::new(),
            alarms: Vec::new(),
            alarm_updates: Vec::new(),
            answers: Vec::new(),
            flags: Vec::new(),
            people: Vec::new(),
        }
    }
}

/// What a visit became.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct VisitRecorded {
    /// The property.
    pub property: RecordId,
    /// The row of the visit.
    pub visit: RowId,
    /// The people, in the order they were given.
    pub people: Vec<RecordId>,
}

/// Rows that know which visit they come from, when they were seen and how that is known.
macro_rules! stamp {
    ($rows:expr, $visit:expr, $at:expr) => {
        for (_, row) in &mut $rows {
            row.visit = row.visit.or(Some($visit));
            row.observed_at = row.observed_at.or(Some($at));
            row.source = row.source.take().or(Some(Source::Observed));
        }
    };
    ($rows:expr, $visit:expr) => {
        for (_, row) in &mut $rows {
            row.visit = row.visit.or(Some($visit));
            row.source = row.source.take().or(Some(Source::Observed));
        }
    };
}

impl Visits<'_> {
    /// Saves a visit: all of it, or nothing.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field, the limit and the remedy.
    pub fn record(&self, input: &VisitInput) -> Result<VisitRecorded, ClientError> {
        self.client.write(|draft| {
            let mut input = input.clone();
            answers::follow(draft, &mut input)?;
            let visit = draft.row_id();
            let at: Millis = input.visit.started_at.unwrap_or(draft.now());
            let property = property_of(draft, &input.property)?;
            let state = input.visit.state.take().or(Some(VisitState::Submitted));
            let row = Visit { started_at: Some(at), state, ..input.visit.clone() };
            let people = write_found(draft, (property, visit), at, &input, |edit| edit.create(visit, &row))?;
            Ok(VisitRecorded { property, visit, people })
        })
    }

    /// Says what was seen of a dwelling, at a visit that is being recorded. What visits disagree about is settled by it: whoever says it has
    /// seen it.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field, the limit and the remedy.
    pub fn say_of_dwelling(&self, home: RecordId, said: &Dwelling) -> Result<(), ClientError> {
        self.client.write(|draft| {
            let again = mistaken::said_again(draft.view(home, Class::Home)?.as_ref(), said);
            draft.edit(home, Class::Home, |edit| mistaken::say(edit, &again, said))
        })
    }

    /// The newest first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn list(&self, limit: usize) -> Result<Vec<VisitRow>, ClientError> {
        Ok(lists::list_visits(self.client.lock().store().reader(), limit)?)
    }

    /// Visits that are still being recorded, and those that began today.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn at_hand(&self, limit: usize) -> Result<Vec<VisitRow>, ClientError> {
        let today = Date::of(self.client.now());
        Ok(lists::visits_at_hand(self.client.lock().store().reader(), today.as_str(), limit)?)
    }

    /// One visit's line in lists, if this device knows it.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn find(&self, visit: RowId) -> Result<Option<VisitRow>, ClientError> {
        Ok(lists::visit_of(self.client.lock().store().reader(), visit.0)?)
    }
}

/// The home that is meant; a new one is made.
fn property_of<R: CryptoRng>(draft: &mut Draft<'_, R>, which: &PropertyRef) -> Result<RecordId, WriteError> {
    Ok(match which {
        PropertyRef::Uprn(uprn) => {
            let record = draft.record_of_uprn(uprn)?;
            let known = lists::property_of(draft.device().store().reader(), record.0)?.is_some();
            if !known {
                let property = Property { uprn: Some(uprn.clone()), ..Property::default() };
                draft.edit(record, Class::Index, |edit| edit.put(&property))?;
            }
            record
        }
        PropertyRef::Record(record) => {
            let known = lists::property_of(draft.device().store().reader(), record.0)?;
            known.map(|_| *record).ok_or(WriteError::NoSuchRecord { what: "property" })?
        }
        PropertyRef::Provisional(property) => {
            let record = draft.new_record();
            let property = Property { provisional: Some(true), ..(**property).clone() };
            draft.edit(record, Class::Index, |edit| edit.put(&property))?;
            record
        }
    })
}

/// Writes what a visit found, and by `write_visit` the visit itself: every row says which visit it is of, when it was seen, and how
/// that is known.
fn write_found<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    (property, visit): (RecordId, RowId),
    at: Millis,
    input: &VisitInput,
    mut write_visit: impl FnMut(&mut Edit<'_, '_>) -> Result<(), EditError>,
) -> Result<Vec<RecordId>, WriteError> {
    let mut hazards = with_ids(draft, &input.hazards);
    let mut measurements = with_ids(draft, &input.measurements);
    let mut equipment = with_ids(draft, &input.equipment);
    let mut adaptations = with_ids(draft, &input.adaptations);
    let mut clutter = with_ids(draft, &input.clutter);
    let mut alarms = with_ids(draft, &input.alarms);
    let mut answers = with_ids(draft, &input.answers);
    let reviews = Reviews::of(draft)?;
    let flags = input.flags.iter().map(|flag| reviews.flag(flag)).collect::<Result<Vec<_>, _>>()?;
    let flags = with_ids(draft, &flags);
    stamp!(hazards, visit, at);
    hazards.iter_mut().for_each(|(_, hazard)| reviews.hazard(hazard));
    stamp!(measurements, visit, at);
    stamp!(clutter, visit, at);
    stamp!(alarms, visit, at);
    stamp!(equipment, visit);
    stamp!(adaptations, visit);
    stamp!(answers, visit);
    let again = match &input.dwelling {
        Some(dwelling) => mistaken::said_again(draft.view(property, Class::Home)?.as_ref(), dwelling),
        None => Vec::new(),
    };
    draft.edit(property, Class::Home, |edit| {
        write_visit(edit)?;
        if let Some(dwelling) = &input.dwelling {
            mistaken::say(edit, &again, dwelling)?;
        }
        create_all(edit, &hazards)?;
        create_all(edit, &measurements)?;
        create_all(edit, &equipment)?;
        create_all(edit, &adaptations)?;
        create_all(edit, &clutter)?;
        create_all(edit, &alarms)?;
        create_all(edit, &answers)?;
        update_all(edit, &input.hazard_updates)?;
        update_all(edit, &input.equipment_updates)?;
        update_all(edit, &input.adaptation_updates)?;
        update_all(edit, &input.alarm_updates)
    })?;
    if !flags.is_empty() {
        draft.edit(property, Class::Index, |edit| create_all(edit, &flags))?;
    }
    let people = input.people.iter().map(|person| {
        let mut person = at_this_property(person, property);
        for answer in &mut person.answers {
            answer.visit = answer.visit.or(Some(visit));
            answer.source = answer.source.take().or(Some(Source::Observed));
        }
        record_person(draft, &person)
    });
    people.collect()
}

/// A new person met at a visit lives there unless somewhere else is named.
fn at_this_property(person: &PersonInput, property: RecordId) -> PersonInput {
    let mut person = person.clone();
    if person.record.is_none() && person.occupancies.is_empty() {
        person.occupancies.push(Occupancy { kind: Some(OccupancyKind::Main), ..Occupancy::default() });
    }
    for occupancy in &mut person.occupancies {
        occupancy.property = occupancy.property.or(Some(property.0));
        occupancy.source = occupancy.source.take().or(Some(Source::Observed));
    }
    person
}

fn update_all<T: Row>(edit: &mut Edit<'_, '_>, updates: &[RowUpdate<T>]) -> Result<(), EditError> {
    updates.iter().try_for_each(|update| edit.say(update.row, &update.set))
}
