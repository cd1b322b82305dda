//! Compartments that open with a worker: sealed when they are saved, built in memory from their envelopes when they are
//! read, and never written down in any other form. There are few, and each costs its envelopes.

use std::collections::BTreeMap;

use doorstep_crypto::envelope as sealing;
use doorstep_crypto::keys::ZoneKey;
use doorstep_crypto::locator::locator;
use doorstep_protocol::authority::{Authority, Judgement, Rights};
use doorstep_protocol::envelope::{Envelope, EnvelopeKind, Header, Keying};
use doorstep_protocol::{ActorId, Class, Digest32, DocumentId, Epoch, Millis, ZoneId, hash, limits};
use rand_core::CryptoRng;
use rusqlite::Transaction;

use super::apply::apply_batch;
use super::audit::Guarded;
use super::glass::GlassError;
use super::locate::Located;
use super::unlock::UnlockError;
use super::{Device, DeviceError, RecordId};
use crate::audit::AuditEvent;
use crate::payload::ChangesPayload;
use crate::records::{Document, DocumentView, Edit, EditError, is_worker_locked, view};
use crate::replica::reader::{self, Checked, Opened, Tail};
use crate::store::envelopes::{self, Arrival, Chained, Standing};
use crate::store::{StoreError, lists, meta, outbox, seats};

/// Rounds in which batches that build on others find their place.
const ROUNDS_MAX: usize = 64;

/// Why something that opens with a worker was not shown or not saved.
#[derive(Debug, thiserror::Error)]
pub enum RestrictedError {
    /// The device cannot.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A value may not be written.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// Nobody has unlocked the device.
    #[error("this opens with a worker's PIN: unlock the device first. The firebox needs no PIN")]
    Locked,
    /// The lease is over, or the clock went back.
    #[error(transparent)]
    Lease(UnlockError),
    /// The class does not open this way.
    #[error("documents of class {class} open with the device, not with a worker")]
    OpensWithDevice {
        /// The class.
        class: Class,
    },
    /// No grant of this device's teams allows it.
    #[error("no grant lets this device read {class} here for this purpose: ask an admin")]
    NotEntitled {
        /// The class.
        class: Class,
    },
    /// The audit chain cannot be written.
    #[error(
        "what is sealed is shown only where its being read can be recorded: an admin sets up the audit zone, or deals \
             with this device's alarm. The firebox goes on working"
    )]
    NoAudit,
    /// The server has not taken the audit records.
    #[error(
        "the server has not taken this device's record of who read what for {days} days: sync, and if that does not help \
         tell an admin. The firebox goes on working"
    )]
    AuditStuck {
        /// The policy's days.
        days: u16,
    },
    /// There is nothing sealed about this home here.
    #[error("this device holds nothing sealed about this home")]
    Nothing,
    /// The glass.
    #[error(transparent)]
    Glass(#[from] GlassError),
}

impl From<StoreError> for RestrictedError {
    fn from(error: StoreError) -> Self {
        Self::Device(error.into())
    }
}

impl From<UnlockError> for RestrictedError {
    fn from(error: UnlockError) -> Self {
        match error {
            UnlockError::Device(error) => Self::Device(error),
            other => Self::Lease(other),
        }
    }
}

/// A document that was put together in memory.
pub(super) struct Built {
    pub(super) document: Document,
    authors: BTreeMap<ActorId, view::Author>,
    /// Envelopes in it.
    pub(super) applied: usize,
    /// Envelopes of it that did not open, do not count, or wait for others.
    pub(super) left_out: usize,
}

/// A sealed document as it is shown.
#[derive(Clone, Debug)]
pub struct SealedView {
    /// What it says, with who and when.
    pub view: DocumentView,
    /// Envelopes of it that could not be read here: what is shown may be incomplete.
    pub left_out: usize,
}

impl Built {
    pub(super) fn view(&self) -> SealedView {
        let view = view::read(&self.document, &|actor| self.authors.get(&actor).cloned());
        SealedView { view, left_out: self.left_out }
    }
}

