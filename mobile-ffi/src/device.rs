//! An open device, and its nouns.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use doorstep_client_core::client::{Client, SystemClock};
use doorstep_client_core::sync::Turns;
use doorstep_client_core::transport::Trust;
use doorstep_client_core::vault::KeystoreVault;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::brought::Way;
use crate::carrier::Carrier;
use crate::conflict::Conflicts;
use crate::enrolment::Enrolment;
use crate::error::DoorstepError;
use crate::firebox::Firebox;
use crate::form::Forms;
use crate::glass::Glass;
use crate::ids::DeviceId;
use crate::open::{Open, Shared};
use crate::person::People;
use crate::photograph::Photographs;
use crate::property::Properties;
use crate::runtime::{run, runtime};
use crate::seat::Seats;
use crate::status::Status;
use crate::sync::{SyncObserver, SyncReport, SyncStopper};
use crate::todo::Todo;
use crate::transport::Transport;
use crate::vault::{Brought, KeyVault};
use crate::visit::Visits;
use crate::watch::{Watch, WatchObserver};
use crate::wipe::{self, WipeReport};

/// The file of the sealed keys in a device's folder.
pub(crate) const KEYS_FILE: &str = "keys.wrapped";

/// How an app reaches the server.
#[derive(Clone, uniffi::Enum)]
pub enum Network {
    /// By the library's own HTTP.
    Ours {
        /// Certificates to believe beside those of the public authorities, in PEM.
        also_trust: Option<Vec<u8>>,
    },
    /// By the app's.
    Brought {
        /// The app's.
        transport: Arc<dyn Transport>,
    },
}

impl From<Option<Network>> for Way {
    fn from(network: Option<Network>) -> Self {
        match network {
            None | Some(Network::Ours { also_trust: None }) => Self::Ours(Trust::Public),
            Some(Network::Ours { also_trust: Some(pem) }) => Self::Ours(Trust::PublicAnd(pem)),
            Some(Network::Brought { transport }) => Self::Brought(transport),
        }
    }
}

/// A device that is open: one at a time for each folder, in all programs. It may be used from any thread.
#[derive(uniffi::Object)]
pub struct Doorstep {
    shared: Arc<Shared>,
}

#[uniffi::export]
impl Doorstep {
    /// Makes a new device in an empty folder, its keys wrapped by `vault`. Where that refuses, nothing is made.
    ///
    /// # Errors
    /// [`DoorstepError::Keys`], [`DoorstepError::Misfit`] where there is one, [`DoorstepError::InUse`], [`DoorstepError::Storage`].
    #[uniffi::constructor(default(network = None))]
    pub fn create(
        folder: String,
        vault: Arc<dyn KeyVault>,
        network: Option<Network>,
    ) -> Result<Arc<Self>, DoorstepError> {
        let (folder, vault) = (PathBuf::from(folder), Arc::new(Brought(vault)));
        let vault = KeystoreVault::new(&folder.join(KEYS_FILE), vault);
        let client = Client::create(&folder, &vault, Arc::new(SystemClock))?;
        Ok(Self::around(client, vault, network.into()))
    }

    /// Opens a device. `vault` asks the person, for as long as it takes; whatever it says, the device is as it was, and can be opened again.
    ///
    /// # Errors
    /// [`DoorstepError::Keys`], [`DoorstepError::NotHere`] where there is none, [`DoorstepError::InUse`], [`DoorstepError::Storage`];
    /// [`DoorstepError::NotAllowed`] with [`crate::Refusal::Wiping`]: then [`finish_wipe`] is due.
    #[uniffi::constructor(default(network = None))]
    pub fn open(
        folder: String,
        vault: Arc<dyn KeyVault>,
        network: Option<Network>,
    ) -> Result<Arc<Self>, DoorstepError> {
        let (folder, vault) = (PathBuf::from(folder), Arc::new(Brought(vault)));
        let vault = KeystoreVault::new(&folder.join(KEYS_FILE), vault);
        let client = Client::open(&folder, &vault, Arc::new(SystemClock))?;
        Ok(Self::around(client, vault, network.into()))
    }

    /// The id of this device.
    ///
    /// # Errors
    /// [`DoorstepError::NotAllowed`] once it is shut down, as every other call.
    pub fn id(&self) -> Result<DeviceId, DoorstepError> {
        self.shared.read(|client| Ok(client.id().into()))
    }

