//! NHS numbers: sealed at once, opened by teams of health and social care with a worker's PIN, every look recorded first. The log
//! refuses a grant of them to any other organisation, so no tablet of a fire service or landlord ever holds their keys.

#[cfg(test)]
mod tests;

use doorstep_protocol::authority::Rights;
use doorstep_protocol::{Class, Millis};

use super::people::known_person;
use super::{Client, ClientError};
use crate::device::{Guarded, RecordId, SealedView};
use crate::records::health_id::{HealthNumber, Trace};
use crate::records::{Edit, EditError, Path, Reading, Row, RowId, Seen};

/// NHS numbers of a device.
pub struct Health<'c> {
    pub(super) client: &'c Client,
}

/// The NHS number of a person, as it is shown. Not serialised, on purpose.
pub struct HealthPage {
    /// The number and how far it was traced; what is in dispute is named in it.
    pub number: Option<Seen<HealthNumber>>,
    /// Attempts to trace it, the latest first.
    pub traces: Vec<Seen<Trace>>,
    /// Envelopes that could not be read here: there may be more than is shown.
    pub left_out: usize,
}

/// What became of a number from another system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberTaken {
    /// It was written, as far as nothing was here.
    Written,
    /// It was here.
    Same,
    /// Something else is here, and was kept.
    Kept,
}

impl NumberTaken {
    fn of(held: &HealthNumber, given: &HealthNumber) -> Self {
        let differs = |held: bool, same: bool| held && !same;
        let number = given.number.is_some() && differs(held.number.is_some(), held.number == given.number);
        let status = given.status.is_some() && differs(held.status.is_some(), held.status == given.status);
        let lacks = given.number.is_some() && held.number.is_none()
            || given.status.is_some() && held.status.is_none()
            || given.traced_at.is_some() && held.traced_at.is_none();
        match (number || status, lacks) {
            (true, _) => Self::Kept,
            (false, true) => Self::Written,
            (false, false) => Self::Same,
        }
    }
}

fn page(seen: SealedView) -> HealthPage {
    let mut traces: Vec<Seen<Trace>> = seen.view.rows(Reading::Shown);
    traces.sort_by_key(|trace| (std::cmp::Reverse(trace.value.traced_at), trace.row));
    HealthPage { number: seen.view.single(Reading::Cautious), traces, left_out: seen.left_out }
}

impl Health<'_> {
    /// Whether this device is in a team that reads NHS numbers, locked or not: where it is not, there is nothing to ask for.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn is_read_here(&self) -> Result<bool, ClientError> {
        let now = self.client.now();
        Ok(self.client.lock().has_class(Class::HealthId, Rights::READ, now)?)
    }

    /// Writes the number, its trace status, or both. Where several numbers or statuses were recorded side by side, this ends
    /// the dispute.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Restricted`]; nothing was saved.
    pub fn set(&self, person: RecordId, number: &HealthNumber) -> Result<(), ClientError> {
        self.write(person, |edit, _| put(edit, number))
    }

    /// Whether this device is in a team that writes NHS numbers, locked or not.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn is_kept_here(&self) -> Result<bool, ClientError> {
        let now = self.client.now();
        Ok(self.client.lock().has_class(Class::HealthId, Rights::WRITE, now)?)
    }

    /// Whether a number could be sealed here now.
    ///
    /// # Errors
    /// [`ClientError::Restricted`] says what stands in the way.
    pub fn check(&self) -> Result<(), ClientError> {
        let now = self.client.now();
        self.client.lock().check_writable(Class::HealthId, now)?;
        Ok(())
    }

    /// Writes what is not known yet of a number from another system; what is here stays.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Restricted`]; nothing was saved.
    pub fn fill(&self, person: RecordId, number: &HealthNumber) -> Result<NumberTaken, ClientError> {
        let mut taken = NumberTaken::Same;
        self.write(person, |edit, _| {
            let held = edit.read::<HealthNumber>(RowId::SINGLE).unwrap_or_default();
            taken = NumberTaken::of(&held, number);
            if held.number.is_some() && taken == NumberTaken::Kept {
                return Ok(());
            }
            put(
                edit,
                &HealthNumber {
                    number: number.number.clone().filter(|_| held.number.is_none()),
                    status: number.status.clone().filter(|_| held.status.is_none()),
                    traced_at: number.traced_at.filter(|_| held.traced_at.is_none()),
                    source: number.source.clone().filter(|_| held.source.is_none()),
                },
            )
        })?;
        Ok(taken)
    }

    /// Records an attempt to trace the number, and what came of it as the number's status, unless a later one is known.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Restricted`]; nothing was saved.
    pub fn trace(&self, person: RecordId, trace: &Trace) -> Result<(), ClientError> {
        let at = trace.traced_at.unwrap_or_else(|| self.client.now());
        let trace = Trace { traced_at: Some(at), ..trace.clone() };
        self.write(person, |edit, row| {
            edit.create(row, &trace)?;
            let known = edit.read::<HealthNumber>(RowId::SINGLE).and_then(|number| number.traced_at);
            if known.is_some_and(|known| known > at) {
                return Ok(());
            }
            put(edit, &HealthNumber { status: trace.status.clone(), traced_at: Some(at), ..HealthNumber::default() })
        })
    }

    fn write(
        &self,
        person: RecordId,
        mut write: impl FnMut(&mut Edit<'_, '_>, RowId) -> Result<(), EditError>,
    ) -> Result<(), ClientError> {
        let now: Millis = self.client.now();
        let mut rng = crate::randomness::os();
        let row = RowId(crate::randomness::id());
        let mut device = self.client.lock();
        known_person(&device, person)?;
        device.write_restricted(person, Class::HealthId, now, &mut rng, |edit| write(edit, row))?;
        Ok(())
    }

    /// Shows the number to an entitled team, for a purpose that its grant names (see [`crate::partnership::purpose`]). That it
    /// was shown is on the audit chain, on disk, when this returns.
    ///
    /// # Errors
    /// [`ClientError::Restricted`]; then nothing is shown.
    pub fn read(&self, person: RecordId, purpose: u16) -> Result<Guarded<HealthPage>, ClientError> {
        let now = self.client.now();
        let mut device = self.client.lock();
        known_person(&device, person)?;
        let seen = device.read_restricted(person, Class::HealthId, purpose, now, &mut crate::randomness::os())?;
        Ok(seen.map(page))
    }
}

/// Sets the fields that are filled, and ends what was in dispute about them.
fn put(edit: &mut Edit<'_, '_>, number: &HealthNumber) -> Result<(), EditError> {
    edit.put(number)?;
    number.entries().into_iter().try_for_each(|entry| {
        let field = entry.field.to_owned();
        let path = Path { collection: HealthNumber::COLLECTION.to_owned(), row: RowId::SINGLE, field };
        edit.resolve(&path, &entry.value)
    })
}
