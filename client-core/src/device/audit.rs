//! This device's own audit chain. A record, the key of the next one, and what the record is about are one transaction;
//! what is sealed is handed out against the record only.

use doorstep_crypto::audit::{self as macs, AuditKey};
use doorstep_crypto::envelope as sealing;
use doorstep_protocol::envelope::{EnvelopeKind, Header, Keying};
use doorstep_protocol::{Bytes, Digest32, DocumentId, EnvelopeId, Millis};
use rand_core::CryptoRng;
use rusqlite::Transaction;

use super::{Device, DeviceError};
use crate::audit::record::MacedRecord;
use crate::audit::{AuditEvent, AuditRecord, FirstKey};
use crate::replica::reader::Tail;
use crate::store::audit::{self, AuditState};
use crate::store::envelopes::{self, Arrival, Chained, Standing};
use crate::store::{StoreError, meta, outbox, seats};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// A device that seals field work has written an audit record within this time before.
pub(super) const HEARTBEAT_MS: u64 = DAY_MS;

/// A record that is on this device's disk. Made by committing one, and by nothing else.
#[derive(Debug)]
pub struct Recorded {
    envelope: EnvelopeId,
}

/// Something sealed, and the audit record of its being shown. There is no other way to have it than by the record, it is
/// never serialised, and it goes when it is dropped.
pub struct Guarded<T> {
    value: T,
    record: EnvelopeId,
}

impl Recorded {
    /// The record's envelope.
    #[must_use]
    pub const fn envelope(&self) -> EnvelopeId {
        self.envelope
    }

    /// Uses the record up for what it says was shown.
    pub(super) fn guard<T>(self, value: T) -> Guarded<T> {
        Guarded { value, record: self.envelope }
    }
}

impl<T> Guarded<T> {
    /// To be shown, and not kept.
    #[must_use]
    pub const fn show(&self) -> &T {
        &self.value
    }

    /// The record of it.
    #[must_use]
    pub const fn record(&self) -> EnvelopeId {
        self.record
    }

    /// The same record, for a part of it.
    #[must_use]
    pub fn map<U>(self, part: impl FnOnce(T) -> U) -> Guarded<U> {
        Guarded { value: part(self.value), record: self.record }
    }
}

/// One record on its way to disk.
struct Made {
    envelope: doorstep_protocol::envelope::Envelope,
    next: AuditKey,
}