    /// Joining a partnership.
    #[must_use]
    pub fn enrolment(&self) -> Arc<Enrolment> {
        Arc::new(Enrolment { shared: self.shared.clone() })
    }

    /// Workers and their PINs.
    #[must_use]
    pub fn seats(&self) -> Arc<Seats> {
        Arc::new(Seats { shared: self.shared.clone() })
    }

    /// Properties.
    #[must_use]
    pub fn properties(&self) -> Arc<Properties> {
        Arc::new(Properties { shared: self.shared.clone() })
    }

    /// People.
    #[must_use]
    pub fn people(&self) -> Arc<People> {
        Arc::new(People { shared: self.shared.clone() })
    }

    /// Visits.
    #[must_use]
    pub fn visits(&self) -> Arc<Visits> {
        Arc::new(Visits { shared: self.shared.clone() })
    }

    /// Forms and code lists.
    #[must_use]
    pub fn forms(&self) -> Arc<Forms> {
        Arc::new(Forms { shared: self.shared.clone() })
    }

    /// Photographs of homes.
    #[must_use]
    pub fn photographs(&self) -> Arc<Photographs> {
        Arc::new(Photographs { shared: self.shared.clone() })
    }

    /// What a crew needs.
    #[must_use]
    pub fn firebox(&self) -> Arc<Firebox> {
        Arc::new(Firebox { shared: self.shared.clone() })
    }

    /// What is sealed.
    #[must_use]
    pub fn glass(&self) -> Arc<Glass> {
        Arc::new(Glass { shared: self.shared.clone() })
    }

    /// Values that disagree.
    #[must_use]
    pub fn conflicts(&self) -> Arc<Conflicts> {
        Arc::new(Conflicts { shared: self.shared.clone() })
    }

    /// What a visitor is asked to do.
    #[must_use]
    pub fn todo(&self) -> Arc<Todo> {
        Arc::new(Todo { shared: self.shared.clone() })
    }

    /// Carrier files.
    #[must_use]
    pub fn carrier(&self) -> Arc<Carrier> {
        Arc::new(Carrier { shared: self.shared.clone() })
    }

    /// How the device stands.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn status(&self) -> Result<Status, DoorstepError> {
        let open = self.shared.open()?;
        Ok(Status::of(open.client.standing()?, open.turns.status()))
    }

    /// Stays in sync until what is returned is stopped or let go of: by the server's notices, and by a question every five minutes; over a
    /// [`Transport`] of the app's by that alone. A catch-up that somebody asks for meanwhile has its turn first.
    ///
    /// # Errors
    /// [`DoorstepError::NotAllowed`] before the device is enrolled.
    pub fn watch(&self, observer: Arc<dyn WatchObserver>) -> Result<Arc<Watch>, DoorstepError> {
        let open = self.shared.open()?;
        open.client.partnership().server()?;
        Ok(Watch::begin(open, observer, runtime()?.handle()))
    }

    /// Keeps at most so many documents in memory from now on, and gives back what can be given back: for a system that says that memory is
    /// short. A document has some 20 to 70 KB; 512 are kept where nothing is said, and with 0 each is read when it is wanted.
    ///
    /// # Errors
    /// [`DoorstepError::NotAllowed`] once it is shut down.
    pub fn keep_loaded(&self, documents_max: u32) -> Result<(), DoorstepError> {
        self.shared.read(|client| {
            client.keep_loaded(documents_max as usize);
            Ok(())
        })
    }
}

#[uniffi::export]
impl Doorstep {
    /// Catches up with the server once: sends what is owed, takes what is new. Local work goes on meanwhile. Whoever stops waiting, by
    /// dropping the call or by `stopper`, stops it where nothing is half done.
    ///
    /// # Errors
    /// [`DoorstepError::NotAllowed`] before the device is enrolled; what goes wrong on the way is in the report.
    #[uniffi::method(default(observer = None, stopper = None))]
    pub async fn sync(
        &self,
        observer: Option<Arc<dyn SyncObserver>>,
        stopper: Option<Arc<SyncStopper>>,
    ) -> Result<SyncReport, DoorstepError> {
        self.catch_up(None, observer, stopper).await
    }

