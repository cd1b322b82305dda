//! Sealing: what was changed since the last upload becomes envelopes, on disk before any of them is sent.

use std::collections::BTreeMap;

use doorstep_crypto::envelope as sealing;
use doorstep_crypto::keys::{SigningKey, ZoneKey};
use doorstep_protocol::authority::{Authority, Judgement};
use doorstep_protocol::envelope::{Envelope, EnvelopeKind, Header, Keying};
use doorstep_protocol::{Digest32, DocumentId, Epoch, Millis, SeatId, SessionNonce, ZoneId, limits};
use rand_core::CryptoRng;

use super::{Device, DeviceError, Rejudge};
use crate::payload::ChangesPayload;
use crate::replica::reader::{SetAside, Tail, Wait};
use crate::store::envelopes::{self, Arrival, Chained, Standing};
use crate::store::owed::{self, Blocked};
use crate::store::pending::{self, Folded, Pending};
use crate::store::{meta, outbox};

/// Changes sealed in one transaction.
const SEAL_CHANGES_MAX: usize = 4_096;
/// Raw changes in one envelope; deflated they stay far under the longest envelope.
const SEAL_RAW_BYTES_MAX: usize = 512 * 1024;

const _: () = assert!(SEAL_RAW_BYTES_MAX < limits::BATCH_INFLATED_BYTES_MAX);
const _: () = assert!(SEAL_RAW_BYTES_MAX < limits::ENVELOPE_BYTES_MAX);

/// One envelope to be.
struct Batch {
    document: DocumentId,
    zone: ZoneId,
    seat: SeatId,
    session: SessionNonce,
    heads: Vec<Digest32>,
    changes: Vec<Vec<u8>>,
    bytes: usize,
}

impl Device {
    /// Seals what is pending, until nothing is or [`SEAL_CHANGES_MAX`] is reached. Returns how many envelopes were made.
    /// A device that has raised an alarm seals nothing: its identity may be in two places. Its work stays pending, and so
    /// does work for a zone whose key the device does not hold; the rest is sealed.
    ///
    /// # Errors
    /// [`DeviceError`]; then the changes are still pending, or, where the disk failed after the fact, sealed.
    pub fn seal_pending(&mut self, now: Millis, rng: &mut impl CryptoRng) -> Result<usize, DeviceError> {
        let sealed = self.seal_oldest(now, rng);
        self.or_reload(sealed)
    }

    fn seal_oldest(&mut self, now: Millis, rng: &mut impl CryptoRng) -> Result<usize, DeviceError> {
        if meta::alarm(self.store.reader())?.is_some() {
            return Ok(0);
        }
        self.finish_rejudge()?;
        let waiting = self.sealable()?;
        if waiting.is_empty() {
            return Ok(0);
        }
        self.keep_audit_beating(now, rng)?;
        let lacking = waiting.iter().filter(|change| change.folded == Folded::No).map(|change| change.document);
        let folds = self.fold(&lacking.collect())?;
        let seqs: Vec<u64> = waiting.iter().map(|change| change.seq).collect();
        let batches = batches(waiting);
        let authority = self.authority.as_ref().ok_or(DeviceError::NotEnrolled)?;
        let mut tails: BTreeMap<ZoneId, Tail> = BTreeMap::new();
        let mut sealed = Vec::with_capacity(batches.len());
        for batch in &batches {
            let Some((epoch, key)) = self.current_key(batch.zone) else { return Err(DeviceError::NotEnrolled) };
            let tail = tails
                .entry(batch.zone)
                .or_insert_with(|| self.tails.get(&(batch.zone, self.id)).copied().unwrap_or(Tail::START));
            let header = Header {
                kind: EnvelopeKind::Changes,
                keying: Keying::ZoneKey,
                partnership: authority.partnership(),
                zone: batch.zone,
                document: batch.document,
                epoch,
                author: self.id,
                zseq: tail.zseq.next(),
                prev: tail.envelope,
                log_size: authority.size(),
                log_head: authority.head(),
            };
            let payload = ChangesPayload {
                seat: batch.seat,
                wall: now,
                session: batch.session,
                changes: batch.changes.clone(),
                heads: batch.heads.clone(),
            };
            let Some(signer) = self.sealing_key(batch.seat) else { return Err(DeviceError::NotEnrolled) };
            let plain = payload.to_bytes(&header, signer);
            let envelope = sealing::seal(key, &header, &plain, &self.secrets.sign, rng).map_err(DeviceError::from)?;
            *tail = Tail { zseq: header.zseq, envelope: envelope.id() };
            let standing = self.standing_of_own(authority, &envelope, batch.seat)?;
            sealed.push((envelope, standing));
        }
        let author = self.id;
        self.store.write(|transaction| {
            for (envelope, standing) in &sealed {
                let header = envelope.header();
                let arrival = Arrival {
                    id: envelope.id(),
                    zone: header.zone,
                    document: header.document,
                    author,
                    zseq: header.zseq,
                    chained: Chained::Yes,
                    standing: *standing,
                    arrived: now,
                    bytes: envelope.as_bytes(),
                };
                let rank = envelopes::keep(transaction, &arrival)?;
                let place = (header.zone, header.document);
                if *standing != Standing::Applied {
                    owed::owe_document(transaction, header.zone, header.document)?;
                }
                outbox::put(transaction, envelope.id(), rank, place, envelope.as_bytes().len())?;
            }
            for (zone, tail) in &tails {
                envelopes::set_tail(transaction, *zone, author, *tail)?;
            }
            folds.write(transaction)?;
            pending::remove(transaction, &seqs)?;
            Ok::<_, DeviceError>(())
        })?;
        self.folded(&folds);
        if sealed.iter().any(|(_, standing)| *standing != Standing::Applied) {
            self.rejudge = Rejudge::Owed;
        }
        self.tails.extend(tails.into_iter().map(|(zone, tail)| ((zone, author), tail)));
        if sealed.iter().any(|(_, standing)| *standing == Standing::SetAside(SetAside::SeatEnded)) {
            // Nothing waits any more for the keys of who has left.
            self.drop_ended_seats()?;
            self.open_keys()?;
        }
        self.finish_rejudge()?;
        Ok(sealed.len())
    }

