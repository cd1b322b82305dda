//! How it stands: what has not been sent, what waits, what was set aside, what was raised as an alarm. Every failure has a
//! state that a person sees.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::authority::Authority;
use doorstep_protocol::envelope::Header;
use doorstep_protocol::{DeviceId, DocumentId, EnvelopeId, Millis, RestoreEpoch, TeamId, ZoneId, ZoneSeq};

use super::{Device, DeviceError, RecordId};
use crate::order::Order as _;
use crate::replica::reader::SetAside;
use crate::store::envelopes::{self, Standing as Kept};
use crate::store::meta::{self, FirstSync};
use crate::store::outbox::{self, Delivery, OutboxCount};
use crate::store::{documents, lists, parts, pending};

/// How the device stands, rolled up.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// Changes on this device that no envelope holds yet.
    pub unsealed_changes: u64,
    /// Envelopes on their way.
    pub outbox: OutboxCount,
    /// Parts of photographs that are on this device only: they travel after everything else.
    pub photograph_parts_to_send: u64,
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
    /// Authors who wrote two different envelopes in one place: their keys may be in two hands.
    pub equivocations: Vec<Equivocation>,
    /// The server went back to a backup, and no admin has said that it was on purpose.
    pub restore_unsigned: bool,
    /// What was raised as an alarm, if anything.
    pub alarm: Option<Alarm>,
}

/// An author wrote more than one envelope in one place of its chain. Both are kept and one counts, the same everywhere. This
/// device goes on; a person has to find out whether the author's tablet was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Equivocation {
    /// The author.
    pub author: DeviceId,
    /// The zone.
    pub zone: ZoneId,
    /// The first place that more than one envelope wants.
    pub zseq: ZoneSeq,
    /// Envelopes that were set aside for it.
    pub set_aside: u64,
}

/// Work that does not count and that an admin of the zone's organisation may take in with one entry.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LateWork {
    /// The zone.
    pub zone: ZoneId,
    /// Who wrote it.
    pub author: DeviceId,
    /// Why it does not count.
    #[serde(skip)]
    pub why: SetAside,
    /// The envelopes, ascending, as an entry that takes them in names them.
    pub envelopes: Vec<EnvelopeId>,
    /// The documents it belongs to, ascending.
    pub documents: Vec<DocumentId>,
    /// When the first of it came, by this device's clock.
    pub first_arrived: Millis,
    /// When the last of it came, by this device's clock.
    pub last_arrived: Millis,
}

/// Why work is set aside that can be taken in.
const ADOPTABLE: [SetAside; 6] = [
    SetAside::PastCut,
    SetAside::NotEntitled,
    SetAside::OtherEpoch,
    SetAside::UnknownAuthor,
    SetAside::Fork,
    SetAside::SeatEnded,
];

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
    /// Its zone, where it can be read.
    pub zone: Option<ZoneId>,
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
            photograph_parts_to_send: parts::count_to_send(reader)?,
            waiting: owed.waiting,
            set_aside: owed.set_aside,
            documents: documents::count(reader)?,
            properties: lists::count_properties(reader)?,
            people: lists::count_people(reader)?,
            documents_in_conflict: documents::in_conflict(reader)?.len(),
            first_sync_complete: meta::first_sync_done(reader)? == FirstSync::Done,
            not_after: self.not_after(),
            unopened_teams: self.unopened_teams()?,
            equivocations: self.equivocations()?,
            restore_unsigned: self.restore_is_unsigned()?,
            alarm: meta::alarm(reader)?.map(|alarm| Alarm(alarm.words)),
        })
    }

    /// Whether the store last met was put back from a backup and the log does not say that it was on purpose.
    fn restore_is_unsigned(&self) -> Result<bool, DeviceError> {
        let Some(met) = meta::store_identity(self.store.reader())? else { return Ok(false) };
        let is_signed = |authority: &Authority| authority.restore_is_signed(met.store, met.restore_epoch);
        Ok(met.restore_epoch > RestoreEpoch(0) && !self.authority.as_ref().is_some_and(is_signed))
    }

    /// How far the work on a record has come: the least of its documents, and not done while a photograph is on its way.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn delivery(&self, record: RecordId) -> Result<Delivery, DeviceError> {
        let mut least = Delivery::Delivered;
        for document in documents::of_record_all(self.store.reader(), record.0)? {
            least = least.max(outbox::delivery(self.store.reader(), document)?);
            if parts::is_owed(self.store.reader(), document)? {
                least = least.max(Delivery::NotSent);
            }
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
            // What was erased is no work for anybody.
            .filter(|kept| kept.standing != Kept::SetAside(SetAside::Erased))
            .map(|kept| {
                let header = Header::parse(&kept.bytes).ok();
                NotApplied {
                    envelope: kept.id,
                    author: header.as_ref().map(|header| header.author),
                    zone: header.as_ref().map(|header| header.zone),
                    standing: kept.standing,
                    arrived: kept.arrived,
                    bytes: kept.bytes.len(),
                }
            })
            .collect())
    }

    /// Late work by zone, author and reason: what an admin decides on, and what the entry that takes it in names.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn late_work(&self) -> Result<Vec<LateWork>, DeviceError> {
        let mut found: BTreeMap<(ZoneId, DeviceId, SetAside), LateWork> = BTreeMap::new();
        for why in ADOPTABLE {
            for kept in envelopes::set_aside(self.store.reader(), why, TRAY_ROWS_MAX)? {
                let Ok(header) = Header::parse(&kept.bytes) else { continue };
                let (zone, author) = (header.zone, header.author);
                let work = found.entry((zone, author, why)).or_insert_with(|| LateWork {
                    zone,
                    author,
                    why,
                    envelopes: Vec::new(),
                    documents: Vec::new(),
                    first_arrived: kept.arrived,
                    last_arrived: kept.arrived,
                });
                work.envelopes.push(kept.id);
                work.documents.push(header.document);
                work.first_arrived = work.first_arrived.min(kept.arrived);
                work.last_arrived = work.last_arrived.max(kept.arrived);
            }
        }
        Ok(found
            .into_values()
            .map(|mut work| {
                work.envelopes.order();
                work.documents.order();
                work.documents.dedup();
                work
            })
            .collect())
    }

    /// Authors who wrote more than one envelope in one place.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn equivocations(&self) -> Result<Vec<Equivocation>, DeviceError> {
        let mut found: BTreeMap<(DeviceId, ZoneId), Equivocation> = BTreeMap::new();
        for kept in envelopes::set_aside(self.store.reader(), SetAside::Fork, TRAY_ROWS_MAX)? {
            let Ok(header) = Header::parse(&kept.bytes) else { continue };
            let (author, zone, zseq) = (header.author, header.zone, header.zseq);
            let first = found.entry((author, zone)).or_insert(Equivocation { author, zone, zseq, set_aside: 0 });
            first.zseq = first.zseq.min(zseq);
            first.set_aside += 1;
        }
        Ok(found.into_values().collect())
    }
}
