//! What is sealed about a home: written by entitled teams, read by them for a purpose, and by crews behind a broken glass.
//! Whatever is shown comes as [`Guarded`]: its audit record is on disk already. There is no export.

mod input;

use doorstep_protocol::{Class, EnvelopeId, Millis};

use super::{Client, ClientError};
use crate::device::{GlassPlea, Guarded, RecordId, SealedView};
use crate::records::sealed::{Entry, Pointer, Violence};
use crate::records::{Reading, RowId, Seen};

/// What is sealed.
pub struct Glass<'c> {
    pub(super) client: &'c Client,
}

/// A glass that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct GlassBroken {
    /// The audit record of it.
    pub record: EnvelopeId,
    /// Until when it shows.
    pub until: Millis,
}

/// A glass that is open now: which home, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OpenGlass {
    /// The home.
    pub property: RecordId,
    /// Until when it shows.
    pub until: Millis,
}

/// What is sealed about a home, as it is shown. Not serialised, on purpose.
pub struct SealedPage {
    /// Warnings of violence.
    pub violence: Vec<Seen<Violence>>,
    /// Ways in.
    pub entries: Vec<Seen<Entry>>,
    /// Who knows more.
    pub pointers: Vec<Seen<Pointer>>,
    /// Envelopes that could not be read here: there may be more than is shown.
    pub left_out: usize,
}

/// What is to be sealed about a home.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SealedInput {
    /// Warnings of violence.
    pub violence: Vec<Violence>,
    /// Ways in.
    pub entries: Vec<Entry>,
    /// Who knows more.
    pub pointers: Vec<Pointer>,
}

fn page(seen: SealedView) -> SealedPage {
    SealedPage {
        violence: seen.view.rows(Reading::Cautious),
        entries: seen.view.rows(Reading::Cautious),
        pointers: seen.view.rows(Reading::Cautious),
        left_out: seen.left_out,
    }
}

impl Glass<'_> {
    /// Seals what is new about a home. It is sealed on disk when this returns, and nowhere in the open.
    ///
    /// # Errors
    /// [`ClientError::Restricted`].
    pub fn seal(&self, record: RecordId, input: &SealedInput) -> Result<(), ClientError> {
        let now = self.client.now();
        let mut rng = crate::randomness::os();
        let row = || RowId(crate::randomness::id());
        self.client.lock().write_restricted(record, Class::Sealed, now, &mut rng, |edit| {
            input.violence.iter().try_for_each(|one| edit.create(row(), one))?;
            input.entries.iter().try_for_each(|one| edit.create(row(), one))?;
            input.pointers.iter().try_for_each(|one| edit.create(row(), one))
        })?;
        Ok(())
    }

    /// Shows what is sealed to an entitled team, for a purpose that its grant names (see
    /// [`crate::partnership::purpose`]).
    ///
    /// # Errors
    /// [`ClientError::Restricted`]; then nothing is shown.
    pub fn read(&self, record: RecordId, purpose: u16) -> Result<Guarded<SealedPage>, ClientError> {
        let now = self.client.now();
        let mut rng = crate::randomness::os();
        let seen = self.client.lock().read_restricted(record, Class::Sealed, purpose, now, &mut rng)?;
        Ok(seen.map(page))
    }

    /// Breaks the glass of one home, with or without signal. The record of it is on disk when this returns.
    ///
    /// # Errors
    /// [`ClientError::Restricted`]; then the glass is whole.
    pub fn break_glass(&self, record: RecordId, plea: &GlassPlea) -> Result<GlassBroken, ClientError> {
        let now = self.client.now();
        let broken = self.client.lock().break_glass(record, plea, now, &mut crate::randomness::os())?;
        Ok(GlassBroken { record: broken.record(), until: broken.until() })
    }

    /// Shows what is sealed about a home whose glass is broken.
    ///
    /// # Errors
    /// [`ClientError::Restricted`]; then nothing is shown.
    pub fn show(&self, record: RecordId) -> Result<Guarded<SealedPage>, ClientError> {
        let now = self.client.now();
        let seen = self.client.lock().read_behind_glass(record, now, &mut crate::randomness::os())?;
        Ok(seen.map(page))
    }

    /// The glasses that are open on this device now. It shows nothing of what is behind them, so it leaves no audit record.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn open_now(&self) -> Result<Vec<OpenGlass>, ClientError> {
        let now = self.client.now();
        let device = self.client.lock();
        let rows = crate::store::seats::open_glasses(device.store().reader(), now)?;
        let mut open: Vec<OpenGlass> = Vec::with_capacity(rows.len());
        // A glass that was broken twice ends with the later of the two.
        for row in rows.into_iter().rev() {
            if !open.iter().any(|known| known.property.0 == row.property) {
                open.push(OpenGlass { property: RecordId(row.property), until: row.until });
            }
        }
        Ok(open)
    }

    /// Closes the glass of a home before its time.
    ///
    /// # Errors
    /// [`ClientError::Restricted`].
    pub fn close(&self, record: RecordId) -> Result<(), ClientError> {
        let now = self.client.now();
        Ok(self.client.lock().close_glass(record, now, &mut crate::randomness::os())?)
    }
}
