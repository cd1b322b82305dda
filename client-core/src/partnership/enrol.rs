//! Enrolment: the desk hands out an invitation, the device answers with a request, the desk accepts it. In person both go
//! from screen to screen; from afar they go by any post, and six words read out over the telephone hold them together.
//!
//! Both texts are public: who reads them learns keys that open nothing. What must not happen is that somebody swaps one.

mod accept;
mod error;
mod invitation;
mod request;
pub(super) mod text;

use doorstep_protocol::{PartnershipId, SignPublic};

pub use accept::{AcceptPlan, AcceptedBefore, accept, accepted_before};
pub use error::EnrolError;
pub use invitation::{
    CLOCK_TOLERANCE_MS, CheckedInvitation, Engagement, IN_PERSON_MS_DEFAULT, IN_PERSON_MS_MAX, Invitation, InvitePlan,
    InviteRow, InviteState, Invited, REMOTE_MS_DEFAULT, REMOTE_MS_MAX, VALID_MS_MIN, WAITING_MAX, WRONG_WORDS_MAX, Way,
    cancel, invite, issued,
};
pub use request::{EnrolmentRequest, JoinPlan, begin};
pub use text::{TEXT_CHARS_MAX, Text};

use super::writer::{AdminError, Written};
use crate::device::{Device, DeviceError};
use crate::store::{StoreError, meta};

/// Makes the founding desk a member of what it founded. The log is on this device's disk when this returns, and is still to
/// be brought to the server.
///
/// # Errors
/// [`AdminError::Device`].
pub fn settle(
    desk: &mut Device,
    partnership: PartnershipId,
    written: &Written,
    server: (&str, &SignPublic),
) -> Result<(), AdminError> {
    desk.store
        .write(|transaction| {
            meta::set_partnership(transaction, partnership)?;
            meta::set_server_url(transaction, server.0)?;
            meta::set_server_key(transaction, server.1)?;
            Ok::<_, StoreError>(())
        })
        .map_err(DeviceError::from)?;
    take_written(desk, written)
}

/// Takes what this desk wrote into its own log, once the server has it.
///
/// # Errors
/// [`AdminError`].
pub fn take_written(desk: &mut Device, written: &Written) -> Result<(), AdminError> {
    desk.take_log(&written.entries, &written.wraps).map(|_| ()).map_err(|error| match error {
        crate::device::AnswerError::Log(error) => AdminError::Log(error),
        crate::device::AnswerError::Device(error) => AdminError::Device(error),
        _ => AdminError::OtherPartnership,
    })
}

#[cfg(test)]
mod tests;
