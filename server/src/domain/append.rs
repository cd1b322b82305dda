//! Which entries may be appended to the authority log, and which wraps come with them.

use std::collections::BTreeMap;

use doorstep_protocol::authority::{
    Authority, Body, Entry, Erase, LogError, SignedEntry, TeamEpoch, rules, wraps_digest,
};
use doorstep_protocol::wire::LogAppend;
use doorstep_protocol::wrap::SealedWrapHeader;
use doorstep_protocol::{
    Bytes, DeviceId, EnvelopeId, Epoch, LogHash, LogSize, PartnershipId, SignPublic, TeamId, limits,
};

use crate::store::{BringRule, DeviceWrap};

/// A signature of an entry, with its signer and framing.
const SIGNATURE_BYTES: usize = 96;

/// Why an append is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendRefusal {
    /// No entries, too many, or too many wraps.
    #[error(
        "an append has between 1 and {} entries and at most {} wraps",
        limits::LOG_APPEND_ENTRIES_MAX,
        limits::APPEND_WRAPS_MAX
    )]
    Count,
    /// The log is elsewhere.
    #[error("the log has {size} entries, or another head")]
    Conflict {
        /// The size it has.
        size: LogSize,
    },
    /// The log names another server's key.
    #[error("the log names another server's key")]
    OtherServerKey,
    /// The partnership named beside the entries is not theirs.
    #[error("the entries belong to another partnership")]
    OtherPartnership,
    /// An entry may not stand where it stands.
    #[error("entry {seq}: {error}")]
    Entry {
        /// Its position.
        seq: LogSize,
        /// Why.
        error: LogError,
    },
    /// An erasure names an envelope that does not stand where it says.
    #[error(
        "entry {seq}: envelope {envelope} is not at this counter of this author in this document; read the feed again and \
         name it as it stands"
    )]
    Misnamed {
        /// The erasure's position.
        seq: LogSize,
        /// The envelope.
        envelope: EnvelopeId,
    },
    /// A wrap belongs to no team epoch of the append.
    #[error("a wrap belongs to no team epoch among the entries")]
    StrayWrap,
    /// A log is on its way here that is longer than what is kept apart.
    #[error(
        "a log that names this server only later has at most {limit_bytes} bytes here: bring it by export and import"
    )]
    TooLong {
        /// Bytes of one.
        limit_bytes: usize,
    },
}

/// Where the log is that an append goes on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogPlace {
    /// In the store.
    Here,
    /// In memory, or not here at all: the partnership is being brought.
    Arriving,
}

/// Whether team epochs must bring their wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrapRule {
    /// All of them, as in everyday life.
    Required,
    /// All or none: a device that brings the log back to a wiped or restored store holds its own keys, not the wraps of
    /// others.
    MayBeAbsent,
}

/// Entries and wraps that may be stored: made by [`check`] only.
#[derive(Debug)]
pub struct CheckedAppend {
    partnership: PartnershipId,
    base: (LogSize, LogHash),
    head: LogHash,
    bring: BringRule,
    entries: Vec<SignedEntry>,
    wraps: Vec<DeviceWrap>,
    erasures: Vec<(LogSize, Erase)>,
}

impl CheckedAppend {
    /// The tenant.
    #[must_use]
    pub const fn partnership(&self) -> PartnershipId {
        self.partnership
    }

    /// The size that the entries follow.
    #[must_use]
    pub const fn base_size(&self) -> LogSize {
        self.base.0
    }

    /// The head that the entries follow.
    #[must_use]
    pub const fn base_head(&self) -> LogHash {
        self.base.1
    }

    /// The size with the entries.
    #[must_use]
    pub const fn size(&self) -> LogSize {
        LogSize(self.base.0.0 + self.entries.len() as u64)
    }

    /// The head with the entries.
    #[must_use]
    pub const fn head(&self) -> LogHash {
        self.head
    }

    /// Whether the store may take a partnership it does not have.
    #[must_use]
    pub const fn bring(&self) -> &BringRule {
        &self.bring
    }

