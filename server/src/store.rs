//! What the relay asks of a store: few methods, each one transaction. Every backend expands the same conformance suite.
//!
//! Only what was checked can be written: [`Store::append_log`] takes a [`CheckedAppend`], [`Store::push`] takes
//! [`AdmittedEnvelope`]s, and only `domain` makes either.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use doorstep_protocol::authority::SignedEntry;
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{AuthorTail, BlobClaim, InboxItem};
use doorstep_protocol::{
    BlobId, DeviceId, EnvelopeId, FeedNumber, InboxNumber, LogHash, LogSize, Millis, PartnershipId, RestoreEpoch,
    StoreId, ZoneId,
};

use crate::domain::admission::AdmittedEnvelope;
use crate::domain::append::CheckedAppend;
use crate::domain::farewell::{CheckedReceipt, HeldEnvelope};
use crate::domain::inbox::Kept;
use crate::domain::push::{ChainPlace, PushVerdict};

#[cfg(test)]
mod conformance;
pub mod sqlite;

pub use sqlite::SqliteStore;

/// Why a store gave no answer. Never holds content: a backend's own message names tables and conditions only.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The backend failed: disk full, disk broken, locked by another process.
    #[error("the store did not answer: {0}")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored does not hold together.
    #[error("the store is damaged: {what}")]
    Damaged {
        /// What was found.
        what: &'static str,
    },
    /// Written by a newer program, or not by this program at all.
    #[error("the store has version {found}; this program knows version {known}")]
    Version {
        /// The version found.
        found: i64,
        /// The version this program writes.
        known: i64,
    },
    /// The thread that wrote for others stopped before it answered: whether the work is stored is not known.
    #[error("the writer stopped before it answered")]
    WriterGone,
    /// A test asked for a failure here.
    #[error("a fault was injected {0:?} the commit")]
    Injected(CommitPoint),
}

/// Where a fault can be injected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitPoint {
    /// Nothing of the transaction will be stored.
    Before,
    /// All of it is stored, but nobody is told.
    After,
}

/// What a fault hook asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Go on.
    None,
    /// Fail here.
    Fail,
}

/// Asked before and after every commit, so that a test can fail it.
pub type FaultHook = Arc<dyn Fn(CommitPoint) -> Fault + Send + Sync>;

/// Which store this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreIdentity {
    /// Random at its creation.
    pub store: StoreId,
    /// How often it was restored from a backup.
    pub restore_epoch: RestoreEpoch,
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// There is none.
    Absent,
    /// There is at least one.
    Present,
}

/// Which partnerships a store takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BringRule {
    /// One: the first that is brought to an empty store.
    First,
    /// This one, whatever else is there.
    Named,
}

/// A wrap for one device, delivered with the log entry at `seq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceWrap {
    /// Who can open it.
    pub device: DeviceId,
    /// The position of the team epoch it came with.
    pub seq: LogSize,
    /// The sealed wrap.
    pub wrap: Vec<u8>,
}

/// What became of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendOutcome {
    /// The entries and wraps are durable, and what they erase is erased.
    Appended {
        /// Bytes that went with what was erased.
        freed_bytes: u64,
    },
    /// The log is not where the append says: nothing was written.
    Moved,
    /// The store takes no further partnership: nothing was written.
    NotTaken,
    /// An erasure names an envelope that does not stand where it says: nothing was written.
    Misnamed {
        /// The erasure's position.
        seq: LogSize,
        /// The envelope.
        envelope: EnvelopeId,
    },
}

/// Admitted envelopes of one request.
#[derive(Debug)]
pub struct PushJob {
    /// The tenant.
    pub partnership: PartnershipId,
    /// The size of the log that the admission was decided by: at another size nothing is written.
    pub log_size: LogSize,
    /// How many bytes of envelopes the partnership may hold.
    pub quota_bytes: u64,
    /// The envelopes, in the order of the request.
    pub envelopes: Vec<AdmittedEnvelope>,
    /// Places that erasures name and that may be missing here: each is filled, without bytes, when the next envelope of its
    /// author needs it.
    pub gone: BTreeMap<ChainPlace, EnvelopeId>,
}

/// What became of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushOutcome {
    /// What was accepted is durable; one verdict for each envelope, in their order.
    Stored {
        /// The verdicts.
        verdicts: Vec<PushVerdict>,
        /// The feeds that have grown, and where they are now.
        grown: BTreeMap<ZoneId, FeedPoint>,
    },
    /// The log has another size than the admission was decided by: nothing was written, decide again.
    LogMoved,
}

/// A stretch of a feed: from the number after `after` through `through`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedRange {
    /// The zone.
    pub zone: ZoneId,
    /// The number before the first.
    pub after: FeedNumber,
    /// The last number.
    pub through: FeedNumber,
}

