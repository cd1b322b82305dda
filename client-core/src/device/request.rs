//! What a device asks: how far it has read, and what it brings. And what it makes of a session's first answer.

use doorstep_protocol::wire::{Cursor, SessionAnswer, SyncRequest};
use doorstep_protocol::{Bytes, EnvelopeId, FeedNumber, LogHash, LogSize, Millis, ZoneId, ZoneSeq, limits};
use rand_core::CryptoRng;

use super::{Device, DeviceError};
use crate::replica::machine::Stop;
use crate::store::meta::{self, StoreIdentity};
use crate::store::{envelopes, feeds, outbox, parts};

/// Envelopes in one request; the rest of its limit is for cursors and framing.
const REQUEST_ENVELOPE_BYTES_MAX: usize = limits::SYNC_REQUEST_BYTES_MAX - 256 * 1024;
/// Rounds of sealing before one request: what remains goes with the next.
const SEAL_ROUNDS_MAX: usize = 2;

const _: () = assert!(limits::ZONES_PER_DEVICE_MAX * 32 < 128 * 1024);
const _: () = assert!(limits::SYNC_REQUEST_ENVELOPES_MAX * 8 < 128 * 1024);

/// What a session's first answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// The store this device knows.
    Known,
    /// The first one, or another one: everything is read and offered again.
    Another,
    /// Going on would do harm.
    Stop(Stop),
}

impl Device {
    /// Seals what is pending and says what to ask.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn sync_request(
        &mut self,
        now: Millis,
        rng: &mut impl CryptoRng,
        budget_bytes: u32,
    ) -> Result<SyncRequest, DeviceError> {
        self.keep_audit_alive(now, rng)?;
        for _ in 0..SEAL_ROUNDS_MAX {
            if self.authority.is_none() || self.seal_pending(now, rng)? == 0 {
                break;
            }
        }
        // Who read what goes up before anything else.
        let first = self.authority.as_ref().and_then(|authority| authority.audit_zone());
        let (bytes, count) = (REQUEST_ENVELOPE_BYTES_MAX, limits::SYNC_REQUEST_ENVELOPES_MAX);
        let next = outbox::next(self.store.reader(), first, bytes, count)?;
        let start = (LogSize(0), LogHash::ZERO);
        let log = match &self.authority {
            // Wraps come with the entries they belong to: a device that was not given one asks from the start.
            Some(authority) if self.keyring.lacks_team_key(authority, self.id()) => start,
            Some(authority) => (authority.size(), authority.head()),
            None => start,
        };
        let cursors = self
            .feeds
            .iter()
            .filter(|(_, position)| position.read.number > FeedNumber(0))
            .map(|(zone, position)| Cursor { zone: *zone, number: position.read.number })
            .collect();
        Ok(SyncRequest {
            log_size: log.0,
            log_head: log.1,
            cursors,
            envelopes: next.into_iter().map(|one| Bytes(one.bytes)).collect(),
            audit: Vec::new(),
            budget_bytes,
        })
    }

    /// Compares what the server says of its store and of this device's own work with what is on disk.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn meet(&mut self, answer: &SessionAnswer) -> Result<Met, DeviceError> {
        let met = self.compare(answer);
        self.or_reload(met)
    }

    fn compare(&mut self, answer: &SessionAnswer) -> Result<Met, DeviceError> {
        if let Some(standing) = meta::alarm(self.store.reader())? {
            return Ok(Met::Stop(standing.stop));
        }
        if let Some(stop) = self.own_tails_unknown(answer)? {
            let alarm = "the server holds work of this device that is not on it: its data was copied or put back";
            self.raise(stop, alarm)?;
            return Ok(Met::Stop(stop));
        }
        let met = StoreIdentity { store: answer.store, restore_epoch: answer.restore_epoch };
        let known = meta::store_identity(self.store.reader())?;
        let another = known != Some(met);
        let offers = self.tails_to_offer(answer);
        let author = self.id();
        self.store.write(|transaction| {
            if another {
                feeds::reset(transaction)?;
                outbox::offer_all(transaction)?;
                parts::offer_all(transaction)?;
                meta::set_store_identity(transaction, met)?;
            }
            // The first store it meets was brought its wraps when it was founded, or when this device was enrolled.
            if another && known.is_some() {
                meta::owe_wraps(transaction)?;
            }
            for (zone, server_tail) in &offers {
                outbox::offer_after(transaction, *zone, author, *server_tail)?;
            }
            Ok::<_, DeviceError>(())
        })?;
        if another {
            self.feeds.clear();
        }
        Ok(if another { Met::Another } else { Met::Known })
    }

    /// A tail of this device's own that it does not know: it was cloned, or put back to an earlier day.
    fn own_tails_unknown(&self, answer: &SessionAnswer) -> Result<Option<Stop>, DeviceError> {
        for tail in &answer.tails {
            let mine: Option<EnvelopeId> = envelopes::id_at(self.store.reader(), tail.zone, self.id(), tail.zseq)?;
            if mine != Some(tail.envelope) {
                return Ok(Some(Stop::Cloned));
            }
        }
        Ok(None)
    }

    /// Zones in which the server has less of this device's work than the device.
    fn tails_to_offer(&self, answer: &SessionAnswer) -> Vec<(ZoneId, ZoneSeq)> {
        let of_server =
            |zone: ZoneId| answer.tails.iter().find(|tail| tail.zone == zone).map_or(ZoneSeq(0), |tail| tail.zseq);
        self.tails
            .iter()
            .filter(|((_, author), _)| *author == self.id())
            .map(|((zone, _), tail)| (*zone, tail.zseq, of_server(*zone)))
            .filter(|(_, mine, server)| server < mine)
            .map(|(zone, _, server)| (zone, server))
            .collect()
    }
}
