//! The authority log as this device holds it, cut into appends for a server that has less of it. Of the wraps beside it a
//! device holds its own, and a desk those of every team epoch it made: nobody else can bring these.

use std::collections::BTreeMap;

use doorstep_protocol::authority::{Body, Entry, SignedEntry};
use doorstep_protocol::wire::LogAppend;
use doorstep_protocol::wrap::SealedWrapHeader;
use doorstep_protocol::{Bytes, Epoch, LogHash, LogSize, PartnershipId, TeamId, limits};

use super::{Device, DeviceError};
use crate::store::{log, meta};

/// Entries and wraps of one append; the rest of its limit is framing.
const APPEND_BYTES_MAX: usize = limits::LOG_APPEND_BYTES_MAX - 64 * 1024;

const _: () = assert!(limits::LOG_ENTRY_BYTES_MAX < APPEND_BYTES_MAX);
const _: () = assert!(limits::LOG_APPEND_ENTRIES_MAX * 16 < 64 * 1024);

/// The log as this device holds it.
pub struct HeldLog {
    partnership: PartnershipId,
    entries: Vec<SignedEntry>,
    /// The head after each entry, from zero.
    heads: Vec<LogHash>,
    wraps: BTreeMap<(TeamId, Epoch), Vec<Vec<u8>>>,
}

impl HeldLog {
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

    /// Whether this device has no log yet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The head at a size, where the log is that long.
    #[must_use]
    pub fn head_at(&self, size: LogSize) -> Option<LogHash> {
        self.heads.get(usize::try_from(size.0).ok()?).copied()
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
    #[must_use]
    pub fn append_after(&self, base: LogSize) -> Option<LogAppend> {
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
        let more = from + entries.len() < self.entries.len();
        (!entries.is_empty()).then(|| LogAppend {
            partnership: self.partnership,
            base_size: base,
            base_head: self.heads[from],
            entries,
            wraps,
            whole: more.then_some(LogSize(self.entries.len() as u64)),
        })
    }

    /// The next append at `base` or later that brings wraps, for a server that has the entries: from the first entry with
    /// wraps to the last one that fits. None when no entry from there on has any here.
    #[must_use]
    pub fn wraps_after(&self, base: LogSize) -> Option<LogAppend> {
        let has_wraps = |entry: &SignedEntry| !self.wraps_of(entry).is_empty();
        let rest = self.entries.get(usize::try_from(base.0).ok()?..)?;
        let first = rest.iter().position(has_wraps)?;
        let mut append = self.append_after(LogSize(base.0 + first as u64))?;
        let last = append.entries.iter().rposition(has_wraps)?;
        append.entries.truncate(last + 1);
        append.whole = None;
        Some(append)
    }
}

impl Device {
    /// The log, to be offered.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn held_log(&self) -> Result<HeldLog, DeviceError> {
        let reader = self.store.reader();
        Ok(HeldLog::new(self.partnership()?, log::entries(reader)?, log::team_wraps(reader)?))
    }

    /// The log whose wraps the store last met may lack: it is another one than before, and whoever brought it the log
    /// first had only their own. `None` once they were brought.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn wraps_to_bring(&self) -> Result<Option<HeldLog>, DeviceError> {
        if meta::owes_wraps(self.store.reader())? { self.held_log().map(Some) } else { Ok(None) }
    }

    /// The store last met has taken every wrap of [`Device::wraps_to_bring`].
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn set_wraps_brought(&mut self) -> Result<(), DeviceError> {
        let settled = self.store.write(meta::settle_wraps);
        self.or_reload(settled.map_err(DeviceError::from))
    }
}