/// How much a page may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageBytes {
    /// The page ends once it holds this much.
    pub enough: usize,
    /// It never holds more than this, and is empty when its first item is longer.
    pub most: usize,
}

/// An item of a feed, as its reader gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedItem {
    /// Written by another device: its bytes.
    Envelope(Vec<u8>),
    /// Written by the reader itself: its id is enough.
    Own(EnvelopeId),
    /// Erased: only its place is left.
    Gone(EnvelopeId),
}

/// What a revoked device leaves in one request.
#[derive(Debug)]
pub struct InboxJob {
    /// The tenant.
    pub partnership: PartnershipId,
    /// The size of the log that it was decided by: at another size nothing is written.
    pub log_size: LogSize,
    /// Who leaves it.
    pub device: DeviceId,
    /// When it came.
    pub arrived: Millis,
    /// Work that does not count, or has no place in the feed.
    pub envelopes: Vec<HeldEnvelope>,
    /// Says that the device has wiped itself.
    pub receipt: Option<CheckedReceipt>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InboxOutcome {
    /// What was taken is durable; one for each envelope, in their order.
    Kept(Vec<Kept>),
    /// The log has another size: nothing was written, decide again.
    LogMoved,
}

/// What of an inbox somebody may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxReader {
    /// Envelopes of these zones.
    pub zones: BTreeSet<ZoneId>,
    /// Wipe receipts, or none.
    pub receipts: Receipts,
}

/// Whether somebody may read wipe receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipts {
    /// All of them.
    Shown,
    /// None.
    Withheld,
}

impl InboxReader {
    /// Whether an item may be read: an envelope of a zone, or a wipe receipt, which has none.
    #[must_use]
    pub fn may_read(&self, zone: Option<ZoneId>) -> bool {
        zone.map_or(self.receipts == Receipts::Shown, |zone| self.zones.contains(&zone))
    }
}

/// Whose an item of the inbox is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxMark {
    /// Its number.
    pub number: InboxNumber,
    /// Who left it.
    pub device: DeviceId,
    /// The zone of an envelope; none for a wipe receipt.
    pub zone: Option<ZoneId>,
}

/// Claims of parts by one device, whose rights were checked.
#[derive(Debug)]
pub struct ClaimJob {
    /// The tenant.
    pub partnership: PartnershipId,
    /// The size of the log that they were decided by: at another size nothing is written.
    pub log_size: LogSize,
    /// The claims.
    pub claims: Vec<BlobClaim>,
    /// Now: what has waited too long lapses.
    pub now: Millis,
}

/// What became of claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// They are durable.
    Claimed {
        /// Parts that are not here, ascending.
        missing: Vec<BlobId>,
        /// Parts that are here, ascending.
        here: Vec<BlobId>,
    },
    /// A limit would be broken: nothing was claimed.
    Full(ClaimLimit),
    /// The log has another size: nothing was written, decide again.
    LogMoved,
}

/// A limit of claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimLimit {
    /// Of one document.
    Document,
    /// Of parts that were claimed and have not come.
    Awaited,
}

impl ClaimLimit {
    /// Which it is, how much, and what to do.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Document => "One document has at most 8192 parts: add further files to another record.",
            Self::Awaited => {
                "262144 parts are claimed and have not come: let the devices that hold them bring them first."
            }
        }
    }
}

/// A part whose file is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartJob {
    /// The tenant.
    pub partnership: PartnershipId,
    /// The part.
    pub part: BlobId,
    /// Its length.
    pub bytes: u64,
    /// How many bytes of parts the partnership may hold.
    pub quota_bytes: u64,
}

/// What became of a part. Unless it was kept, its file is listed to be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOutcome {
    /// It is here, since now or before.
    Kept,
    /// Nobody claims it.
    Unclaimed,
    /// The partnership has used its space.
    Full,
}

/// How a claimed part stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartStanding {
    /// The zones of the documents that claim it.
    pub zones: BTreeSet<ZoneId>,
    /// Its length, once it is here.
    pub held_bytes: Option<u64>,
    /// Bytes of parts that the partnership holds.
    pub used_bytes: u64,
}

