//! Joining a partnership: the desk shows an invitation, this device answers with a request, both as text or QR. The host app
//! reads and shows the codes.

use std::sync::Arc;

use doorstep_client_core::client::ClientError;
use doorstep_client_core::partnership::{AdminError, Invitation, Way};
use doorstep_protocol::authority;

use crate::error::DoorstepError;
use crate::open::Shared;

/// Joining a partnership.
#[derive(uniffi::Object)]
pub struct Enrolment {
    pub(crate) shared: Arc<Shared>,
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum DeviceKind {
    /// One worker's.
    Personal,
    /// A vehicle's or a team's.
    Shared,
}

#[uniffi::export]
impl Enrolment {
    /// Takes an invitation and answers with this device's request, to be shown to the desk. Then sync.
    ///
    /// # Errors
    /// [`DoorstepError::Misfit`] when the text is no invitation, has expired or needs its words, or this device belongs to
    /// another partnership.
    pub fn begin(&self, invitation: &str, kind: DeviceKind) -> Result<String, DoorstepError> {
        self.answer(invitation, None, kind)
    }

    /// As [`Self::begin`], with the six words that the desk read out over the telephone.
    ///
    /// # Errors
    /// [`DoorstepError::Misfit`] also when the words do not fit.
    pub fn begin_with_words(&self, invitation: &str, words: &str, kind: DeviceKind) -> Result<String, DoorstepError> {
        self.answer(invitation, Some(words), kind)
    }

    /// Whether an invitation needs the six words.
    ///
    /// # Errors
    /// [`DoorstepError::Misfit`] when the text is no invitation.
    pub fn needs_words(&self, invitation: &str) -> Result<bool, DoorstepError> {
        let invitation = Invitation::from_text(invitation).map_err(AdminError::from)?;
        Ok(invitation.way() == Way::Remote)
    }
}

impl Enrolment {
    fn answer(&self, invitation: &str, words: Option<&str>, kind: DeviceKind) -> Result<String, DoorstepError> {
        self.shared.write(|client| {
            let refused = |error| ClientError::from(AdminError::from(error));
            let invitation = Invitation::from_text(invitation).map_err(refused)?;
            let invitation = invitation.check(words, client.now()).map_err(refused)?;
            Ok(client.partnership().begin(&invitation, kind.into())?.to_text())
        })
    }
}

impl From<DeviceKind> for authority::DeviceKind {
    fn from(kind: DeviceKind) -> Self {
        match kind {
            DeviceKind::Personal => Self::Personal,
            DeviceKind::Shared => Self::Shared,
        }
    }
}
