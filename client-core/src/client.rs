//! The door to a device, by nouns: `client.properties()`, `.people()`, `.visits()`, `.photographs()`, `.firebox()`, `.conflicts()`,
//! `.directory()`, `.partnership()`, `.carrier()`, `.seats()`, `.glass()`, `.health()`, `.protection()`, `.consents()`,
//! `.audit()`; for the back office `.todo()`, `.places()`, `.reviews()`, `.clocks()`, `.duplicates()`, `.timeline()`, `.register()`, `.reports()`. All of it is local and works without a network; syncing is
//! [`crate::sync`].

mod audit;
mod carrier;
mod clocks;
mod conflicts;
mod consents;
mod directory;
mod duplicates;
mod erasure;
mod firebox;
mod glass;
mod health;
mod late;
mod lost;
mod membership;
mod packs;
mod page;
mod partnership;
mod people;
mod photographs;
#[cfg(test)]
#[path = "../tests/office/place.rs"]
#[allow(dead_code)]
mod place;
mod places;
mod properties;
mod protection;
mod readers;
mod register;
pub mod reports;
mod reviews;
mod seats;
mod timeline;
mod todo;
mod visits;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use doorstep_protocol::{Class, DeviceId, Millis};
use rand_core::CryptoRng;

pub use crate::carrier_file::CarrierError;
pub use crate::clock::{Clock, SystemClock};
pub use audit::{Audit, AuditPage, TaskRow};
pub use carrier::{Carrier, CarrierReport};
pub use clocks::{Clocks, HazardClocks};
pub use conflicts::{Columns, ConflictFilter, ConflictItem, Conflicts, DecisionRow, SaidBy, VersionColumn};
pub use consents::{ConsentPage, ConsentStanding, Consents, Withdrawal};
pub use directory::{Directory, NameBook};
pub use duplicates::{
    Agreement, ComparedField, Comparison, Duplicates, Likeness, Linked, Side, TwinDecision, TwinKey, TwinKind,
    TwinPair, TwinVerdict,
};
pub use erasure::{DUE_ROWS_MAX, DueRow, HoldRow, RETENTION_YEARS};
pub use firebox::{Firebox, FireboxPage};
pub use glass::{Glass, GlassBroken, OpenGlass, SealedInput, SealedPage};
pub use health::{Health, HealthPage, NumberTaken};
pub use late::{LateItem, LateWhat};
pub use lost::{AccessRow, Exposure, OwedRows, ZoneExposure};
pub use membership::{GrantRow, SeatedRow};
pub use packs::{PackRow, PackStanding, Packs};
pub use page::{PAGE_ROWS_MAX, Page, Paged};
pub use partnership::{DeviceRow, Founded, KnownServer, Partnership, TeamRow};
pub use people::{People, PersonInput, PersonPage};
pub use photographs::{Held, PhotographInput, PhotographRow, Photographs, Sending};
pub use places::{AreaRow, BuildingRow, Places, StreetPage, StreetRow};
pub use properties::{Properties, PropertyPage};
pub use protection::{PlacesMoved, ProtectedPage, Protection, ProtectionDecision};
pub use readers::ReaderRow;
pub use register::{
    AgreementRow, AllocationFilter, AllocationRow, DisclosureRow, DisclosureVerdict, Register, RegisterFilter,
    RequestRow, agreement_digest,
};
pub use reports::Reports;
pub use reviews::{ReviewMove, ReviewPage, ReviewRow, ReviewStep, Reviews, VisitFinding};
pub use seats::{SeatRow, Seats};
pub use timeline::{ReadHow, ReadRow, Reads, Timeline, TimelineEntry, TimelineFilter};
pub use todo::{DueWhen, SyncTrouble, Todo, TodoCount, TodoFilter, TodoItem, TodoKind, TodoWhat};
pub use visits::{
    AnswerInput, Asked, FormPage, FormRef, Given, MistakenFact, PropertyRef, ReturnedVisit, RowUpdate, UnknownAnswer,
    VisitInput, VisitRecorded, Visits,
};

