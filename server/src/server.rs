//! Starts and stops a whole server: keys, store, relay, listener, in a thread of its own, so that a program that is not
//! asynchronous can hold one too.

use std::fs::{self, File, TryLockError};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;

use doorstep_protocol::{PartnershipId, SignPublic};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Clock, system_clock};
use crate::config::Config;
use crate::keys::{KeyFileError, Keys};
use crate::listen;
use crate::parts::{PARTS_FOLDER, PartFolder};
use crate::relay::Relay;
use crate::route;
use crate::store::sqlite::DATABASE_FILE;
use crate::store::{SqliteStore, StoreError};
use crate::tls::{self, TlsError};

const LOCK_FILE: &str = "server.lock";
/// Threads for reads and writes beyond those that requests have.
const SPARE_THREADS: usize = 8;

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("data folder {folder}: {error}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What happened.
        error: std::io::Error,
    },
    /// Another server uses the data folder.
    #[error("data folder {0} is in use by another server: stop that one, or choose another folder")]
    InUse(PathBuf),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No partnership here may be served with this server's key.
    #[error(
        "the log of partnership {partnership} names the server key {named}, and this server's is {own}: start it with that \
         server.key, or have the root keys sign a ServerKey entry where the partnership is served now"
    )]
    OtherKey {
        /// The partnership.
        partnership: PartnershipId,
        /// The key its log names.
        named: SignPublic,
        /// This server's.
        own: SignPublic,
    },
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What happened.
        error: std::io::Error,
    },
    /// No thread or runtime.
    #[error("cannot start threads: {0}")]
    Threads(std::io::Error),
    /// The server's thread ended before it listened.
    #[error("the server ended while it started")]
    Ended,
}

/// Starts servers.
#[derive(Debug)]
pub struct Server;

/// A server that runs, until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    server_key: SignPublic,
    stopping: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The key that a genesis must name.
    #[must_use]
    pub const fn server_key(&self) -> SignPublic {
        self.server_key
    }

    /// Asks it to stop; what runs finishes.
    #[must_use]
    pub fn stop_token(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// Stops it, and returns once current requests are finished.
    pub fn stop(mut self) {
        self.stopping.cancel();
        self.join();
    }

    /// Returns once it has stopped.
    pub fn wait(mut self) {
        self.join();
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the server's thread panicked");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stopping.cancel();
        self.join();
    }
}

impl Server {
    /// Starts a server, and returns once it listens.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(config: Config) -> Result<Running, StartError> {
        Self::start_with_clock(config, system_clock())
    }

    /// Starts a server whose time is the caller's.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start_with_clock(config: Config, clock: Clock) -> Result<Running, StartError> {
        let lock = lock_folder(&config)?;
        let keys = Keys::open(&config.data)?;
        let store = SqliteStore::open(&config.data.join(DATABASE_FILE))?;
        let tls = config.tls.as_ref().map(tls::acceptor).transpose()?;
        let folder = PartFolder::open(&config.data)
            .map_err(|error| StartError::Folder { folder: config.data.join(PARTS_FOLDER), error })?;
        let relay = Relay::new(store, keys, config.policy.clone())?.with_parts(folder)?;
        let server_key = relay.server_key();
        refuse_others(&relay)?;
        let app = App::new(relay, clock, config.limits.clone());
        let stopping = app.stopping.clone();
        let (listening, heard) = mpsc::sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("doorstep-server".to_owned())
            .spawn(move || {
                run(app, &config, tls, &listening);
                drop(lock);
            })
            .map_err(StartError::Threads)?;
        let mut running = Running { address: ([0, 0, 0, 0], 0).into(), server_key, stopping, thread: Some(thread) };
        running.address = heard.recv().map_err(|_| StartError::Ended)??;
        Ok(running)
    }
}

/// A server with nobody it may serve says so at once; beside others, who moved is said in the log of the program.
fn refuse_others(relay: &Relay<SqliteStore>) -> Result<(), StartError> {
    let own = relay.server_key();
    for (partnership, named) in relay.elsewhere() {
        tracing::error!(%partnership, %named, %own, "the log names another server's key: this partnership is not served");
    }
    let nobody = relay.elsewhere().len() == relay.partnerships()?.len();
    match relay.elsewhere().first_key_value() {
        Some((partnership, named)) if nobody => {
            Err(StartError::OtherKey { partnership: *partnership, named: *named, own })
        }
        _ => Ok(()),
    }
}

/// Holds the data folder for one server, until the file is closed.
///
/// # Errors
/// [`StartError::Folder`], [`StartError::InUse`].
pub fn lock_folder(config: &Config) -> Result<File, StartError> {
    let failed = |error| StartError::Folder { folder: config.data.clone(), error };
    fs::create_dir_all(&config.data).map_err(failed)?;
    let file =
        File::options().create(true).truncate(false).write(true).open(config.data.join(LOCK_FILE)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse(config.data.clone())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

type Listening = mpsc::SyncSender<Result<SocketAddr, StartError>>;

fn run(app: Arc<App>, config: &Config, tls: Option<TlsAcceptor>, listening: &Listening) {
    // Whoever waits for the end hears of it, also when it comes by itself.
    let _ended = app.stopping.clone().drop_guard();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(config.limits.requests_at_once_max + SPARE_THREADS)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            let _starter_gone = listening.send(Err(StartError::Threads(error)));
            return;
        }
    };
    runtime.block_on(async {
        let failed = |error| StartError::Listen { address: config.listen, error };
        let bound = TcpListener::bind(config.listen).await.and_then(|l| l.local_addr().map(|address| (l, address)));
        match bound.map_err(failed) {
            Ok((listener, address)) => {
                let _starter_gone = listening.send(Ok(address));
                let router = route::router(app.clone());
                listen::serve(app.clone(), listener, tls, router).await;
            }
            Err(error) => {
                let _starter_gone = listening.send(Err(error));
            }
        }
    });
}
