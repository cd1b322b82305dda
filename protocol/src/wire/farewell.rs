//! What a revoked device and the server still say to each other: the device learns from the log itself that it was revoked,
//! hands over what it had not sent, wipes itself and says so. It is given nothing else.

use super::Refusal;
use super::frame::Remainder;
use crate::authority::SignedEntry;
use crate::cbor::{self, Bytes, CborError};
use crate::ids::{DeviceId, EnvelopeId, LogHash, LogSize, Millis, PartnershipId, SignPublic, Signature};
use crate::signature::{self, SignatureError};
use crate::{hash, label, limits};

messages! {
    /// A revoked device takes its leave. It may come in several requests.
    FarewellRequest (limit limits::SYNC_REQUEST_BYTES_MAX) {
        /// The tenant.
        0 partnership: PartnershipId,
        /// The device.
        1 device: DeviceId,
        /// The challenge, returned.
        2 challenge: Bytes,
        /// How much of the authority log the device has verified.
        3 log_size: LogSize,
        /// Its head there.
        4 log_head: LogHash,
        /// Envelopes it had not sent, in the order of its counters; the server takes them once it has the revocation.
        5 envelopes: Vec<Bytes>,
        /// Says that the device has wiped itself, at the end: a [`SignedWipeReceipt`].
        6 wiped: Option<Bytes>,
    }
    /// What a revoked device is given.
    FarewellAnswer (limit limits::LOG_APPEND_BYTES_MAX) {
        /// The entries after the device's own, through its revocation and no further: it believes nothing else.
        0 entries: Vec<SignedEntry>,
        /// Whether entries were left out: ask again.
        1 remainder: Remainder,
        /// Envelopes that lie in the inbox, or were stored before.
        2 held: Vec<EnvelopeId>,
        /// Envelopes that were not taken.
        3 refused: Vec<Refusal>,
    }
    /// A device has wiped its keys and files.
    WipeReceipt (limit 256) {
        /// The tenant.
        0 partnership: PartnershipId,
        /// The device.
        1 device: DeviceId,
        /// The size of the log with its revocation in it, as it verified it.
        2 log_size: LogSize,
        /// Its head there.
        3 log_head: LogHash,
        /// When, by the device's clock.
        4 time: Millis,
        /// Envelopes that it had not sent and that nobody took.
        5 unsent: u32,
    }
    /// The same with the device's signature.
    SignedWipeReceipt (limit 512) {
        /// The canonical bytes of a [`WipeReceipt`].
        0 receipt: Bytes,
        /// `Sig(device, "doorstep/1/sig/wipe", SHA256(receipt))`.
        1 signature: Signature,
    }
}

/// Why a wipe receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WipeReceiptError {
    /// It does not decode.
    #[error(transparent)]
    Form(#[from] CborError),
    /// The device did not sign it.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl SignedWipeReceipt {
    /// What the device signs.
    #[must_use]
    pub fn signing_digest(receipt: &[u8]) -> [u8; 32] {
        hash::sha256(receipt).0
    }

    /// The receipt, once the device's signature holds.
    ///
    /// # Errors
    /// [`WipeReceiptError`].
    pub fn verify(&self, device: &SignPublic) -> Result<WipeReceipt, WipeReceiptError> {
        signature::verify(device, label::SIG_WIPE, &Self::signing_digest(&self.receipt.0), &self.signature)?;
        Ok(WipeReceipt::parse(&self.receipt.0)?)
    }
}
