//! What workers do: overlapping visits at a few homes, by whoever happens to be there, with or without signal.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_client_core::device::{Device, Draft, RecordId, WriteError};
use doorstep_client_core::records::communication::{Need, NeedKind};
use doorstep_client_core::records::function::{Ability, Doing, Level};
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{Dwelling, Hazard, HazardState, Severity, Visit};
use doorstep_client_core::records::identity::{Occupancy, Person};
use doorstep_client_core::records::index::{Flag, FlagKind, Property};
use doorstep_client_core::records::{Class, Date, Reading, Row, RowId, Uprn, conflicts};
use doorstep_protocol::Millis;
use rand_chacha::ChaCha20Rng;

use super::chance::Chance;

/// The homes that everybody visits.
const UPRNS: [&str; 3] = ["100023336956", "100023336957", "10090012345"];
/// Hazards that everybody sees; some are published to crews.
const HAZARDS: [&str; 4] = ["home-oxygen", "dangerous-dog", "exit-blocked", "clutter"];
/// Provisional homes and people together.
const RECORDS_MAX: usize = 12;

/// A row that a device has on disk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recorded {
    /// Of which home or person.
    pub record: RecordId,
    /// In which document of it.
    pub class: Class,
    /// In which collection.
    pub collection: &'static str,
    /// Which row.
    pub row: RowId,
}

/// What the workers know together.
#[derive(Default)]
pub struct Work {
    provisional: Vec<RecordId>,
    people: Vec<RecordId>,
    /// Every row that was saved, by the tablet that saved it.
    pub recorded: BTreeMap<Recorded, usize>,
    /// Documents that were erased: what was recorded in them is nobody's to expect.
    pub erased: BTreeSet<(RecordId, Class)>,
    jobs: u64,
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Saved.
    Saved,
    /// There was nothing to do it on.
    Nothing,
    /// The device could not save.
    Failed,
}

struct Job {
    tablet: usize,
    rows: Vec<Recorded>,
}

impl Job {
    fn create<R: Row>(
        &mut self,
        draft: &mut Draft<'_, ChaCha20Rng>,
        record: RecordId,
        row: &R,
    ) -> Result<RowId, WriteError> {
        let id = draft.row_id();
        draft.edit(record, R::CLASS, |edit| edit.create(id, row))?;
        self.rows.push(Recorded { record, class: R::CLASS, collection: R::COLLECTION, row: id });
        Ok(id)
    }
}

impl Work {
    /// One job on one tablet, drawn from `chance`.
    pub fn one(
        &mut self,
        tablet: usize,
        device: &mut Device,
        own: &mut Chance,
        chance: &mut Chance,
        now: Millis,
    ) -> Done {
        // Not enrolled yet: there is nothing to write with.
        if device.seat().is_err() {
            return Done::Nothing;
        }
        self.jobs += 1;
        let mut job = Job { tablet, rows: Vec::new() };
        let kind = chance.below(14);
        let result = match kind {
            0..=2 => self.hazard(&mut job, device, own, chance, now),
            3 | 12 | 13 => self.dwelling(device, own, chance, now),
            4 => self.flag(&mut job, device, own, chance, now),
            5 => self.visit(&mut job, device, own, chance, now),
            6 => self.provisional(&mut job, device, own, chance, now),
            7 => self.person(&mut job, device, own, chance, now),
            8 => self.needs(&mut job, device, own, chance, now),
            9 => self.hazard_state(device, own, chance, now),
            10 => self.move_out(device, own, chance, now),
            _ => resolve(device, own, chance, now),
        };
        match result {
            Ok(Done::Saved) => {
                self.recorded.extend(job.rows.into_iter().map(|row| (row, job.tablet)));
                Done::Saved
            }
            Ok(done) => done,
            Err(WriteError::Device(_)) => Done::Failed,
            Err(other) => panic!("a job that the rules allow was refused: {other}"),
        }
    }

    fn home(&self, draft: &mut Draft<'_, ChaCha20Rng>, chance: &mut Chance) -> Result<RecordId, WriteError> {
        if !self.provisional.is_empty() && chance.happens(250) {
            let record = *chance.pick(&self.provisional);
            // Only where this tablet has heard of it.
            if draft.device().document_of(record, Class::Index).map_err(WriteError::Device)?.is_some() {
                return Ok(record);
            }
        }
        let uprn: Uprn = chance.pick(&UPRNS).parse().expect("digits");
        let record = draft.record_of_uprn(&uprn)?;
        let property = Property { uprn: Some(uprn), line: Some("1 High Street".into()), ..Property::default() };
        draft.edit(record, Class::Index, |edit| edit.put(&property))?;
        Ok(record)
    }