    /// How many bytes of entries and wraps there are.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let entries = self.entries.iter().map(|entry| entry.entry.0.len() + entry.signatures.len() * SIGNATURE_BYTES);
        entries.chain(self.wraps.iter().map(|wrap| wrap.wrap.len())).sum()
    }

    /// This append with the one that follows it.
    #[must_use]
    pub fn with_next(mut self, next: Self) -> Self {
        self.entries.extend(next.entries);
        self.wraps.extend(next.wraps);
        self.erasures.extend(next.erasures);
        Self { base: self.base, head: next.head, ..self }
    }

    /// The entries, in their order.
    #[must_use]
    pub fn entries(&self) -> &[SignedEntry] {
        &self.entries
    }

    /// The erasures among the entries, with their positions.
    #[must_use]
    pub fn erasures(&self) -> &[(LogSize, Erase)] {
        &self.erasures
    }

    /// The wraps, by device.
    #[must_use]
    pub fn wraps(&self) -> &[DeviceWrap] {
        &self.wraps
    }
}

/// What an append comes to.
#[derive(Debug)]
pub enum AppendDecision {
    /// To be stored; the state with it.
    Store(Box<CheckedAppend>, Box<Authority>),
    /// The beginning, or the next part, of a log that does not name this server yet and says that more follows: to be kept apart
    /// until it does.
    Arrives(Box<CheckedAppend>, Box<Authority>),
    /// These very entries are there already: the answer to the first sending was lost, or another device brought them.
    AlreadyThere {
        /// The size with them.
        size: LogSize,
        /// The head with them.
        head: LogHash,
        /// Wraps of the team epochs among them, to be stored where they are missing.
        wraps: Option<Box<CheckedAppend>>,
    },
}

/// What the checks need beside the append itself.
#[derive(Clone, Copy, Debug)]
pub struct AppendRules<'a> {
    /// This server's key.
    pub server_key: &'a SignPublic,
    /// Whether wraps may be absent.
    pub wraps: WrapRule,
    /// Which partnerships the store takes.
    pub bring: &'a BringRule,
    /// Where the log is.
    pub place: LogPlace,
}

/// Decides on an append to the log whose state is `authority`, in its place (`None`: nothing of it is here).
///
/// # Errors
/// [`AppendRefusal`].
pub fn check(
    authority: Option<&Authority>,
    append: &LogAppend,
    rules: AppendRules<'_>,
) -> Result<AppendDecision, AppendRefusal> {
    let count = append.entries.len();
    if count == 0 || count > limits::LOG_APPEND_ENTRIES_MAX || append.wraps.len() > limits::APPEND_WRAPS_MAX {
        return Err(AppendRefusal::Count);
    }
    let (base_size, base_head) = (append.base_size, append.base_head);
    let (size, head) = authority.map_or((LogSize(0), LogHash::ZERO), |a| (a.size(), a.head()));
    if (base_size, base_head) != (size, head) {
        return match authority.and_then(|authority| Some((authority, end_if_there(authority, append)?))) {
            Some((authority, (size, head))) => {
                let wraps = late_wraps(authority, append, rules)?;
                Ok(AppendDecision::AlreadyThere { size, head, wraps })
            }
            None => Err(AppendRefusal::Conflict { size }),
        };
    }
    let mut delivered = Delivered::sorted(&append.wraps)?;
    let (mut wraps, mut erasures) = (Vec::new(), Vec::new());
    let mut state = authority.cloned();
    for (signed, seq) in append.entries.iter().zip(base_size.0 + 1..).map(|(signed, seq)| (signed, LogSize(seq))) {
        let refused = |error| AppendRefusal::Entry { seq, error };
        let Some(state) = &mut state else {
            let begun = Authority::begin(signed).map_err(refused)?;
            if begun.partnership() != append.partnership {
                return Err(AppendRefusal::OtherPartnership);
            }
            state = Some(begun);
            continue;
        };
        let checked = state.check(signed).map_err(refused)?;
        match &checked.entry().body {
            Body::TeamEpoch(epoch) => wraps.extend(delivered.take(state, epoch, seq, rules.wraps).map_err(refused)?),
            Body::Erase(erase) => erasures.push((seq, erase.clone())),
            _ => {}
        }
        state.apply(checked);
    }
    delivered.nothing_left()?;
    // The loop ran at least once, so there is a state.
    let Some(state) = state else { return Err(AppendRefusal::Count) };
    // A log that is brought may have named another server since its genesis.
    let is_other = rules.place == LogPlace::Arriving && state.server_key() != rules.server_key;
    if is_other && append.whole.is_none_or(|whole| whole <= state.size()) {
        return Err(AppendRefusal::OtherServerKey);
    }
    let checked = CheckedAppend {
        partnership: append.partnership,
        base: (base_size, base_head),
        head: state.head(),
        bring: rules.bring.clone(),
        entries: append.entries.clone(),
        wraps,
        erasures,
    };
    let (checked, state) = (Box::new(checked), Box::new(state));
    Ok(if is_other { AppendDecision::Arrives(checked, state) } else { AppendDecision::Store(checked, state) })
}

