//! What the nouns of one device share: the open device, the way to its server, and what runs for it in the background.

use std::sync::{Arc, PoisonError, RwLock};

use doorstep_client_core::client::{Client, ClientError};
use doorstep_client_core::sync::Turns;
use doorstep_client_core::transport::HttpTransport;
use doorstep_client_core::vault::KeystoreVault;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::brought::Way;
use crate::error::{DoorstepError, shut_down};
use crate::vault::Brought;

/// An open device. The folder's lock goes last.
pub(crate) struct Open {
    pub(crate) turns: Turns<HttpTransport>,
    /// Ends what runs in the background.
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    pub(crate) way: Way,
    pub(crate) vault: KeystoreVault<Brought>,
    pub(crate) client: Client,
}

/// An open device, until it is shut down. Every noun holds it.
pub(crate) struct Shared(RwLock<Option<Arc<Open>>>);

impl Shared {
    pub(crate) fn of(open: Open) -> Arc<Self> {
        Arc::new(Self(RwLock::new(Some(Arc::new(open)))))
    }

    /// The device, for one call: whatever is shut down meanwhile, the call comes to its end.
    ///
    /// # Errors
    /// [`DoorstepError::NotAllowed`] once it is shut down.
    pub(crate) fn open(&self) -> Result<Arc<Open>, DoorstepError> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(shut_down)
    }

    /// Reads.
    ///
    /// # Errors
    /// What `work` raised.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Client) -> Result<T, ClientError>) -> Result<T, DoorstepError> {
        Ok(work(&self.open()?.client)?)
    }

    /// Writes; a watch sends it soon.
    ///
    /// # Errors
    /// What `work` raised.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Client) -> Result<T, ClientError>) -> Result<T, DoorstepError> {
        let open = self.open()?;
        let written = work(&open.client)?;
        open.turns.wake();
        Ok(written)
    }

    /// Takes the device out: no call begins any more.
    pub(crate) fn take(&self) -> Option<Arc<Open>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner).take()
    }
}
