//! The device behind its shell: what is on disk, the keys that open it, and the decisions between. Every method is
//! synchronous; `now` and `rng` are arguments; a failed commit is answered by [`Device::reload`], never by undoing.

mod answer;
mod apply;
pub mod audit;
pub mod auditor;
mod cache;
mod closed;
mod erasures;
mod fold;
pub mod glass;
mod history;
mod ingest;
mod locate;
mod offer;
pub(crate) mod packs;
mod photographs;
mod place;
pub(crate) mod project;
mod protect;
mod publish;
mod rejudge;
mod request;
pub mod restricted;
mod seal;
mod standing;
mod term;
pub mod unlock;
mod unopened;
mod verify;
#[cfg(test)]
mod worker_tests;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use doorstep_crypto::envelope::SealError;
use doorstep_crypto::keys::NotSigned;
use doorstep_protocol::authority::{Authority, LogError};
use doorstep_protocol::{DeviceId, PartnershipId, SeatId, SessionNonce, ZoneId};
use rand_core::CryptoRng;

pub use answer::{Answer, AnswerError, Outcome};
pub use audit::Guarded;
pub use auditor::{AuditReport, ReviewTask};
pub use erasures::UnfinishedErasure;
pub use glass::{BrokenGlass, GlassError, GlassPlea};
pub use ingest::{Incoming, Ingested};
pub use locate::RecordId;
pub use offer::HeldLog;
pub use photographs::{PHOTOGRAPHS_PER_HOME_MAX, PhotographError};
pub use request::Met;
pub use restricted::{RestrictedError, SealedView};
pub use standing::{Alarm, Equivocation, LateWork, NotApplied, Owed, Standing};
pub use unlock::{PinSeat, SecretMoved, UnlockError};
pub use verify::{RebuildReport, VerifyReport};
pub(crate) use write::directory_document;
pub use write::{Draft, WriteError};

use crate::keyring::Keyring;
use crate::records::publish::erased::ErasedSources;
use crate::records::{ApplyError, LoadError};
use crate::replica::reader::Tails;
use crate::replica::standings::Slot;
use crate::store::feeds::FeedPosition;
use crate::store::{self, Store, StoreError, meta};
use crate::vault::DeviceSecrets;
use cache::DocumentCache;

/// Why the device did not do something.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The store did not take or give data.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The authority log on disk does not replay: it was changed by somebody else.
    #[error("the authority log of this device does not hold: {0}")]
    Log(#[from] LogError),
    /// A kept document does not load; its envelopes are whole, and a rebuild makes it again.
    #[error("a kept document does not load ({0}): run a rebuild")]
    Document(LoadError),
    /// A document could not be saved.
    #[error("a document could not be saved: {0}")]
    Save(ApplyError),
    /// The device is not enrolled yet.
    #[error("this device belongs to no partnership yet: enrol it first")]
    NotEnrolled,
    /// The seat that would write was ended.
    #[error(
        "the worker's seat on this device has ended: another worker can unlock it and write, or a desk seats the worker \
         again"
    )]
    SeatEnded,
    /// The device holds no key of a zone of this class.
    #[error("this device may not write {class}: ask an admin for a grant")]
    NoZone {
        /// The class.
        class: doorstep_protocol::Class,
    },
    /// The device's time is over.
    #[error(
        "this device's time is over, and it may not write {class} any more: what is recorded here is kept; ask the desk \
         to enrol it again"
    )]
    TermOver {
        /// The class.
        class: doorstep_protocol::Class,
        /// When it ended.
        ended: doorstep_protocol::Millis,
    },
    /// Documents of the class are kept sealed, and are not written like others.
    #[error("{class} opens with a worker's PIN: it is written where it is sealed at once")]
    StaysSealed {
        /// The class.
        class: doorstep_protocol::Class,
    },
    /// No audit record can be written: there is no audit zone, or an alarm stands.
    #[error("no record of who read what can be written on this device")]
    NoAudit,
    /// The keystore that keeps the key of this device did not sign.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    /// Sealing failed.
    #[error("a batch could not be sealed: {0}")]
    Seal(SealError),
}

impl From<SealError> for DeviceError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::NotSigned(error) => Self::NotSigned(error),
            error => Self::Seal(error),
        }
    }
}

/// An open device.
pub struct Device {
    pub(crate) store: Store,
    pub(crate) secrets: DeviceSecrets,
    id: DeviceId,
    session: SessionNonce,
    pub(crate) authority: Option<Authority>,
    pub(crate) keyring: Keyring,
    tails: Tails,
    feeds: BTreeMap<ZoneId, FeedPosition>,
    cache: DocumentCache,
    retry: Retry,
    rejudge: Rejudge,
    /// Chains in which an erasure names a place.
    erased_slots: BTreeSet<Slot>,
    /// What the log erases, as sources of what was published.
    erased_sources: Arc<ErasedSources>,
    unlocked: Option<unlock::Unlocked>,
    packs: packs::Kept,
}

/// Whether what waits may have become readable since it was last tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// A batch was kept, or may have been kept before a crash, and what waited was not tried again since.
    Owed,
    /// Nothing has changed since.
    Done,
}

/// Whether verdicts have changed and documents do not follow them yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejudge {
    /// They may have: what is noted on disk is to be settled first.
    Owed,
    /// They have not.
    Done,
}

