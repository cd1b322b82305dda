//! A store that was put back from a backup on purpose: an admin says so in the log, and devices stop warning of it.

use doorstep_protocol::authority::{Body, RestorePoint};
use doorstep_protocol::{Millis, cbor, limits};

use super::remove::one;
use super::writer::{AdminError, Written};
use crate::device::Device;

/// Reads what a restored server wrote down to be signed.
///
/// # Errors
/// [`AdminError::Plan`] when it is something else.
pub fn read_restore_point(bytes: &[u8]) -> Result<RestorePoint, AdminError> {
    cbor::decode("restore point", bytes, limits::LOG_ENTRY_BYTES_MAX).map_err(|_| AdminError::Plan {
        field: "restore point",
        remedy: "this is not one: take the file restore-point-….cbor that `doorstep-server restore` wrote",
    })
}

/// Says in the log that a store was restored on purpose.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn sign_restore(desk: &Device, point: &RestorePoint, now: Millis) -> Result<Written, AdminError> {
    one(desk, Body::RestorePoint(point.clone()), now)
}
