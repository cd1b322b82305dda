//! One device behind its pages: the client, the way to the server, and the door.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doorstep_client_core::client::{Client, NameBook};
use doorstep_client_core::vault::KeyVault;
use doorstep_protocol::Millis;
use doorstep_protocol::authority::DeviceKind;

use crate::door::{Door, NoRandomness};
use crate::network::Network;

/// A switch that cuts a device off from its server, for showing what happens without signal.
pub trait Signal: Send + Sync {
    /// Whether there is signal.
    fn is_on(&self) -> bool;

    /// Cuts it, or brings it back.
    fn set(&self, on: SignalIs);
}

/// Whether there is signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalIs {
    /// There is.
    On,
    /// There is none.
    Cut,
}

/// What a device's pages are made of.
pub struct Setup {
    /// The device.
    pub client: Client,
    /// Where its secrets live; without it no PIN can be chosen here.
    pub vault: Option<Box<dyn KeyVault>>,
    /// The way to the server; without it the pages work on what is here.
    pub network: Option<Network>,
    /// A switch for the signal.
    pub signal: Option<Arc<dyn Signal>>,
}

/// A device behind its pages.
pub struct House {
    pub(crate) client: Client,
    pub(crate) vault: Option<Mutex<Box<dyn KeyVault>>>,
    pub(crate) network: Option<Network>,
    pub(crate) signal: Option<Arc<dyn Signal>>,
    door: Mutex<Door>,
    kept: Mutex<Kept>,
}

impl House {
    /// Behind a listener at this address.
    #[must_use]
    pub fn new(setup: Setup, address: SocketAddr) -> Self {
        let Setup { client, vault, network, signal } = setup;
        Self {
            client,
            vault: vault.map(Mutex::new),
            network,
            signal,
            door: Mutex::new(Door::at(address)),
            kept: Mutex::default(),
        }
    }

    /// The door. It is never held across anything slow.
    pub(crate) fn door(&self) -> MutexGuard<'_, Door> {
        // Sessions are whole after every step: a panic elsewhere leaves nothing half done.
        self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A link that opens the pages once.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn start_link(&self) -> Result<String, NoRandomness> {
        let now = self.client.now();
        self.door().start_link(now)
    }

    /// Whether the device was revoked: its pages say that and nothing else.
    pub(crate) fn is_ended(&self) -> bool {
        self.network.as_ref().is_some_and(Network::is_revoked)
    }

    /// There is something to send.
    pub(crate) fn wake(&self) {
        if let Some(network) = &self.network {
            network.wake();
        }
    }
}

/// Who works here, as every page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The worker.
    pub worker: String,
    /// The device.
    pub device: String,
    /// The organisation.
    pub organisation: String,
    /// Whether it is a desk: its passphrase opens it, it has no PINs.
    pub is_desk: bool,
}

/// How long names are believed before they are read again: a page never waits for the directory twice.
const NAMES_KEPT_MS: u64 = 5_000;

/// Names as they were a moment ago.
#[derive(Default)]
struct Kept {
    at: Millis,
    names: Option<Arc<NameBook>>,
    who: Option<Who>,
}

impl House {
    /// The names of the directory; empty before it has come.
    pub(crate) fn names(&self) -> Arc<NameBook> {
        let now = self.client.now();
        {
            let kept = self.kept();
            if let Some(names) = kept.names.as_ref().filter(|_| kept.is_fresh(now)) {
                return Arc::clone(names);
            }
        }
        let names = Arc::new(self.client.directory().names().unwrap_or_default());
        let mut kept = self.kept();
        (kept.at, kept.names, kept.who) = (now, Some(Arc::clone(&names)), None);
        names
    }

    /// Who works here; empty where the directory has no names yet.
    pub(crate) fn who(&self) -> Who {
        let now = self.client.now();
        {
            let kept = self.kept();
            if let Some(who) = kept.who.as_ref().filter(|_| kept.is_fresh(now)) {
                return who.clone();
            }
        }
        let rows = self.client.partnership().devices().unwrap_or_default();
        let mine = rows.into_iter().find(|row| row.this_device);
        let who = mine.map_or_else(Who::default, |row| Who {
            worker: row.workers.join(", "),
            device: row.name,
            organisation: row.organisation,
            is_desk: row.kind == DeviceKind::Desk,
        });
        let _read = self.names();
        self.kept().who = Some(who.clone());
        who
    }

    /// Names have changed: the next page reads them anew.
    pub(crate) fn forget_names(&self) {
        *self.kept() = Kept::default();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Homes and people with work that was not sent.
    pub(crate) fn unsent_homes(&self) -> usize {
        self.client.records_not_sent().unwrap_or_default()
    }
}

impl Kept {
    fn is_fresh(&self, now: Millis) -> bool {
        now.0.saturating_sub(self.at.0) <= NAMES_KEPT_MS
    }
}
