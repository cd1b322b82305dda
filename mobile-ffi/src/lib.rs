//! The device for apps in Kotlin, Swift and Python, by UniFFI: the nouns of `client-core` as records and enums. Conversions only;
//! what happens, happens in `client-core`.
//!
//! | noun | is |
//! | --- | --- |
//! | [`Doorstep`] | an open device: `create`, `open`, and the nouns below |
//! | [`Properties`] | find, get |
//! | [`People`] | find, get |
//! | [`Visits`] | record what was found at a home, with or without signal |
//! | [`Firebox`] | what a crew needs, never gated |
//! | [`Conflicts`] | values that disagree: list, resolve |
//! | [`Enrolment`] | take an invitation, show the request |
//! | `sync`, `status` of [`Doorstep`] | catching up, and how the device stands |
//!
//! Every call but `sync` is local, works without a network and may block for some milliseconds: call it off the screen's thread.
//! `sync` is asynchronous; dropping it leaves on disk what was committed.
//!
//! Keys are kept in a file sealed under a passphrase. A phone's hardware keystore takes its place as a trait that the app
//! implements, of the shape of `client_core::vault::KeyVault`; until then an app keeps the passphrase in its keystore.
//!
//! Bindings are made from the built library by `uniffi-bindgen`, which is not part of this workspace: its version is that of
//! the crate `uniffi` here.

mod conflict;
mod enrolment;
mod error;
mod firebox;
mod found;
mod page;
mod person;
mod property;
mod status;
mod sync;
mod visit;
mod words;

use std::path::Path;
use std::sync::Arc;

use doorstep_client_core::client::{Client, SystemClock};
use doorstep_client_core::vault::FileVault;
use zeroize::Zeroizing;

pub use conflict::{ConflictItem, Conflicts, SaidValue};
pub use enrolment::{DeviceKind, Enrolment};
pub use error::DoorstepError;
pub use firebox::{Firebox, FireboxEntry, FireboxLine, FireboxScreen};
pub use found::{FoundAlarm, FoundClutter, FoundFlag, FoundHazard};
pub use page::{Delivery, PersonPage, PersonRow, PropertyPage, PropertyRow};
pub use person::People;
pub use property::Properties;
pub use status::Status;
pub use sync::{SyncEnd, SyncObserver, SyncProgress, SyncReport};
pub use visit::{AtProperty, NewVisit, VisitRecorded, Visits};
pub use words::{
    AlarmKind, AlarmState, ExitState, FlagKind, FlagSubject, HazardScheme, Outcome, RoomKind, Scope, Severity,
    VisitKind,
};

uniffi::setup_scaffolding!();

/// The file of the sealed keys in a device's folder.
const KEYS_FILE: &str = "keys.sealed";

/// A device that is open. One at a time for each folder.
#[derive(uniffi::Object)]
pub struct Doorstep {
    client: Client,
    syncer: sync::KeptSyncer,
}

#[uniffi::export]
impl Doorstep {
    /// Makes a new device in an empty folder, its keys sealed under the passphrase.
    ///
    /// # Errors
    /// [`DoorstepError::Folder`], [`DoorstepError::Keys`].
    #[uniffi::constructor]
    pub fn create(folder: &str, passphrase: String) -> Result<Arc<Self>, DoorstepError> {
        let folder = Path::new(folder);
        Ok(Self::around(Client::create(folder, &vault(folder, passphrase), Arc::new(SystemClock))?))
    }

    /// Opens a device.
    ///
    /// # Errors
    /// [`DoorstepError::Folder`], [`DoorstepError::Keys`], [`DoorstepError::Storage`].
    #[uniffi::constructor]
    pub fn open(folder: &str, passphrase: String) -> Result<Arc<Self>, DoorstepError> {
        let folder = Path::new(folder);
        Ok(Self::around(Client::open(folder, &vault(folder, passphrase), Arc::new(SystemClock))?))
    }

    /// The id of this device, as hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> String {
        self.client.id().to_string()
    }

    /// Properties.
    #[must_use]
    pub fn properties(&self) -> Arc<Properties> {
        Arc::new(Properties { client: self.client.clone() })
    }

    /// People.
    #[must_use]
    pub fn people(&self) -> Arc<People> {
        Arc::new(People { client: self.client.clone() })
    }

    /// Visits.
    #[must_use]
    pub fn visits(&self) -> Arc<Visits> {
        Arc::new(Visits { client: self.client.clone() })
    }

    /// What a crew needs.
    #[must_use]
    pub fn firebox(&self) -> Arc<Firebox> {
        Arc::new(Firebox { client: self.client.clone() })
    }

    /// Values that disagree.
    #[must_use]
    pub fn conflicts(&self) -> Arc<Conflicts> {
        Arc::new(Conflicts { client: self.client.clone() })
    }

    /// Joining a partnership.
    #[must_use]
    pub fn enrolment(&self) -> Arc<Enrolment> {
        Arc::new(Enrolment { client: self.client.clone() })
    }

    /// How the device stands.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn status(&self) -> Result<Status, DoorstepError> {
        Ok(self.client.standing()?.into())
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl Doorstep {
    /// Catches up with the server once: sends what is owed, takes what is new. Local work goes on meanwhile.
    ///
    /// # Errors
    /// [`DoorstepError::NotAllowed`] before the device is enrolled; what goes wrong on the way is in the report.
    pub async fn sync(&self, observer: Option<Arc<dyn SyncObserver>>) -> Result<SyncReport, DoorstepError> {
        sync::once(&self.client, &self.syncer, observer).await
    }
}

impl Doorstep {
    fn around(client: Client) -> Arc<Self> {
        Arc::new(Self { client, syncer: sync::KeptSyncer::default() })
    }
}

fn vault(folder: &Path, passphrase: String) -> FileVault {
    FileVault::new(&folder.join(KEYS_FILE), Zeroizing::new(passphrase))
}
