//! How it stands: what has not been sent, what waits, what was set aside, what was raised as an alarm. Every failure has a
//! state that a person sees.

use std::collections::BTreeSet;

use doorstep_protocol::envelope::Header;
use doorstep_protocol::{DeviceId, EnvelopeId, Millis, TeamId};

use super::{Device, DeviceError, RecordId};
use crate::store::envelopes::{self, Standing as Kept};
use crate::store::meta::{self, FirstSync};
use crate::store::outbox::{self, Delivery, OutboxCount};
use crate::store::{documents, lists, pending};

/// How the device stands, rolled up.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// Changes on this device that no envelope holds yet.
    pub unsealed_changes: u64,
    /// Envelopes on their way.
    pub outbox: OutboxCount,
    /// Envelopes that wait for a key, a log entry or another envelope.
    pub waiting: u64,
    /// Envelopes set aside for a person.
    pub set_aside: u64,
    /// Documents on this device.
    pub documents: u64,
    /// Properties on this device.
    pub properties: u64,
    /// People on this device.
    pub people: u64,
    /// Documents in which values disagree.
    pub documents_in_conflict: usize,
    /// Whether the first catch-up is complete.
    pub first_sync_complete: bool,
    /// When this device's time is over; never, when null.
    pub not_after: Option<Millis>,
    /// Teams whose key came to this device and does not open here.
    pub unopened_teams: BTreeSet<TeamId>,
    /// What was raised as an alarm, if anything.
    pub alarm: Option<Alarm>,
}

/// What has not been sent or could not be taken: cheap to ask, whatever the size of the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// Changes on this device that no envelope holds yet.
    pub unsealed_changes: u64,
    /// Envelopes on their way.
    pub outbox: OutboxCount,
    /// Envelopes that wait for a key, a log entry or another envelope.
    pub waiting: u64,
    /// Envelopes set aside for a person.
    pub set_aside: u64,
}

/// Something that a person has to deal with before this device syncs again.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Alarm(pub String);

/// An envelope that is not in a document, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotApplied {
    /// The envelope.
    pub envelope: EnvelopeId,
    /// Its author, where it can be read.
    pub author: Option<DeviceId>,
    /// Why.
    pub standing: Kept,
    /// When it came, by this device's clock.
    pub arrived: Millis,
    /// How long it is.
    pub bytes: usize,
}

/// Rows of the tray at most.
const TRAY_ROWS_MAX: usize = 1_000;

impl Device {
    /// What has not been sent or could not be taken.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn owed(&self) -> Result<Owed, DeviceError> {
        let reader = self.store.reader();
        let (waiting, set_aside) = envelopes::count_not_applied(reader)?;
        Ok(Owed { unsealed_changes: pending::count(reader)?, outbox: outbox::count(reader)?, waiting, set_aside })
    }

    /// How the device stands. Counts whole tables: for a screen, not for every exchange.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn standing(&self) -> Result<Standing, DeviceError> {
        let reader = self.store.reader();
        let owed = self.owed()?;
        Ok(Standing {
            unsealed_changes: owed.unsealed_changes,
            outbox: owed.outbox,
            waiting: owed.waiting,
            set_aside: owed.set_aside,
            documents: documents::count(reader)?,
            properties: lists::count_properties(reader)?,
            people: lists::count_people(reader)?,
            documents_in_conflict: documents::in_conflict(reader)?.len(),
            first_sync_complete: meta::first_sync_done(reader)? == FirstSync::Done,
            not_after: self.not_after(),
            unopened_teams: self.unopened_teams()?,
            alarm: meta::alarm(reader)?.map(|alarm| Alarm(alarm.words)),
        })
    }

    /// How far the work on a record has come: the least of its documents.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn delivery(&self, record: RecordId) -> Result<Delivery, DeviceError> {
        let mut least = Delivery::Delivered;
        for document in documents::of_record_all(self.store.reader(), record.0)? {
            least = least.max(outbox::delivery(self.store.reader(), document)?);
        }
        Ok(least)
    }

    /// The tray: envelopes that wait or were set aside, kept with their reason.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn tray(&self) -> Result<Vec<NotApplied>, DeviceError> {
        let kept = envelopes::not_applied(self.store.reader(), TRAY_ROWS_MAX)?;
        Ok(kept
            .into_iter()
            .map(|kept| NotApplied {
                envelope: kept.id,
                author: Header::parse(&kept.bytes).ok().map(|header| header.author),
                standing: kept.standing,
                arrived: kept.arrived,
                bytes: kept.bytes.len(),
            })
            .collect())
    }
}
