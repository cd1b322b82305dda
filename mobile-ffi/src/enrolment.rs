//! Joining a partnership: the desk shows an invitation, this device answers with a request, both as text or QR.

use doorstep_client_core::client::Client;
use doorstep_client_core::partnership::Invitation;
use doorstep_protocol::authority;

use crate::error::DoorstepError;

/// Joining a partnership.
#[derive(uniffi::Object)]
pub struct Enrolment {
    pub(crate) client: Client,
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
    /// [`DoorstepError::Misfit`] when the text is no invitation, or this device belongs to another partnership.
    pub fn begin(&self, invitation: &str, kind: DeviceKind) -> Result<String, DoorstepError> {
        let invitation = Invitation::from_text(invitation)?;
        Ok(self.client.partnership().begin(&invitation, kind.into())?.to_text())
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