    fn hazard(
        &self,
        job: &mut Job,
        device: &mut Device,
        own: &mut Chance,
        chance: &mut Chance,
        now: Millis,
    ) -> Result<Done, WriteError> {
        device.write(now, own.rng(), |draft| {
            let record = self.home(draft, chance)?;
            let code = *chance.pick(&HAZARDS);
            let hazard = Hazard {
                scheme: Some(Scheme::FireV1),
                code: Some(code.into()),
                severity: Some(chance.pick(&[Severity::Low, Severity::High, Severity::Emergency]).clone()),
                note: Some(format!("seen on job {}", self.jobs)),
                observed_at: Some(now),
                ..Hazard::default()
            };
            job.create(draft, record, &hazard)?;
            Ok(Done::Saved)
        })
    }

    fn dwelling(
        &self,
        device: &mut Device,
        own: &mut Chance,
        chance: &mut Chance,
        now: Millis,
    ) -> Result<Done, WriteError> {
        device.write(now, own.rng(), |draft| {
            let record = self.home(draft, chance)?;
            let dwelling = Dwelling {
                storeys: Some(chance.between(1, 4) as i64),
                people_inside: Some(chance.between(0, 3) as i64),
                key_safe: Some(chance.happens(500)),
                contact: chance.happens(500).then(|| format!("job {}", self.jobs)),
                ..Dwelling::default()
            };
            draft.edit(record, Class::Home, |edit| edit.put(&dwelling))?;
            Ok(Done::Saved)
        })
    }

    fn flag(
        &self,
        job: &mut Job,
        device: &mut Device,
        own: &mut Chance,
        chance: &mut Chance,
        now: Millis,
    ) -> Result<Done, WriteError> {
        device.write(now, own.rng(), |draft| {
            let record = self.home(draft, chance)?;
            let kind = chance.pick(&[FlagKind::NoVisitAlone, FlagKind::AsbestosPresent, FlagKind::RefusedAccess]);
            job.create(draft, record, &Flag { kind: Some(kind.clone()), ..Flag::default() })?;
            Ok(Done::Saved)
        })
    }

    fn visit(
        &self,
        job: &mut Job,
        device: &mut Device,
        own: &mut Chance,
        chance: &mut Chance,
        now: Millis,
    ) -> Result<Done, WriteError> {
        device.write(now, own.rng(), |draft| {
            let record = self.home(draft, chance)?;
            let visit =
                Visit { started_at: Some(now), purpose: Some(format!("job {}", self.jobs)), ..Visit::default() };
            job.create(draft, record, &visit)?;
            Ok(Done::Saved)
        })
    }

    fn provisional(
        &mut self,
        job: &mut Job,
        device: &mut Device,
        own: &mut Chance,
        chance: &mut Chance,
        now: Millis,
    ) -> Result<Done, WriteError> {
        if self.provisional.len() + self.people.len() >= RECORDS_MAX {
            return self.visit(job, device, own, chance, now);
        }
        let record = device.write(now, own.rng(), |draft| {
            let record = draft.new_record();
            let line = format!("behind number {}", self.jobs);
            let property = Property { provisional: Some(true), line: Some(line), ..Property::default() };
            draft.edit(record, Class::Index, |edit| edit.put(&property))?;
            job.create(draft, record, &Visit { started_at: Some(now), ..Visit::default() })?;
            Ok(record)
        })?;
        self.provisional.push(record);
        Ok(Done::Saved)
    }

    fn person(
        &mut self,
        job: &mut Job,
        device: &mut Device,
        own: &mut Chance,
        chance: &mut Chance,
        now: Millis,
    ) -> Result<Done, WriteError> {
        if self.provisional.len() + self.people.len() >= RECORDS_MAX {
            return self.needs(job, device, own, chance, now);
        }
        let record = device.write(now, own.rng(), |draft| {
            let home = self.home(draft, chance)?;
            let record = draft.new_record();
            let person = Person { preferred_name: Some(format!("Sam {}", self.jobs)), ..Person::default() };
            draft.edit(record, Class::Identity, |edit| edit.put(&person))?;
            let occupancy = Occupancy { property: Some(home.0), from: Some(Date::of(now)), ..Occupancy::default() };
            job.create(draft, record, &occupancy)?;
            Ok(record)
        })?;
        self.people.push(record);
        Ok(Done::Saved)
    }

    /// A person whom this tablet has heard of.
    fn known_person(&self, device: &Device, chance: &mut Chance) -> Result<Option<RecordId>, WriteError> {
        if self.people.is_empty() {
            return Ok(None);
        }
        let person = *chance.pick(&self.people);
        let known = device.document_of(person, Class::Identity).map_err(WriteError::Device)?;
        Ok(known.map(|_| person))
    }