    /// What becomes of an envelope that this device has just made: others judge it, so it does, too.
    fn standing_of_own(
        &self,
        authority: &Authority,
        envelope: &Envelope,
        seat: SeatId,
    ) -> Result<Standing, DeviceError> {
        let size = envelope.header().log_size;
        let is_seated = authority.seats().get(&seat).is_some_and(|seat| seat.span.holds_at(size));
        Ok(match authority.judge(envelope.header(), envelope.id()) {
            Judgement::Counts if !is_seated => Standing::SetAside(SetAside::SeatEnded),
            Judgement::Counts | Judgement::LogAhead => {
                match owed::blocked(self.store.reader(), envelope.header().document)? {
                    Blocked::Yes => Standing::Waits(Wait::MissingDependencies),
                    Blocked::No => Standing::Applied,
                }
            }
            Judgement::Quarantined(why) => Standing::SetAside(why.into()),
            Judgement::Erased => Standing::SetAside(SetAside::Erased),
        })
    }
}

impl Device {
    /// The key that signs what is sealed for a seat: its own where it is at hand. For a seat that has ended it is the one this
    /// device was enrolled with: the worker does not come back to unlock it, and what was recorded is not to wait for that. It
    /// counts once an admin takes it in.
    fn sealing_key(&self, seat: SeatId) -> Option<&SigningKey> {
        let ended = || {
            let seat = self.authority.as_ref()?.seats().get(&seat)?;
            (seat.device == self.id && !seat.span.is_open()).then_some(&self.secrets.seat)
        };
        self.seat_key(seat).or_else(ended)
    }

    /// The oldest changes of zones and workers whose keys are at hand, at most [`SEAL_CHANGES_MAX`].
    fn sealable(&self) -> Result<Vec<Pending>, DeviceError> {
        let (mut waiting, mut seq) = (Vec::new(), 0);
        while waiting.len() < SEAL_CHANGES_MAX {
            let page = pending::page_after(self.store.reader(), seq, SEAL_CHANGES_MAX)?;
            let Some(last) = page.last() else { break };
            seq = last.seq;
            let room = SEAL_CHANGES_MAX - waiting.len();
            // What another worker wrote waits for the worker's key.
            let is_sealable =
                |change: &Pending| self.current_key(change.zone).is_some() && self.sealing_key(change.seat).is_some();
            waiting.extend(page.into_iter().filter(is_sealable).take(room));
        }
        Ok(waiting)
    }

    /// The key that new envelopes of a zone are sealed under, if this device holds it.
    fn current_key(&self, zone: ZoneId) -> Option<(Epoch, &ZoneKey)> {
        let epoch = self.authority.as_ref()?.zones().get(&zone)?.epoch();
        Some((epoch, self.keyring.zone(zone, epoch)?))
    }
}

/// One batch for each document, seat and session, in the order in which the first change of each was made.
fn batches(waiting: Vec<Pending>) -> Vec<Batch> {
    let mut open: BTreeMap<(DocumentId, SeatId, SessionNonce), usize> = BTreeMap::new();
    let mut batches: Vec<Batch> = Vec::new();
    for change in waiting {
        let key = (change.document, change.seat, change.session);
        let fits = |at: &usize| {
            batches.get(*at).is_some_and(|batch: &Batch| {
                batch.bytes + change.change.len() <= SEAL_RAW_BYTES_MAX
                    && batch.changes.len() < limits::BATCH_CHANGES_MAX
            })
        };
        let at = match open.get(&key).copied().filter(fits) {
            Some(at) => at,
            None => {
                batches.push(Batch {
                    document: change.document,
                    zone: change.zone,
                    seat: change.seat,
                    session: change.session,
                    heads: Vec::new(),
                    changes: Vec::new(),
                    bytes: 0,
                });
                open.insert(key, batches.len() - 1);
                batches.len() - 1
            }
        };
        if let Some(batch) = batches.get_mut(at) {
            batch.bytes += change.change.len();
            batch.heads = change.heads;
            batch.heads.truncate(limits::PAYLOAD_HEADS_MAX);
            batch.changes.push(change.change);
        }
    }
    batches
}