impl Device {
    /// Writes a record, and with it in one transaction whatever `with` writes; a chain that has not begun begins first.
    ///
    /// # Errors
    /// [`DeviceError::NoAudit`] without an audit zone or under an alarm, [`DeviceError`]; then nothing was recorded, or it is
    /// not known whether it was, and nothing may be shown.
    pub(super) fn append_audit(
        &mut self,
        event: AuditEvent,
        now: Millis,
        rng: &mut impl CryptoRng,
        with: impl FnOnce(&Transaction<'_>, EnvelopeId) -> Result<(), StoreError>,
    ) -> Result<Recorded, DeviceError> {
        let appended = self.append(Some(event), now, rng, with);
        self.or_reload(appended)
    }

    fn append(
        &mut self,
        event: Option<AuditEvent>,
        now: Millis,
        rng: &mut impl CryptoRng,
        with: impl FnOnce(&Transaction<'_>, EnvelopeId) -> Result<(), StoreError>,
    ) -> Result<Recorded, DeviceError> {
        if meta::alarm(self.store.reader())?.is_some() {
            return Err(DeviceError::NoAudit);
        }
        let zone = self.authority()?.audit_zone().ok_or(DeviceError::NoAudit)?;
        let slot = (zone, self.id());
        let mut tail = self.tails.get(&slot).copied().unwrap_or(Tail::START);
        let mut made: Vec<Made> = Vec::with_capacity(2);
        let mut key = match audit::state(self.store.reader())? {
            Some(state) => state.next,
            None => {
                let first = AuditKey::make(rng);
                let start = AuditEvent::Start { first: FirstKey(Digest32(*first.expose_bytes())) };
                let one = self.make_record(start, first, &mut tail, now, rng)?;
                let next = AuditKey::from_bytes(*one.next.expose_bytes());
                made.push(one);
                next
            }
        };
        if let Some(event) = event {
            key = self.make_record(event, key, &mut tail, now, rng).map(|one| {
                let next = AuditKey::from_bytes(*one.next.expose_bytes());
                made.push(one);
                next
            })?;
        }
        let last = made.last().map(|one| one.envelope.id()).ok_or(DeviceError::NoAudit)?;
        let marks = seats::clock_marks(self.store.reader())?.seen(now);
        let state = AuditState { next: key, last: now };
        self.store.write(|transaction| {
            for one in &made {
                let header = one.envelope.header();
                let arrival = Arrival {
                    id: one.envelope.id(),
                    zone,
                    document: header.document,
                    author: header.author,
                    zseq: header.zseq,
                    chained: Chained::Yes,
                    standing: Standing::Closed,
                    arrived: now,
                    bytes: one.envelope.as_bytes(),
                };
                let rank = envelopes::keep(transaction, &arrival)?;
                let bytes = one.envelope.as_bytes().len();
                outbox::put(transaction, one.envelope.id(), rank, (zone, header.document), bytes)?;
            }
            envelopes::set_tail(transaction, zone, slot.1, tail)?;
            audit::set_state(transaction, &state)?;
            seats::set_clock_marks(transaction, marks)?;
            with(transaction, last)
        })?;
        self.tails.insert(slot, tail);
        Ok(Recorded { envelope: last })
    }

    fn make_record(
        &self,
        event: AuditEvent,
        key: AuditKey,
        tail: &mut Tail,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<Made, DeviceError> {
        let authority = self.authority()?;
        let zone = authority.audit_zone().ok_or(DeviceError::NoAudit)?;
        let state = authority.zones().get(&zone).ok_or(DeviceError::NoAudit)?;
        let recipient = state.drop_box(state.epoch()).ok_or(DeviceError::NoAudit)?;
        let header = Header {
            kind: EnvelopeKind::Changes,
            keying: Keying::DropBox,
            partnership: authority.partnership(),
            zone,
            // A device's chain is its one document.
            document: DocumentId(self.id().0),
            epoch: state.epoch(),
            author: self.id(),
            zseq: tail.zseq.next(),
            prev: tail.envelope,
            log_size: authority.size(),
            log_head: authority.head(),
        };
        let record = AuditRecord { wall: now, seat: self.seat()?, event }.to_bytes();
        let mac = Digest32(macs::mac(&key, &header, &record).0);
        let held = MacedRecord { record: Bytes(record), mac }.to_bytes();
        let envelope =
            sealing::seal_drop_box(recipient, &header, &held, &self.secrets.sign, rng).map_err(DeviceError::from)?;
        *tail = Tail { zseq: header.zseq, envelope: envelope.id() };
        Ok(Made { envelope, next: key.evolve() })
    }

    /// Whether this device is one that keeps a chain.
    fn keeps_audit(&self) -> Result<bool, DeviceError> {
        let enrolled = self.authority.as_ref().is_some_and(|authority| authority.audit_zone().is_some());
        Ok(enrolled && self.seat().is_ok() && meta::alarm(self.store.reader())?.is_none())
    }

    /// Whether the chain has not begun, though it could: so it is after the answer that brought the log.
    pub(super) fn owes_audit_start(&self) -> Result<bool, DeviceError> {
        Ok(audit::state(self.store.reader())?.is_none() && self.keeps_audit()?)
    }

    /// Before a request: the chain begins with the first one, and says once a day that the device is there.
    pub(super) fn keep_audit_alive(&mut self, now: Millis, rng: &mut impl CryptoRng) -> Result<(), DeviceError> {
        if !self.keeps_audit()? {
            return Ok(());
        }
        match audit::state(self.store.reader())?.map(|state| state.last) {
            None => {
                let begun = self.append(None, now, rng, |_, _| Ok(()));
                self.or_reload(begun).map(|_| ())
            }
            Some(_) => self.keep_audit_beating(now, rng),
        }
    }

    /// Before field work is sealed: a chain that has begun says once a day that the device is there. So who reads the work
    /// knows that a record of that day is missing, if one is.
    pub(super) fn keep_audit_beating(&mut self, now: Millis, rng: &mut impl CryptoRng) -> Result<(), DeviceError> {
        let last = audit::state(self.store.reader())?.map(|state| state.last);
        let is_due = last.is_some_and(|last| now.0.saturating_sub(last.0) >= HEARTBEAT_MS);
        if is_due && self.keeps_audit()? {
            self.append_audit(AuditEvent::Heartbeat, now, rng, |_, _| Ok(()))?;
        }
        Ok(())
    }

    /// Whether the server has answered and not taken an audit record that is older than the policy's days: then nothing that
    /// opens with a worker is shown, until it has.
    pub(super) fn audit_is_stuck(&self, now: Millis) -> Result<bool, DeviceError> {
        let authority = self.authority()?;
        let Some(zone) = authority.audit_zone() else { return Ok(true) };
        let Some(written) = audit::oldest_unsent(self.store.reader(), zone, self.id())? else { return Ok(false) };
        let marks = seats::clock_marks(self.store.reader())?;
        let is_old =
            marks.effective(now).0.saturating_sub(written.0) > u64::from(authority.policy().silent_days) * DAY_MS;
        Ok(is_old && marks.answered.is_some_and(|answered| answered > written))
    }
}