    fn needs(
        &self,
        job: &mut Job,
        device: &mut Device,
        own: &mut Chance,
        chance: &mut Chance,
        now: Millis,
    ) -> Result<Done, WriteError> {
        let Some(person) = self.known_person(device, chance)? else { return Ok(Done::Nothing) };
        device.write(now, own.rng(), |draft| {
            if chance.happens(500) {
                let kind = chance.pick(&[NeedKind::BritishSignLanguage, NeedKind::TimeToDoor, NeedKind::LargePrint]);
                job.create(draft, person, &Need { kind: Some(kind.clone()), ..Need::default() })?;
                return Ok(Done::Saved);
            }
            let what = chance.pick(&[Doing::Stairs, Doing::Hear, Doing::SelfEvacuate]).clone();
            let level = chance.pick(&[Level::Cannot, Level::WithHelp, Level::Independent]).clone();
            let ability = Ability { what: Some(what), level: Some(level), ..Ability::default() };
            match job.create(draft, person, &ability) {
                Ok(_) => Ok(Done::Saved),
                // A landlord's tablet has no key of this class.
                Err(WriteError::Device(doorstep_client_core::device::DeviceError::NoZone { .. })) => Ok(Done::Nothing),
                Err(other) => Err(other),
            }
        })
    }

    fn hazard_state(
        &self,
        device: &mut Device,
        own: &mut Chance,
        chance: &mut Chance,
        now: Millis,
    ) -> Result<Done, WriteError> {
        device.write(now, own.rng(), |draft| {
            let record = self.home(draft, chance)?;
            let Some(view) = draft.view(record, Class::Home)? else { return Ok(Done::Nothing) };
            let rows: Vec<RowId> = view.rows::<Hazard>(Reading::Shown).into_iter().map(|seen| seen.row).collect();
            if rows.is_empty() {
                return Ok(Done::Nothing);
            }
            let row = *chance.pick(&rows);
            let state = chance.pick(&[HazardState::MadeSafe, HazardState::Resolved, HazardState::ActionAgreed]);
            let change = Hazard { state: Some(state.clone()), ..Hazard::default() };
            draft.edit(record, Class::Home, |edit| edit.update(row, &change))?;
            Ok(Done::Saved)
        })
    }

    fn move_out(
        &self,
        device: &mut Device,
        own: &mut Chance,
        chance: &mut Chance,
        now: Millis,
    ) -> Result<Done, WriteError> {
        let Some(person) = self.known_person(device, chance)? else { return Ok(Done::Nothing) };
        device.write(now, own.rng(), |draft| {
            let Some(view) = draft.view(person, Class::Identity)? else { return Ok(Done::Nothing) };
            let open: Vec<_> = view.rows::<Occupancy>(Reading::Shown);
            let Some(seen) = open.first() else { return Ok(Done::Nothing) };
            // Clocks differ: nobody moves out before they moved in.
            let today = Date::of(now);
            let until = seen.value.from.clone().filter(|from| *from > today).unwrap_or(today);
            let change = Occupancy { to: Some(until), ..Occupancy::default() };
            let row = seen.row;
            draft.edit(person, Class::Identity, |edit| edit.update(row, &change))?;
            Ok(Done::Saved)
        })
    }
}

/// The record of one of the homes that everybody visits, as a device names it.
#[must_use]
pub fn home_of(device: &Device, number: usize) -> Option<RecordId> {
    let uprn: Uprn = UPRNS.get(number)?.parse().expect("digits");
    device.record_of_uprn(&uprn).ok()
}

/// Somebody ends a dispute that this tablet shows.
fn resolve(device: &mut Device, own: &mut Chance, chance: &mut Chance, now: Millis) -> Result<Done, WriteError> {
    let uprn: Uprn = chance.pick(&UPRNS).parse().expect("digits");
    let record = device.record_of_uprn(&uprn).map_err(WriteError::Device)?;
    device.write(now, own.rng(), |draft| {
        let class = *chance.pick(&[Class::Home, Class::Index]);
        draft.record_of_uprn(&uprn)?;
        let Some(view) = draft.view(record, class)? else { return Ok(Done::Nothing) };
        let disputes = conflicts(&view);
        if disputes.is_empty() {
            return Ok(Done::Nothing);
        }
        let dispute = chance.pick(&disputes);
        let chosen = chance.pick(&dispute.values).value.clone();
        draft.edit(record, class, |edit| edit.resolve(&dispute.path, &chosen))?;
        Ok(Done::Saved)
    })
}