use crate::device::{
    Device, DeviceError, Draft, LateWork, NotApplied, PhotographError, RebuildReport, RecordId, RestrictedError,
    Standing, UnlockError, VerifyReport, WriteError,
};
use crate::partnership::AdminError;
pub use crate::photograph::PictureError;
use crate::records::DocumentView;
use crate::store::{Store, StoreError};
use crate::vault::{DeviceSecrets, KeyVault, VaultError};

/// The store's file in a device's folder.
const STORE_FILE: &str = "ops.db";
/// The file that says that a program has the folder open.
const LOCK_FILE: &str = "device.lock";

/// Why a client did not do something, by who can mend it.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// What was asked does not fit: a value, a record, a plan.
    #[error(transparent)]
    Write(WriteError),
    /// The device cannot: its store, its log, its keys.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The keys do not open.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// An admin's step was refused.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// The PIN, the lease or the clock keeps the device locked.
    #[error(transparent)]
    Unlock(#[from] UnlockError),
    /// What opens with a worker is not shown or saved.
    #[error(transparent)]
    Restricted(#[from] RestrictedError),
    /// A carrier file is not one, or is damaged.
    #[error(transparent)]
    Carrier(#[from] CarrierError),
    /// A file does not become a photograph.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A photograph was not added, or cannot be read.
    #[error(transparent)]
    Photograph(#[from] PhotographError),
    /// There is no such thing on this device.
    #[error("this device has no such {what}; it may not have come yet: sync and try again")]
    NotFound {
        /// What was asked for.
        what: &'static str,
    },
    /// Several things fit.
    #[error("{count} {what} fit that: say which, by its UPRN or its record id")]
    Ambiguous {
        /// What was asked for.
        what: &'static str,
        /// How many fit.
        count: usize,
    },
    /// The device was revoked, and has begun to wipe itself.
    #[error("this device was ended by its partnership and is wiping itself: connect it, and start the program again")]
    Wiping,
    /// Another program has the folder open.
    #[error("another program has this device's folder open: close it first")]
    InUse,
    /// The folder cannot be reached.
    #[error("the folder cannot be reached ({kind:?}): check that it exists and may be written to")]
    Folder {
        /// What the system says.
        kind: std::io::ErrorKind,
    },
}

impl From<WriteError> for ClientError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Restricted(error) => Self::Restricted(error),
            other => Self::Write(other),
        }
    }
}

impl From<StoreError> for ClientError {
    fn from(error: StoreError) -> Self {
        Self::Device(error.into())
    }
}

/// A device that is open.
#[derive(Clone)]
pub struct Client {
    device: Arc<Mutex<Device>>,
    clock: Arc<dyn Clock>,
    folder: Arc<PathBuf>,
    /// Held as long as any clone lives.
    _lock: Arc<File>,
}

impl Client {
    /// Makes a new device in an empty folder. Its secrets are in the vault when this returns.
    ///
    /// # Errors
    /// [`ClientError::Vault`] when the folder holds a device already.
    pub fn create(folder: &Path, vault: &dyn KeyVault, clock: Arc<dyn Clock>) -> Result<Self, ClientError> {
        std::fs::create_dir_all(folder).map_err(|error| ClientError::Folder { kind: error.kind() })?;
        let lock = lock(folder)?;
        let secrets = vault.make()?;
        vault.keep(&secrets)?;
        Self::with_secrets(folder, secrets, clock, lock)
    }

