//! A device of the story: a real folder, a real store, and a way to the server that can be switched off.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorstep_client_core::client::{Client, SystemClock};
use doorstep_client_core::randomness;
use doorstep_client_core::sync::{Clock, SyncReport, Syncer};
use doorstep_client_core::transport::{Connection, HttpTransport, PlainHttp, ServerAddress, Trust};
use doorstep_client_core::vault::FileVault;
use doorstep_desk::context::keys_of;
use doorstep_protocol::SignPublic;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use crate::StoryError;
use crate::switch::{Switch, Switched};

/// The passphrase of every device of the story. It protects nothing: it is printed.
pub const PASSPHRASE: &str = "doorstep story";

/// Where the server is, and by which key it is known.
#[derive(Clone, Debug)]
pub struct ServerAt {
    /// Its address.
    pub url: String,
    /// Its key.
    pub key: SignPublic,
}

impl ServerAt {
    /// The way to it.
    ///
    /// # Errors
    /// [`StoryError::Link`].
    pub fn transport(&self) -> Result<HttpTransport, StoryError> {
        let address = ServerAddress::parse(&self.url, PlainHttp::LoopbackOnly).map_err(|e| StoryError::link(&e))?;
        let connection = Connection::new(address, &Trust::Public).map_err(|e| StoryError::link(&e))?;
        Ok(connection.trusting(self.key))
    }
}

/// A device.
pub struct StoryDevice {
    /// How the story calls it.
    pub name: &'static str,
    /// Its folder.
    pub folder: PathBuf,
    /// The device itself.
    pub client: Client,
    /// Its network.
    pub switch: Switch,
    syncer: Option<Syncer<Switched<HttpTransport>>>,
}

impl StoryDevice {
    /// Makes one in a new folder.
    ///
    /// # Errors
    /// [`StoryError::Client`].
    pub fn create(name: &'static str, folder: &Path) -> Result<Self, StoryError> {
        std::fs::create_dir_all(folder)?;
        let vault = FileVault::new(&keys_of(folder), Zeroizing::new(PASSPHRASE.to_owned()));
        let client = Client::create(folder, &vault, Arc::new(SystemClock))?;
        Ok(Self { name, folder: folder.to_owned(), client, switch: Switch::on(), syncer: None })
    }

    /// Gives it its way to the server, once it knows its partnership.
    ///
    /// # Errors
    /// [`StoryError::Link`].
    pub fn connect(&mut self, server: &ServerAt) -> Result<(), StoryError> {
        let transport = Switched { inner: server.transport()?, switch: self.switch.clone() };
        let syncer = Syncer::new(self.client.device(), transport, Clock::system(), Box::new(randomness::os()));
        self.syncer = Some(syncer.map_err(|error| StoryError::Client(error.into()))?);
        Ok(())
    }

    /// Its driver, for who goes on with it.
    pub(crate) fn take_syncer(&mut self) -> Option<Syncer<Switched<HttpTransport>>> {
        self.syncer.take()
    }

    /// Its vault.
    #[must_use]
    pub fn vault(&self) -> FileVault {
        FileVault::new(&keys_of(&self.folder), Zeroizing::new(PASSPHRASE.to_owned()))
    }

    /// Tries to catch up, and says how that went.
    ///
    /// # Errors
    /// [`StoryError::Broken`] before [`Self::connect`].
    pub async fn sync(&mut self) -> Result<SyncReport, StoryError> {
        let syncer = self.syncer.as_mut().ok_or(StoryError::Broken("a device syncs before it is connected"))?;
        Ok(syncer.sync_once(&CancellationToken::new(), &mut |_| {}).await)
    }
}
