//! The end of a device that its partnership has ended: it hands over what it had not sent, destroys its keys and files, and says so.

use std::path::Path;
use std::sync::Arc;

use doorstep_client_core::client::{Clock as _, SystemClock};
use doorstep_client_core::farewell::{self, FarewellError, Mark};
use doorstep_client_core::sync::SetUpError;
use doorstep_client_core::transport::{Connection, HttpTransport, PlainHttp, ServerAddress};
use doorstep_client_core::vault::KeystoreVault;

use crate::brought::Way;
use crate::error::DoorstepError;
use crate::vault::Brought;

/// What became of a device that was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct WipeReport {
    /// Envelopes that the server has taken for a person to decide about.
    pub handed_over: u32,
    /// Envelopes and changes that nobody took.
    pub unsent: u32,
}

impl WipeReport {
    pub(crate) const fn of(mark: &Mark) -> Self {
        Self { handed_over: mark.handed_over, unsent: mark.unsent }
    }
}

impl Way {
    /// The transport to the server that a mark names.
    fn transport(&self, mark: &Mark) -> Result<HttpTransport, SetUpError> {
        let address = ServerAddress::parse(&mark.server_url, PlainHttp::LoopbackOnly)?;
        Ok(match self {
            Self::Ours(trust) => Connection::new(address, trust)?.trusting(mark.server_key),
            Self::Brought(app) => HttpTransport::brought(Self::stack(app), address, mark.server_key),
        })
    }

    /// Goes on with a wipe to its end.
    pub(crate) async fn wipe(
        &self,
        folder: &Path,
        vault: &KeystoreVault<Brought>,
        mark: &Mark,
    ) -> Result<WipeReport, DoorstepError> {
        let transport = self.transport(mark)?;
        farewell::go_on((folder, vault), mark, SystemClock.now(), &transport).await?;
        Ok(WipeReport::of(mark))
    }
}

/// Goes on with a wipe that was interrupted: opening such a device says that it is wiping itself. None where there is nothing to go on
/// with.
///
/// # Errors
/// [`DoorstepError::Server`] without signal, [`DoorstepError::Keys`], [`DoorstepError::Storage`]: it is taken up by the next call.
pub(crate) async fn go_on(folder: &Path, vault: Arc<Brought>, way: Way) -> Result<Option<WipeReport>, DoorstepError> {
    let Some(mark) = farewell::mark(folder)? else { return Ok(None) };
    let vault = KeystoreVault::new(&folder.join(crate::device::KEYS_FILE), vault);
    Ok(Some(way.wipe(folder, &vault, &mark).await?))
}

/// Puts the mark on disk, from which on the wipe is done to its end.
pub(crate) fn begin(folder: &Path, mark: &Mark) -> Result<(), FarewellError> {
    farewell::begin(folder, mark, farewell::NO_HOOK)
}