    /// Opens a device.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn open(folder: &Path, vault: &dyn KeyVault, clock: Arc<dyn Clock>) -> Result<Self, ClientError> {
        if !folder.is_dir() {
            return Err(VaultError::Empty.into());
        }
        let lock = lock(folder)?;
        if folder.join(crate::farewell::MARK_FILE).exists() {
            return Err(ClientError::Wiping);
        }
        let secrets = vault.open()?;
        let client = Self::with_secrets(folder, secrets, clock, lock)?;
        client.seats().finish_move(vault)?;
        Ok(client)
    }

    fn with_secrets(
        folder: &Path,
        secrets: DeviceSecrets,
        clock: Arc<dyn Clock>,
        lock: File,
    ) -> Result<Self, ClientError> {
        let store = Store::open(&folder.join(STORE_FILE), &secrets.database)?;
        let mut device = Device::open(store, secrets, &mut crate::randomness::os())?;
        device.finish_rebuild(clock.now())?;
        Ok(Self {
            device: Arc::new(Mutex::new(device)),
            clock,
            folder: Arc::new(folder.to_owned()),
            _lock: Arc::new(lock),
        })
    }

    /// The device behind, for the sync driver. Never hold the lock across the network.
    #[must_use]
    pub fn device(&self) -> Arc<Mutex<Device>> {
        Arc::clone(&self.device)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Device> {
        // A panic while the lock was held may have left memory behind disk: what is read from disk is right.
        self.device.lock().unwrap_or_else(|poisoned| {
            self.device.clear_poison();
            let mut device = poisoned.into_inner();
            if device.reload().is_err() {
                tracing::error!("the store could not be read again after a failure");
            }
            device
        })
    }

    /// As if the server had just answered: what opens with a worker may open.
    #[cfg(test)]
    fn hear(&self) {
        let heard = crate::seat::ClockMarks::answered_at(self.now());
        let written = self.lock().store.write(|marks| crate::store::seats::set_clock_marks(marks, heard));
        written.expect("a store that takes the mark");
    }

    /// Now, by this device's clock.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Who this device is.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        self.lock().id()
    }

    /// Where it lives.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs `work` on a draft and commits all of it, or nothing.
    ///
    /// # Errors
    /// [`ClientError::Write`].
    pub fn write<T>(
        &self,
        work: impl FnOnce(&mut Draft<'_, DrawRandomness>) -> Result<T, WriteError>,
    ) -> Result<T, ClientError> {
        let now = self.now();
        let mut rng = DrawRandomness::new();
        Ok(self.lock().write(now, &mut rng, work)?)
    }

    /// One document of a record as it stands, for what compares before it writes. Pages for people are
    /// [`Properties::get`] and [`People::get`].
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn document(&self, record: RecordId, class: Class) -> Result<Option<DocumentView>, ClientError> {
        let mut device = self.lock();
        let view = properties::view_of(&mut device, record, class)?;
        device.let_go();
        Ok(view)
    }

    /// Properties.
    #[must_use]
    pub const fn properties(&self) -> Properties<'_> {
        Properties { client: self }
    }

    /// People.
    #[must_use]
    pub const fn people(&self) -> People<'_> {
        People { client: self }
    }

    /// Photographs of homes.
    #[must_use]
    pub const fn photographs(&self) -> Photographs<'_> {
        Photographs { client: self }
    }

    /// Visits.
    #[must_use]
    pub const fn visits(&self) -> Visits<'_> {
        Visits { client: self }
    }

    /// What a crew needs.
    #[must_use]
    pub const fn firebox(&self) -> Firebox<'_> {
        Firebox { client: self }
    }

    /// Values that disagree.
    #[must_use]
    pub const fn conflicts(&self) -> Conflicts<'_> {
        Conflicts { client: self }
    }

    /// Statutory clocks.
    #[must_use]
    pub const fn clocks(&self) -> Clocks<'_> {
        Clocks { client: self }
    }

    /// Visits at the back office.
    #[must_use]
    pub const fn reviews(&self) -> Reviews<'_> {
        Reviews { client: self }
    }

    /// The disclosure register.
    #[must_use]
    pub const fn register(&self) -> Register<'_> {
        Register { client: self }
    }

    /// Reports.
    #[must_use]
    pub const fn reports(&self) -> Reports<'_> {
        Reports { client: self }
    }

    /// What happened to a home or a person.
    #[must_use]
    pub const fn timeline(&self) -> Timeline<'_> {
        Timeline { client: self }
    }

    /// What is to be done.
    #[must_use]
    pub const fn todo(&self) -> Todo<'_> {
        Todo { client: self }
    }

    /// What may be there twice.
    #[must_use]
    pub const fn duplicates(&self) -> Duplicates<'_> {
        Duplicates { client: self }
    }

    /// Areas, streets, buildings: homes without a map.
    #[must_use]
    pub const fn places(&self) -> Places<'_> {
        Places { client: self }
    }

    /// Names.
    #[must_use]
    pub const fn directory(&self) -> Directory<'_> {
        Directory { client: self }
    }

    /// Code lists, forms, thresholds and bank holidays.
    #[must_use]
    pub const fn packs(&self) -> Packs<'_> {
        Packs { client: self }
    }

    /// Founding, enrolment, devices and teams.
    #[must_use]
    pub const fn partnership(&self) -> Partnership<'_> {
        Partnership { client: self }
    }

    /// Workers' PINs: unlocking and locking.
    #[must_use]
    pub const fn seats(&self) -> Seats<'_> {
        Seats { client: self }
    }

    /// What is sealed: writing it, reading it, breaking the glass before it.
    #[must_use]
    pub const fn glass(&self) -> Glass<'_> {
        Glass { client: self }
    }

    /// What people agreed to.
    #[must_use]
    pub const fn consents(&self) -> Consents<'_> {
        Consents { client: self }
    }

    /// NHS numbers.
    #[must_use]
    pub const fn health(&self) -> Health<'_> {
        Health { client: self }
    }

    /// Addresses that are protected.
    #[must_use]
    pub const fn protection(&self) -> Protection<'_> {
        Protection { client: self }
    }

    /// Who read what, for auditors.
    #[must_use]
    pub const fn audit(&self) -> Audit<'_> {
        Audit { client: self }
    }

    /// Carrier files.
    #[must_use]
    pub const fn carrier(&self) -> Carrier<'_> {
        Carrier { client: self }
    }

    /// Keeps at most so many documents in memory from now on; see [`Device::keep_loaded`]. Nothing is lost by it.
    pub fn keep_loaded(&self, documents_max: usize) {
        self.lock().keep_loaded(documents_max);
    }

    /// How the device stands.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn standing(&self) -> Result<Standing, ClientError> {
        Ok(self.lock().standing()?)
    }

    /// Homes and people with work of this device that the server has not taken yet.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn records_not_sent(&self) -> Result<usize, ClientError> {
        Ok(crate::store::outbox::records_not_sent(self.lock().store().reader())?)
    }

    /// What came and is in no record: it waits, or was set aside for a person.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn tray(&self) -> Result<Vec<NotApplied>, ClientError> {
        Ok(self.lock().tray()?)
    }

    /// Work that does not count, by zone, author and reason: an admin may take it in.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn late_work(&self) -> Result<Vec<LateWork>, ClientError> {
        Ok(self.lock().late_work()?)
    }

    /// Makes every projection again from envelopes and unsealed changes.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn rebuild(&self) -> Result<RebuildReport, ClientError> {
        let now = self.now();
        Ok(self.lock().rebuild(now)?)
    }

    /// Checks everything on disk against everything else.
    ///
    /// # Errors
    /// [`ClientError::Device`]; what does not hold is in the report.
    pub fn verify(&self) -> Result<VerifyReport, ClientError> {
        Ok(self.lock().verify()?)
    }
}

fn lock(folder: &Path) -> Result<File, ClientError> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK_FILE))
        .map_err(|error| ClientError::Folder { kind: error.kind() })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ClientError::InUse),
        Err(TryLockError::Error(error)) => Err(ClientError::Folder { kind: error.kind() }),
    }
}

/// The operating system's randomness, under a name that drafts can carry.
pub struct DrawRandomness(rand_core::UnwrapErr<getrandom::SysRng>);

impl DrawRandomness {
    const fn new() -> Self {
        Self(rand_core::UnwrapErr(getrandom::SysRng))
    }
}

impl rand_core::TryRng for DrawRandomness {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.0.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.try_fill_bytes(bytes)
    }
}

impl rand_core::TryCryptoRng for DrawRandomness {}

const _: fn() = || {
    fn takes(_: impl CryptoRng) {}
    takes(DrawRandomness::new());
};
