//! The form of an authority log entry: `[1, partnership, seq, prev, time_ms, author, type, body]` and its signatures.
//!
//! The signed bytes are kept and hashed as they came; they are never written again before they are verified.

use crate::authority::body::{Body, BodyError};
use crate::cbor::{self, Bytes, CborError};
use crate::ids::{Digest32, LogHash, LogSize, Millis, PartnershipId, Signature, SignerId};
use crate::{hash, label, limits};

/// The version of the form.
const VERSION: u8 = 1;

/// What an entry says, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The tenant.
    pub partnership: PartnershipId,
    /// The position of this entry, from 1.
    pub seq: LogSize,
    /// The hash of the entry before, zero before the genesis.
    pub prev: LogHash,
    /// When its author says it was made.
    pub time: Millis,
    /// Who made it: a root key or an admin's device.
    pub author: SignerId,
    /// What it says.
    pub body: Body,
}

#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
struct WireEntry {
    #[n(0)]
    version: u8,
    #[n(1)]
    partnership: PartnershipId,
    #[n(2)]
    seq: LogSize,
    #[n(3)]
    prev: LogHash,
    #[n(4)]
    time: Millis,
    #[n(5)]
    author: SignerId,
    #[n(6)]
    kind: u8,
    #[n(7)]
    body: Bytes,
}

/// Why bytes are not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Not a canonical record.
    #[error(transparent)]
    Form(#[from] CborError),
    /// Of a newer version.
    #[error("log entry version {0} is not known to this version")]
    Version(u8),
    /// What it says does not decode.
    #[error(transparent)]
    Body(#[from] BodyError),
}

/// One signature on an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct EntrySignature {
    /// Who signed.
    #[n(0)]
    pub signer: SignerId,
    /// `Sig(sk, "doorstep/1/sig/log", SHA256(entry))`.
    #[n(1)]
    pub signature: Signature,
}

/// An entry as it travels and is stored: its bytes, and its signatures in ascending order of signer.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct SignedEntry {
    /// The signed bytes.
    #[n(0)]
    pub entry: Bytes,
    /// Ascending by signer, each signer once.
    #[n(1)]
    pub signatures: Vec<EntrySignature>,
}

impl Entry {
    /// The canonical bytes that are signed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&WireEntry {
            version: VERSION,
            partnership: self.partnership,
            seq: self.seq,
            prev: self.prev,
            time: self.time,
            author: self.author,
            kind: self.body.code(),
            body: Bytes(self.body.to_bytes()),
        })
    }

    /// Decodes an entry.
    ///
    /// # Errors
    /// [`EntryError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        let wire: WireEntry = cbor::decode("log entry", bytes, limits::LOG_ENTRY_BYTES_MAX)?;
        if wire.version != VERSION {
            return Err(EntryError::Version(wire.version));
        }
        Ok(Self {
            partnership: wire.partnership,
            seq: wire.seq,
            prev: wire.prev,
            time: wire.time,
            author: wire.author,
            body: Body::parse(wire.kind, &wire.body.0)?,
        })
    }

    /// What signers sign: `SHA256(entry)`, under [`label::SIG_LOG`].
    #[must_use]
    pub fn signing_digest(entry_bytes: &[u8]) -> Digest32 {
        hash::sha256(entry_bytes)
    }
}

impl SignedEntry {
    /// Puts signatures in their order.
    #[must_use]
    pub fn new(entry: Vec<u8>, mut signatures: Vec<EntrySignature>) -> Self {
        signatures.sort_by_key(|s| s.signer);
        Self { entry: Bytes(entry), signatures }
    }

    /// `H("doorstep/1/log-entry", entry, signatures)`: what the next entry links to.
    #[must_use]
    pub fn hash(&self) -> LogHash {
        LogHash(hash::tagged(label::LOG_ENTRY, &[&self.entry.0, &cbor::encode(&self.signatures)]))
    }
}
