//! The server's signed statement of feed and log heads.

use crate::authority::ZoneFeedPoint;
use crate::cbor::{self, Bytes, CborError};
use crate::ids::{
    DeviceId, Digest32, LogHash, LogSize, Millis, PartnershipId, RestoreEpoch, SignPublic, Signature, StoreId,
};
use crate::signature::{self, SignatureError};
use crate::{hash, label, limits};

/// What a server states to one reader. Heads of zones in which nothing is new for the reader stand in `heads` alone, so
/// that an idle device costs the same however many zones it reads.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Checkpoint {
    /// The version of the form: 1.
    #[n(0)]
    pub version: u8,
    /// The tenant.
    #[n(1)]
    pub partnership: PartnershipId,
    /// Whom it is for.
    #[n(2)]
    pub reader: DeviceId,
    /// The store.
    #[n(3)]
    pub store: StoreId,
    /// How often the store was restored.
    #[n(4)]
    pub restore_epoch: RestoreEpoch,
    /// The server's clock.
    #[n(5)]
    pub time: Millis,
    /// The size of the authority log.
    #[n(6)]
    pub log_size: LogSize,
    /// Its head.
    #[n(7)]
    pub log_head: LogHash,
    /// [`crate::feed::heads_digest`] over every zone the reader may read.
    #[n(8)]
    pub heads: Digest32,
    /// Zones whose head is past the reader's cursor in the request, ascending by zone.
    #[n(9)]
    pub changed: Vec<ZoneFeedPoint>,
}

/// A checkpoint as it travels: its bytes and the server's signature.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct SignedCheckpoint {
    /// The signed bytes.
    #[n(0)]
    pub checkpoint: Bytes,
    /// `Sig(server, "doorstep/1/sig/checkpoint", SHA256(checkpoint))`.
    #[n(1)]
    pub signature: Signature,
}

/// Why a checkpoint is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not a canonical record.
    #[error(transparent)]
    Form(#[from] CborError),
    /// Of a newer version.
    #[error("checkpoint version {0} is not known to this version")]
    Version(u8),
    /// The signature is not the server's.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl Checkpoint {
    /// The version of the form.
    pub const VERSION: u8 = 1;

    /// What the server signs under [`label::SIG_CHECKPOINT`].
    #[must_use]
    pub fn signing_digest(bytes: &[u8]) -> Digest32 {
        hash::sha256(bytes)
    }
}

impl SignedCheckpoint {
    /// The longest checkpoint, with its signature.
    pub const BYTES_MAX: usize = 512 + limits::ZONES_PER_DEVICE_MAX * 64;

    /// The checkpoint, once the server's signature holds.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn verify(&self, server_key: &SignPublic) -> Result<Checkpoint, CheckpointError> {
        let digest = Checkpoint::signing_digest(&self.checkpoint.0);
        signature::verify(server_key, label::SIG_CHECKPOINT, &digest.0, &self.signature)?;
        let checkpoint: Checkpoint = cbor::decode("checkpoint", &self.checkpoint.0, Self::BYTES_MAX)?;
        if checkpoint.version != Checkpoint::VERSION {
            return Err(CheckpointError::Version(checkpoint.version));
        }
        Ok(checkpoint)
    }
}