impl Device {
    /// What must hold before anything that opens with a worker is shown. Returns the time that ends count by.
    ///
    /// # Errors
    /// [`RestrictedError`]; when the lease is over, the keys have left memory.
    pub(super) fn may_show(&mut self, now: Millis) -> Result<Millis, RestrictedError> {
        let effective = self.may_open(now)?;
        if meta::alarm(self.store.reader())?.is_some() || self.authority()?.audit_zone().is_none() {
            return Err(RestrictedError::NoAudit);
        }
        if self.audit_is_stuck(now)? {
            return Err(RestrictedError::AuditStuck { days: self.authority()?.policy().silent_days });
        }
        Ok(effective)
    }

    /// What must hold before keys that open with a worker are used.
    pub(super) fn may_open(&mut self, now: Millis) -> Result<Millis, RestrictedError> {
        if !self.is_unlocked() {
            return Err(RestrictedError::Locked);
        }
        match self.check_lease(now) {
            Ok(marks) => {
                self.touch(now);
                Ok(marks.effective(now))
            }
            Err(error) => {
                self.forget_unlocked()?;
                Err(error.into())
            }
        }
    }

    /// Whether a team of this device has rights in some zone of a class at `now`, whether or not its keys are open.
    ///
    /// # Errors
    /// [`DeviceError::NotEnrolled`].
    pub fn has_class(&self, class: Class, rights: Rights, now: Millis) -> Result<bool, DeviceError> {
        let authority = self.authority()?;
        let mut of_class = authority.zones().iter().filter(|(_, zone)| zone.class == class);
        Ok(of_class.any(|(id, _)| authority.has_rights(self.id(), *id, rights, now)))
    }