/// Size and head after the entries, if the log has these very entries there.
fn end_if_there(authority: &Authority, append: &LogAppend) -> Option<(LogSize, LogHash)> {
    if authority.partnership() != append.partnership || authority.head_at(append.base_size)? != append.base_head {
        return None;
    }
    let mut size = append.base_size;
    let mut head = append.base_head;
    for entry in &append.entries {
        size = size.next();
        head = entry.hash();
        if authority.head_at(size)? != head {
            return None;
        }
    }
    Some((size, head))
}

/// Wraps that come after their epochs: those the signed epoch names, all or none of each.
fn late_wraps(
    authority: &Authority,
    append: &LogAppend,
    rules: AppendRules<'_>,
) -> Result<Option<Box<CheckedAppend>>, AppendRefusal> {
    let mut delivered = Delivered::sorted(&append.wraps)?;
    let mut wraps = Vec::new();
    for (signed, seq) in append.entries.iter().zip(append.base_size.0 + 1..) {
        let seq = LogSize(seq);
        let entry = Entry::parse(&signed.entry.0);
        let entry = entry.map_err(|error| AppendRefusal::Entry { seq, error: error.into() })?;
        if let Body::TeamEpoch(epoch) = &entry.body {
            wraps.extend(delivered.take_late(authority.partnership(), epoch, seq)?);
        }
    }
    delivered.nothing_left()?;
    let checked = CheckedAppend {
        partnership: append.partnership,
        base: (authority.size(), authority.head()),
        head: authority.head(),
        bring: rules.bring.clone(),
        entries: Vec::new(),
        wraps,
        erasures: Vec::new(),
    };
    Ok((!checked.wraps.is_empty()).then(|| Box::new(checked)))
}

/// The wraps of an append, by the team epoch they name.
struct Delivered<'a>(BTreeMap<(TeamId, Epoch), Vec<&'a [u8]>>);

impl<'a> Delivered<'a> {
    fn sorted(wraps: &'a [Bytes]) -> Result<Self, AppendRefusal> {
        let mut by_epoch: BTreeMap<_, Vec<&[u8]>> = BTreeMap::new();
        for wrap in wraps {
            let header = SealedWrapHeader::parse(&wrap.0).map_err(|_| AppendRefusal::StrayWrap)?;
            by_epoch.entry((TeamId(header.subject), header.epoch)).or_default().push(&wrap.0);
        }
        Ok(Self(by_epoch))
    }

    fn take(
        &mut self,
        state: &Authority,
        epoch: &TeamEpoch,
        seq: LogSize,
        rule: WrapRule,
    ) -> Result<Vec<DeviceWrap>, LogError> {
        let wraps = self.0.remove(&(epoch.team, epoch.epoch)).unwrap_or_default();
        if wraps.is_empty() && rule == WrapRule::MayBeAbsent {
            return Ok(Vec::new());
        }
        rules::check_delivered_wraps(state, epoch, &wraps)?;
        Ok(by_device(&wraps, seq))
    }

    /// The members of then are not known any more; the digest in the signed epoch says which wraps they were.
    fn take_late(
        &mut self,
        partnership: PartnershipId,
        epoch: &TeamEpoch,
        seq: LogSize,
    ) -> Result<Vec<DeviceWrap>, AppendRefusal> {
        let wraps = self.0.remove(&(epoch.team, epoch.epoch)).unwrap_or_default();
        let named = |wrap: &&[u8]| SealedWrapHeader::parse(wrap).is_ok_and(|h| h.partnership == partnership);
        if wraps.is_empty() {
            Ok(Vec::new())
        } else if epoch.wraps_root == wraps_digest(wraps.iter().copied()) && wraps.iter().all(named) {
            Ok(by_device(&wraps, seq))
        } else {
            Err(AppendRefusal::StrayWrap)
        }
    }

    fn nothing_left(&self) -> Result<(), AppendRefusal> {
        if self.0.is_empty() { Ok(()) } else { Err(AppendRefusal::StrayWrap) }
    }
}

fn by_device(wraps: &[&[u8]], seq: LogSize) -> Vec<DeviceWrap> {
    let named = |wrap: &&[u8]| {
        let header = SealedWrapHeader::parse(wrap).ok()?;
        Some(DeviceWrap { device: DeviceId(header.recipient), seq, wrap: wrap.to_vec() })
    };
    wraps.iter().filter_map(named).collect()
}