    /// The same in the background, where the system gives so much time: it is caught up by then, or has stopped cleanly. It stops a
    /// second before, of less than four seconds a quarter: what is begun on the disk is brought to its end in that.
    ///
    /// # Errors
    /// As [`Self::sync`].
    #[uniffi::method(default(observer = None, stopper = None))]
    pub async fn sync_within(
        &self,
        time: Duration,
        observer: Option<Arc<dyn SyncObserver>>,
        stopper: Option<Arc<SyncStopper>>,
    ) -> Result<SyncReport, DoorstepError> {
        self.catch_up(Some(time), observer, stopper).await
    }

    /// Takes leave of a partnership that has ended this device: hands over what was not sent, and wipes keys and files. The device is shut
    /// down then.
    ///
    /// # Errors
    /// [`DoorstepError::NotAllowed`] with [`crate::Refusal::NotRevoked`] where the partnership's own log does not say so: then nothing is
    /// wiped. Whatever else goes wrong, [`finish_wipe`] goes on with it.
    pub async fn leave(&self) -> Result<WipeReport, DoorstepError> {
        let open = self.shared.open()?;
        let shared = self.shared.clone();
        run(async move {
            let mark = open.turns.take_leave().await?;
            wipe::begin(open.client.folder(), &mark)?;
            shared.take();
            open.stop.cancel();
            open.way.wipe(open.client.folder(), &open.vault, &mark).await
        })
        .await?
    }

    /// Shuts the device down: what runs for it in the background is stopped where nothing is half done, every later call is refused, and
    /// once calls under way have ended another program may open it. Letting go of every object does the same, when it suits the language.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`] when the system gives no threads.
    pub async fn shut_down(&self) -> Result<(), DoorstepError> {
        let Some(open) = self.shared.take() else { return Ok(()) };
        run(async move {
            open.stop.cancel();
            open.tasks.close();
            open.tasks.wait().await;
        })
        .await
    }
}

/// Goes on with the wipe of a device that was interrupted in it. None where there is nothing to go on with.
///
/// # Errors
/// [`DoorstepError::Server`] without signal, [`DoorstepError::Keys`], [`DoorstepError::Storage`]: the next call takes it up.
#[uniffi::export(default(network = None))]
pub async fn finish_wipe(
    folder: String,
    vault: Arc<dyn KeyVault>,
    network: Option<Network>,
) -> Result<Option<WipeReport>, DoorstepError> {
    let (vault, way) = (Arc::new(Brought(vault)), Way::from(network));
    run(async move { wipe::go_on(Path::new(&folder), vault, way).await }).await?
}

impl Doorstep {
    fn around(client: Client, vault: KeystoreVault<Brought>, way: Way) -> Arc<Self> {
        let (device, by) = (client.device(), way.clone());
        let turns = Turns::new(move || by.driver(device.clone()));
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        Arc::new(Self { shared: Shared::of(Open { turns, stop, tasks, way, vault, client }) })
    }

    async fn catch_up(
        &self,
        time: Option<Duration>,
        observer: Option<Arc<dyn SyncObserver>>,
        stopper: Option<Arc<SyncStopper>>,
    ) -> Result<SyncReport, DoorstepError> {
        let open = self.shared.open()?;
        let stop = open.stop.child_token();
        // Whoever does not wait any more does not want it any more.
        let _dropped = stop.clone().drop_guard();
        let tasks = open.tasks.clone();
        let work = async move {
            let mut tell = |progress: &doorstep_client_core::sync::Progress| {
                if let Some(observer) = &observer {
                    observer.on_progress((*progress).into());
                }
            };
            let ended = async {
                match time {
                    Some(time) => open.turns.within(time, &stop, &mut tell).await,
                    None => open.turns.once(&stop, &mut tell).await,
                }
            };
            let stopped = async {
                match &stopper {
                    Some(stopper) => stopper.token.cancelled().await,
                    None => std::future::pending().await,
                }
                stop.cancel();
            };
            both(ended, stopped).await
        };
        Ok(run(tasks.track_future(work)).await??.into())
    }
}

/// Work, and what may stop it meanwhile.
async fn both<T>(work: impl Future<Output = T>, beside: impl Future<Output = ()>) -> T {
    let (mut work, beside) = (std::pin::pin!(work), std::pin::pin!(beside));
    tokio::select! {
        biased;
        done = &mut work => done,
        () = beside => work.await,
    }
}