impl Device {
    /// Opens what is on disk under a fresh session, so that no two runs ever share an Automerge actor.
    ///
    /// # Errors
    /// [`DeviceError::Store`], [`DeviceError::Log`].
    pub fn open(store: Store, secrets: DeviceSecrets, rng: &mut impl CryptoRng) -> Result<Self, DeviceError> {
        let mut session = SessionNonce::ZERO;
        rng.fill_bytes(&mut session.0);
        let mut device = Self {
            store,
            id: secrets.device(),
            secrets,
            session,
            authority: None,
            keyring: Keyring::default(),
            tails: Tails::new(),
            feeds: BTreeMap::new(),
            cache: DocumentCache::default(),
            retry: Retry::Owed,
            rejudge: Rejudge::Owed,
            erased_slots: BTreeSet::new(),
            erased_sources: Arc::default(),
            unlocked: None,
            packs: packs::Kept::default(),
        };
        device.reload()?;
        Ok(device)
    }

    /// Forgets what is in memory and reads it from disk.
    ///
    /// # Errors
    /// [`DeviceError::Store`], [`DeviceError::Log`].
    pub fn reload(&mut self) -> Result<(), DeviceError> {
        self.cache.clear();
        self.retry = Retry::Owed;
        self.rejudge = Rejudge::Owed;
        let reader = self.store.reader();
        let entries = store::log::entries(reader)?;
        self.authority = if entries.is_empty() { None } else { Some(Authority::replay(&entries)?) };
        self.tails = store::envelopes::tails(reader)?;
        self.feeds = store::feeds::positions(reader)?;
        // A crash may have come between an entry and this.
        self.drop_ended_seats()?;
        self.open_keys()
    }

    /// After a failed commit it is not known whether it took place, so what is in memory is read from disk again.
    pub(crate) fn or_reload<T, E: From<DeviceError>>(&mut self, result: Result<T, E>) -> Result<T, E> {
        if result.is_err() {
            self.reload()?;
        }
        result
    }

    /// Opens the keys that the log and the wraps on disk give.
    pub(crate) fn open_keys(&mut self) -> Result<(), DeviceError> {
        self.unlock_desk();
        let restricted = self.unlocked.as_ref().map(|unlocked| &unlocked.restricted);
        let wraps = store::log::team_wraps(self.store.reader())?;
        self.erased_slots = self.authority.as_ref().map(rejudge::erased_slots).unwrap_or_default();
        let erased = self.authority.as_ref().map(Authority::erased).into_iter().flatten();
        self.erased_sources = Arc::new(ErasedSources::new(erased.map(|(place, at)| (*place, *at))));
        self.keyring = match &self.authority {
            Some(authority) => Keyring::open(authority, self.id, &self.secrets.kem, restricted, &wraps),
            None => Keyring::default(),
        };
        Ok(())
    }

    /// Who this device is.
    #[must_use]
    pub const fn id(&self) -> DeviceId {
        self.id
    }

    /// The partnership it belongs to: fixed at enrolment, before the log has come.
    ///
    /// # Errors
    /// [`DeviceError::NotEnrolled`].
    pub fn partnership(&self) -> Result<PartnershipId, DeviceError> {
        meta::partnership(self.store.reader())?.ok_or(DeviceError::NotEnrolled)
    }

    /// The authority log as this device has verified it.
    ///
    /// # Errors
    /// [`DeviceError::NotEnrolled`] before the log has come.
    pub fn authority(&self) -> Result<&Authority, DeviceError> {
        self.authority.as_ref().ok_or(DeviceError::NotEnrolled)
    }

    /// The seat that writes here: the one that the log gives this device for the key of the worker who has it unlocked, else
    /// for the key it was enrolled with.
    ///
    /// # Errors
    /// [`DeviceError::NotEnrolled`], [`DeviceError::SeatEnded`].
    pub fn seat(&self) -> Result<SeatId, DeviceError> {
        let key = self.writing_key();
        let seats = self.authority()?.seats();
        let mut of_key = seats.iter().filter(|(_, seat)| seat.device == self.id && seat.key == key);
        match of_key.next() {
            Some((id, seat)) if seat.span.is_open() => Ok(*id),
            Some(_) => Err(DeviceError::SeatEnded),
            None => Err(DeviceError::NotEnrolled),
        }
    }

    /// The keys that the log lets this device open.
    #[must_use]
    pub const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// How far each feed has been read.
    #[must_use]
    pub const fn feeds(&self) -> &BTreeMap<ZoneId, FeedPosition> {
        &self.feeds
    }

    /// The store, for reading.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Keeps at most so many documents loaded from now on, and lets the store give back what memory it can: for a host that is
    /// told that memory is short. What is not loaded is read from disk when it is next wanted.
    pub fn keep_loaded(&mut self, documents_max: usize) {
        self.cache.keep(documents_max);
        self.store.shrink();
    }

    /// How many documents are loaded.
    #[must_use]
    pub fn loaded(&self) -> usize {
        self.cache.len()
    }

    /// Asks `hook` before and after every commit from now on, so that a test can fail it.
    pub fn set_fault_hook(&mut self, hook: store::FaultHook) {
        self.store.set_fault_hook(hook);
    }

    /// Closes the device and hands back its store, as if the program had stopped after its last commit.
    #[must_use]
    pub fn into_store(self) -> Store {
        self.store
    }
}