/// A store of logs and feeds. Blocking: a server calls it from threads that may block.
pub trait Store: Send + Sync + 'static {
    /// Which store this is.
    ///
    /// # Errors
    /// [`StoreError`].
    fn identity(&self) -> Result<StoreIdentity, StoreError>;

    /// Size and head of a log; zero when the partnership is not here.
    ///
    /// # Errors
    /// [`StoreError`].
    fn log_head(&self, partnership: PartnershipId) -> Result<(LogSize, LogHash), StoreError>;

    /// Whether the store holds any envelope of a partnership.
    ///
    /// # Errors
    /// [`StoreError`].
    fn has_envelopes(&self, partnership: PartnershipId) -> Result<Presence, StoreError>;

    /// Entries of a log after `after`, in their order.
    ///
    /// # Errors
    /// [`StoreError`].
    fn log_page(
        &self,
        partnership: PartnershipId,
        after: LogSize,
        bytes: PageBytes,
    ) -> Result<Vec<SignedEntry>, StoreError>;

    /// Writes entries and wraps when the log is where the append says. A wrap that is there already stays.
    ///
    /// # Errors
    /// [`StoreError`]: whether anything is stored is then not known until the log is read again.
    fn append_log(&self, append: Arc<CheckedAppend>) -> Result<AppendOutcome, StoreError>;

    /// Wraps for a device that came with entries after the first size, through the second, in their order.
    ///
    /// # Errors
    /// [`StoreError`].
    fn wraps_page(
        &self,
        partnership: PartnershipId,
        device: DeviceId,
        range: (LogSize, LogSize),
        count_max: usize,
    ) -> Result<Vec<DeviceWrap>, StoreError>;

    /// Writes what continues its author's chain, with dense numbers and the feed's chain.
    ///
    /// # Errors
    /// [`StoreError`]: whether anything is stored is then not known; sending the same again is safe.
    fn push(&self, job: PushJob) -> Result<PushOutcome, StoreError>;

    /// Where feeds are, in one consistent read; feeds without envelopes are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    fn heads(&self, partnership: PartnershipId, zones: &[ZoneId]) -> Result<BTreeMap<ZoneId, FeedPoint>, StoreError>;

    /// The next items of a feed for a reader: dense, from the number after `range.after`.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Damaged`] when a number is missing.
    fn feed_page(
        &self,
        partnership: PartnershipId,
        range: FeedRange,
        reader: DeviceId,
        bytes: PageBytes,
    ) -> Result<Vec<FeedItem>, StoreError>;

    /// The last envelope of a device in every zone where it has one, ascending by zone.
    ///
    /// # Errors
    /// [`StoreError`].
    fn tails(&self, partnership: PartnershipId, device: DeviceId) -> Result<Vec<AuthorTail>, StoreError>;

    /// The partnerships that are here, ascending.
    ///
    /// # Errors
    /// [`StoreError`].
    fn partnerships(&self) -> Result<Vec<PartnershipId>, StoreError>;

    /// Keeps what a revoked device leaves, within the limits of the inbox; what lies there already stays.
    ///
    /// # Errors
    /// [`StoreError`]: whether anything is kept is then not known; leaving the same again is safe.
    fn keep(&self, job: InboxJob) -> Result<InboxOutcome, StoreError>;

    /// Items of the inbox after a number that a reader may read and nobody has decided, ascending.
    ///
    /// # Errors
    /// [`StoreError`].
    fn inbox_page(
        &self,
        partnership: PartnershipId,
        after: InboxNumber,
        reader: &InboxReader,
        bytes: PageBytes,
    ) -> Result<(Vec<InboxItem>, Remainder), StoreError>;

    /// Whose these items are; numbers that were never given are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    fn inbox_marks(&self, partnership: PartnershipId, numbers: &[InboxNumber]) -> Result<Vec<InboxMark>, StoreError>;

    /// Writes claims of parts, all or none. Claims that waited too long for their part lapse.
    ///
    /// # Errors
    /// [`StoreError`]: claiming the same again is safe.
    fn claim(&self, job: ClaimJob) -> Result<ClaimOutcome, StoreError>;

    /// How a part stands; nothing when nobody claims it.
    ///
    /// # Errors
    /// [`StoreError`].
    fn part(&self, partnership: PartnershipId, part: BlobId) -> Result<Option<PartStanding>, StoreError>;

    /// Counts a part whose file is durable, when it is claimed and there is room.
    ///
    /// # Errors
    /// [`StoreError`]: bringing the same again is safe.
    fn keep_part(&self, job: PartJob) -> Result<PartOutcome, StoreError>;

    /// Parts whose files are to be taken away, some of them.
    ///
    /// # Errors
    /// [`StoreError`].
    fn parts_gone(&self, count_max: usize) -> Result<Vec<(PartnershipId, BlobId)>, StoreError>;

    /// Takes parts from that list.
    ///
    /// # Errors
    /// [`StoreError`].
    fn forget_parts(&self, parts: Vec<(PartnershipId, BlobId)>) -> Result<(), StoreError>;

    /// Takes away the bytes of items that somebody has decided about. They do not come back when they are left again.
    ///
    /// # Errors
    /// [`StoreError`].
    fn clear_inbox(&self, partnership: PartnershipId, numbers: Vec<InboxNumber>) -> Result<(), StoreError>;
}