    /// Shows a document of a record to a team that is entitled to read it, for a purpose that its grant names. That it was
    /// shown is on the audit chain, on disk, when this returns.
    ///
    /// # Errors
    /// [`RestrictedError`]; then nothing is shown.
    pub fn read_restricted(
        &mut self,
        record: RecordId,
        class: Class,
        purpose: u16,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<Guarded<SealedView>, RestrictedError> {
        if !is_worker_locked(class) {
            return Err(RestrictedError::OpensWithDevice { class });
        }
        let effective = self.may_show(now)?;
        let document = self.closed_document(record, class, effective)?;
        let authority = self.authority()?;
        let entitled = |zone: ZoneId| may_read(authority, self.id(), zone, purpose, effective);
        let zones: Vec<ZoneId> =
            authority.zones().iter().filter(|(id, z)| z.class == class && entitled(**id)).map(|(id, _)| *id).collect();
        if zones.is_empty() {
            return Err(RestrictedError::NotEntitled { class });
        }
        if envelopes::closed_of(self.store.reader(), document)?.is_empty() {
            return Err(RestrictedError::Nothing);
        }
        let event = AuditEvent::ReadWithPurpose { document, class, purpose };
        let recorded = self.append_audit(event, now, rng, |_, _| Ok(())).map_err(no_audit)?;
        let key = |zone: ZoneId, epoch| self.keyring.zone(zone, epoch).filter(|_| zones.contains(&zone));
        let built = self.build(class, document, &key)?;
        Ok(recorded.guard(built.view()))
    }

    /// Changes a document of a record that opens with a worker, making it if there is none. It is sealed when this returns,
    /// and nothing of it is on disk in any other form.
    ///
    /// # Errors
    /// [`RestrictedError`]; nothing was saved.
    pub fn write_restricted(
        &mut self,
        record: RecordId,
        class: Class,
        now: Millis,
        rng: &mut impl CryptoRng,
        write: impl FnMut(&mut Edit<'_, '_>) -> Result<(), EditError>,
    ) -> Result<(), RestrictedError> {
        if !is_worker_locked(class) {
            return Err(RestrictedError::OpensWithDevice { class });
        }
        let mut document = self.open_to_write(record, class, now)?;
        let Some(made) = self.seal_edit(&mut document, None, now, rng, write)? else { return Ok(()) };
        let kept = self.store.write(|transaction| keep_sealed(transaction, &made, now));
        self.or_reload(kept.map_err(DeviceError::from))?;
        self.tails.insert((made.zone, self.id), made.tail);
        Ok(())
    }

    /// What must hold before a document that opens with a worker is written. Returns the time that ends count by.
    ///
    /// # Errors
    /// [`RestrictedError`].
    pub fn check_writable(&mut self, class: Class, now: Millis) -> Result<Millis, RestrictedError> {
        self.check_term(class, now)?;
        let effective = self.may_open(now)?;
        if meta::alarm(self.store.reader())?.is_some() {
            return Err(RestrictedError::NoAudit);
        }
        let zone = self.place(class, None)?.zone;
        if !self.authority()?.has_rights(self.id(), zone, Rights::WRITE, effective) {
            return Err(RestrictedError::NotEntitled { class });
        }
        Ok(effective)
    }

    /// A document of a record that opens with a worker, to write behind what is there: it is not shown.
    pub(super) fn open_to_write(
        &mut self,
        record: RecordId,
        class: Class,
        now: Millis,
    ) -> Result<Document, RestrictedError> {
        let effective = self.check_writable(class, now)?;
        let document = self.closed_document(record, class, effective)?;
        Ok(self.build(class, document, &|zone, epoch| self.keyring.zone(zone, epoch))?.document)
    }

    /// Makes one change of such a document, sealed, after `tail` if something of its zone is on its way to disk itself. Nothing is
    /// on disk yet; `None` when nothing changes.
    pub(super) fn seal_edit(
        &self,
        document: &mut Document,
        tail: Option<Tail>,
        now: Millis,
        rng: &mut impl CryptoRng,
        write: impl FnMut(&mut Edit<'_, '_>) -> Result<(), EditError>,
    ) -> Result<Option<Sealed>, RestrictedError> {
        let id = document.id();
        let changes = document.edit(hash::actor_id(self.id(), id, self.session), now, write)?;
        if changes.is_empty() {
            return Ok(None);
        }
        let zone = self.place(document.class(), None)?.zone;
        let tail = tail.or_else(|| self.tails.get(&(zone, self.id())).copied()).unwrap_or(Tail::START);
        let envelope = self.seal_closed((zone, tail), changes, document, now, rng)?;
        let tail = Tail { zseq: envelope.header().zseq, envelope: envelope.id() };
        Ok(Some(Sealed { zone, document: id, envelope, tail }))
    }

    fn seal_closed(
        &self,
        (zone, tail): (ZoneId, Tail),
        changes: Vec<Vec<u8>>,
        after: &Document,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<Envelope, DeviceError> {
        let seat = self.seat()?;
        let authority = self.authority()?;
        let epoch = authority.zones().get(&zone).map(|z| z.epoch()).ok_or(DeviceError::NotEnrolled)?;
        let header = Header {
            kind: EnvelopeKind::Changes,
            keying: Keying::ZoneKey,
            partnership: authority.partnership(),
            zone,
            document: after.id(),
            epoch,
            author: self.id(),
            zseq: tail.zseq.next(),
            prev: tail.envelope,
            log_size: authority.size(),
            log_head: authority.head(),
        };
        let mut heads: Vec<Digest32> = after.heads().iter().map(|head| Digest32(head.0)).collect();
        heads.truncate(limits::PAYLOAD_HEADS_MAX);
        let payload = ChangesPayload { seat, wall: now, session: self.session, changes, heads };
        let (Some(key), Some(signer)) = (self.keyring.zone(zone, epoch), self.seat_key(seat)) else {
            return Err(DeviceError::NotEnrolled);
        };
        let plain = payload.to_bytes(&header, signer);
        sealing::seal(key, &header, &plain, &self.secrets.sign, rng).map_err(DeviceError::from)
    }

    /// The document of a record in a class that stays sealed: located like every other, by the zone's owner.
    pub(super) fn closed_document(
        &self,
        record: RecordId,
        class: Class,
        now: Millis,
    ) -> Result<DocumentId, DeviceError> {
        let no_zone = DeviceError::NoZone { class };
        let authority = self.authority()?;
        let held = authority.zones().iter().find(|(id, zone)| {
            zone.class == class
                && (authority.may_hold(self.id(), **id, now)
                    || authority.has_rights(self.id(), **id, Rights::WRITE, now))
        });
        let Some((_, zone)) = held else { return Err(no_zone) };
        let uprn = lists::property_of(self.store.reader(), record.0)?.and_then(|row| row.uprn);
        let by_uprn = uprn.filter(|uprn| {
            // A property that was provisional keeps its documents when it is given a UPRN.
            self.document_id(&Located::ByUprn(uprn), Class::Index).ok() == Some(record.0)
        });
        let text = by_uprn.unwrap_or_else(|| format!("record {record}"));
        let Some(key) = self.keyring.locator(class, zone.organisation) else { return Err(no_zone) };
        locator(key, class.as_str(), &text).map_err(|_| no_zone)
    }

    /// Puts a document together from the envelopes on disk that open under `key` and count. One that does not is left out,
    /// and counted.
    pub(super) fn build<'k>(
        &self,
        class: Class,
        id: DocumentId,
        key: &dyn Fn(ZoneId, Epoch) -> Option<&'k ZoneKey>,
    ) -> Result<Built, DeviceError> {
        let authority = self.authority()?;
        let document = Document::genesis(class, id).map_err(DeviceError::Document)?;
        let mut built = Built { document, authors: BTreeMap::new(), applied: 0, left_out: 0 };
        let mut batches = Vec::new();
        for kept in envelopes::closed_of(self.store.reader(), id)? {
            match open_one(authority, kept.bytes, key) {
                Some(opened) => batches.push(opened),
                None => built.left_out += 1,
            }
        }
        for _ in 0..ROUNDS_MAX {
            let before = batches.len();
            batches.retain(|(header, payload)| {
                let actor = hash::actor_id(header.author, id, payload.session);
                let applied = apply_batch(&mut built.document, payload, actor).0 == Standing::Applied;
                if applied {
                    let author = view::Author { device: header.author, seat: Some(payload.seat) };
                    built.authors.insert(actor, author);
                    built.applied += 1;
                }
                !applied
            });
            if batches.is_empty() || batches.len() == before {
                break;
            }
        }
        built.left_out += batches.len();
        Ok(built)
    }
}

/// A change of a document that opens with a worker, sealed and on its way to disk.
pub(super) struct Sealed {
    pub(super) zone: ZoneId,
    document: DocumentId,
    envelope: Envelope,
    pub(super) tail: Tail,
}

/// Writes a sealed change, and what follows from it for sending.
pub(super) fn keep_sealed(transaction: &Transaction<'_>, made: &Sealed, now: Millis) -> Result<(), StoreError> {
    let marks = seats::clock_marks(transaction)?.seen(now);
    let arrival = Arrival {
        id: made.envelope.id(),
        zone: made.zone,
        document: made.document,
        author: made.envelope.header().author,
        zseq: made.tail.zseq,
        chained: Chained::Yes,
        standing: Standing::Closed,
        arrived: now,
        bytes: made.envelope.as_bytes(),
    };
    let rank = envelopes::keep(transaction, &arrival)?;
    let bytes = made.envelope.as_bytes().len();
    outbox::put(transaction, made.envelope.id(), rank, (made.zone, made.document), bytes)?;
    envelopes::set_tail(transaction, made.zone, arrival.author, made.tail)?;
    seats::set_clock_marks(transaction, marks)
}

/// Opens one kept envelope, checked again from its signature on: the log may have grown since it came.
fn open_one<'k>(
    authority: &Authority,
    bytes: Vec<u8>,
    key: &dyn Fn(ZoneId, Epoch) -> Option<&'k ZoneKey>,
) -> Option<(Header, ChangesPayload)> {
    let Checked::Signed(verified) = reader::check(authority, Envelope::parse(bytes).ok()?) else { return None };
    let header = verified.header().clone();
    if authority.judge(&header, verified.id()) != Judgement::Counts {
        return None;
    }
    match reader::open_under(authority, key(header.zone, header.epoch)?, &verified) {
        Opened::Changes(payload) => Some((header, payload)),
        _ => None,
    }
}

/// Whether a team of the device may read a zone at `now` for a purpose.
fn may_read(
    authority: &Authority,
    device: doorstep_protocol::DeviceId,
    zone: ZoneId,
    purpose: u16,
    now: Millis,
) -> bool {
    authority.has_rights(device, zone, Rights::READ, now)
        && authority.grants_of(zone).any(|state| {
            state.span.is_open()
                && state.grant.rights.contains(Rights::READ)
                && state.grant.purposes.contains(&purpose)
                && state.grant.expires.is_none_or(|expires| now <= expires)
                && authority.teams().get(&state.grant.team).is_some_and(|team| team.is_member(device))
        })
}

/// A record that was not written is why nothing is shown.
pub(super) fn no_audit(error: DeviceError) -> RestrictedError {
    match error {
        DeviceError::NoAudit => RestrictedError::NoAudit,
        other => RestrictedError::Device(other),
    }
}
