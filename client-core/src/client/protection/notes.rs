//! What is written down under protection beside places: safeguarding concerns, and notes. It is sealed at once.

use doorstep_protocol::Class;

use super::{Protection, known_person};
use crate::client::ClientError;
use crate::device::RecordId;
use crate::records::protected::{Concern, ProtectedNote};
use crate::records::{Row, RowId};

impl Protection<'_> {
    /// Records a safeguarding concern.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Restricted`]; nothing was saved.
    pub fn add_concern(&self, person: RecordId, concern: &Concern) -> Result<(), ClientError> {
        self.add(person, concern)
    }

    /// Records a note; it is never changed afterwards. When it was seen or said is now, where nothing is said.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Restricted`]; nothing was saved.
    pub fn add_note(&self, person: RecordId, note: &ProtectedNote) -> Result<(), ClientError> {
        let observed_at = note.observed_at.or_else(|| Some(self.client.now()));
        self.add(person, &ProtectedNote { observed_at, ..note.clone() })
    }

    fn add<R: Row>(&self, person: RecordId, row: &R) -> Result<(), ClientError> {
        let now = self.client.now();
        let fresh = RowId(crate::randomness::id());
        let mut device = self.client.lock();
        known_person(&device, person)?;
        device.write_restricted(person, Class::Protected, now, &mut crate::randomness::os(), |edit| {
            edit.create(fresh, row)
        })?;
        Ok(())
    }
}
