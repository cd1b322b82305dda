//! Bringing the authority log to a server that has less of it: wiped, restored from a backup, or never told.

use std::collections::BTreeMap;

use doorstep_protocol::authority::{Body, Entry, SignedEntry};
use doorstep_protocol::wire::LogAppend;
use doorstep_protocol::wrap::SealedWrapHeader;
use doorstep_protocol::{Bytes, Epoch, LogHash, LogSize, PartnershipId, TeamId, limits};

use super::report::{Step, Trouble};
use super::{Round, Syncer};
use crate::device::DeviceError;
use crate::store::log;
use crate::transport::{Transport, TransportError};

/// Appends and corrections in one offer; a log of a million entries takes fewer.
pub const OFFER_ROUNDS_MAX: usize = 1_024;
/// Entries and wraps of one append; the rest of its limit is framing.
const APPEND_BYTES_MAX: usize = limits::LOG_APPEND_BYTES_MAX - 64 * 1024;

const _: () = assert!(limits::LOG_ENTRY_BYTES_MAX < APPEND_BYTES_MAX);
const _: () = assert!(limits::LOG_APPEND_ENTRIES_MAX * 16 < 64 * 1024);

/// What an offer came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offered {
    /// The server has taken entries.
    Entries,
    /// The server has all that this device has.
    NoneMissing,
    /// This device has no log.
    NoneHeld,
}

/// The log as this device holds it.
struct Held {
    partnership: PartnershipId,
    entries: Vec<SignedEntry>,
    /// The head after each entry, from zero.
    heads: Vec<LogHash>,
    wraps: BTreeMap<(TeamId, Epoch), Vec<Vec<u8>>>,
}

impl Held {
    fn new(partnership: PartnershipId, entries: Vec<SignedEntry>, wraps: Vec<Vec<u8>>) -> Self {
        let heads = std::iter::once(LogHash::ZERO).chain(entries.iter().map(SignedEntry::hash)).collect();
        let mut by_epoch: BTreeMap<_, Vec<Vec<u8>>> = BTreeMap::new();
        for wrap in wraps {
            if let Ok(header) = SealedWrapHeader::parse(&wrap) {
                by_epoch.entry((TeamId(header.subject), header.epoch)).or_default().push(wrap);
            }
        }
        Self { partnership, entries, heads, wraps: by_epoch }
    }

    /// The wraps of the team epoch that an entry begins, if this device holds those of every recipient: some of them
    /// would be taken for a wrong delivery, and none is allowed for a log that is brought back.
    fn wraps_of(&self, entry: &SignedEntry) -> &[Vec<u8>] {
        let Ok(Entry { body: Body::TeamEpoch(epoch), .. }) = Entry::parse(&entry.entry.0) else { return &[] };
        match self.wraps.get(&(epoch.team, epoch.epoch)) {
            Some(held) if held.len() as u64 == u64::from(epoch.count) => held,
            _ => &[],
        }
    }

    /// The next append after `base`, within the limits; none when nothing is left.
    fn append_after(&self, base: LogSize) -> Option<LogAppend> {
        let from = usize::try_from(base.0).ok()?;
        let (mut entries, mut wraps, mut bytes) = (Vec::new(), Vec::new(), 0);
        for entry in self.entries.get(from..)?.iter().take(limits::LOG_APPEND_ENTRIES_MAX) {
            let beside = self.wraps_of(entry);
            let size =
                entry.entry.0.len() + entry.signatures.len() * 96 + beside.iter().map(|w| w.len() + 4).sum::<usize>();
            let fits = bytes + size <= APPEND_BYTES_MAX && wraps.len() + beside.len() <= limits::APPEND_WRAPS_MAX;
            if !fits && !entries.is_empty() {
                break;
            }
            bytes += size;
            entries.push(entry.clone());
            wraps.extend(beside.iter().cloned().map(Bytes));
        }
        (!entries.is_empty()).then(|| LogAppend {
            partnership: self.partnership,
            base_size: base,
            base_head: self.heads[from],
            entries,
            wraps,
        })
    }
}

impl<T: Transport + 'static> Syncer<T> {
    /// Offers every entry after `base`; a server that says where it stands is believed as long as that leads on.
    pub(super) async fn offer_log(&mut self, base: LogSize, round: &mut Round<'_>) -> Result<Offered, Trouble> {
        let partnership = self.partnership;
        let held = self
            .with_device(move |device| {
                let reader = device.store().reader();
                Ok::<_, DeviceError>(Held::new(partnership, log::entries(reader)?, log::team_wraps(reader)?))
            })
            .await??;
        if held.entries.is_empty() {
            return Ok(Offered::NoneHeld);
        }
        round.tell(Step::OfferingLog);
        let (mut base, mut offered) = (base, Offered::NoneMissing);
        for _ in 0..OFFER_ROUNDS_MAX {
            let Some(append) = held.append_after(base) else { break };
            let brought = append.entries.len() as u64;
            match self.transport.append_log(&append).await {
                Ok(appended) => {
                    let size = LogSize(base.0 + brought);
                    let head = usize::try_from(size.0).ok().and_then(|at| held.heads.get(at));
                    if appended.size != size || Some(&appended.head) != head {
                        return Err(Trouble::OtherLog);
                    }
                    base = size;
                    offered = Offered::Entries;
                    round.report.log_entries_offered += brought;
                }
                // What it has may be a beginning of what is held here: the rest is offered after it.
                Err(TransportError::LogConflict { size }) if size > base => base = size,
                Err(TransportError::LogConflict { .. }) => return Err(Trouble::OtherLog),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(offered)
    }
}
