//! What is inside an envelope of changes: `[seat, seat_sig, wall_ms, session, deflated(changes), heads]`.
//!
//! Changes are raw Automerge chunks one after another, deflated together: 200 offline edits are 11.5 KB as one batch and
//! 38.7 KB one by one. Inflation stops at a cap, because Automerge's own has none.

use std::io::{Read, Write};

use doorstep_crypto::keys::SigningKey;
use doorstep_protocol::cbor::{self, Bytes, CborError};
use doorstep_protocol::envelope::Header;
use doorstep_protocol::signature::{self, SignatureError};
use doorstep_protocol::{Digest32, Millis, SeatId, SessionNonce, SignPublic, Signature, hash, label, limits};

/// A batch of changes of one document, made by one worker in one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesPayload {
    /// Who made them.
    pub seat: SeatId,
    /// When the batch was sealed, by the device's clock.
    pub wall: Millis,
    /// The session whose actor made them.
    pub session: SessionNonce,
    /// Raw changes, in an order in which they apply.
    pub changes: Vec<Vec<u8>>,
    /// The document's heads after them.
    pub heads: Vec<Digest32>,
}

/// A payload whose form is right, with what is needed to check the worker's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPayload {
    /// What it says.
    pub payload: ChangesPayload,
    signature: Signature,
    signed: Digest32,
}

#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
struct Wire {
    #[n(0)]
    seat: SeatId,
    #[n(1)]
    seat_sig: Signature,
    #[n(2)]
    wall: Millis,
    #[n(3)]
    session: SessionNonce,
    #[n(4)]
    deflated: Bytes,
    #[n(5)]
    heads: Vec<Digest32>,
}

/// Why an opened envelope has no payload that this version reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// Not a canonical record.
    #[error(transparent)]
    Form(#[from] CborError),
    /// Does not inflate.
    #[error("the batch does not inflate")]
    Deflate,
    /// Inflates to more than a batch may have.
    #[error("the batch inflates to more than {limit_bytes} bytes")]
    TooLarge {
        /// Bytes allowed.
        limit_bytes: usize,
    },
    /// What it inflates to is not a row of changes.
    #[error("the batch is not a row of changes")]
    Changes,
    /// More changes or heads than a batch may have.
    #[error("the batch has more than {limit} changes or heads")]
    TooMany {
        /// The limit.
        limit: usize,
    },
}

impl ChangesPayload {
    /// The canonical bytes, signed by the worker's key for this header.
    #[must_use]
    pub fn to_bytes(&self, header: &Header, seat_key: &SigningKey) -> Vec<u8> {
        let mut wire = Wire {
            seat: self.seat,
            seat_sig: Signature::ZERO,
            wall: self.wall,
            session: self.session,
            deflated: Bytes(deflate(&self.changes.concat())),
            heads: self.heads.clone(),
        };
        wire.seat_sig = seat_key.sign(label::SIG_SEAT, &signed_digest(header, &wire).0);
        cbor::encode(&wire)
    }

    /// Reads the payload of an opened envelope.
    ///
    /// # Errors
    /// [`PayloadError`].
    pub fn read(header: &Header, bytes: &[u8]) -> Result<ReadPayload, PayloadError> {
        let mut wire: Wire = cbor::decode("batch of changes", bytes, limits::ENVELOPE_BYTES_MAX)?;
        if wire.heads.len() > limits::PAYLOAD_HEADS_MAX {
            return Err(PayloadError::TooMany { limit: limits::PAYLOAD_HEADS_MAX });
        }
        let changes = split(&inflate(&wire.deflated.0)?)?;
        let signature = std::mem::replace(&mut wire.seat_sig, Signature::ZERO);
        let signed = signed_digest(header, &wire);
        let payload = Self { seat: wire.seat, wall: wire.wall, session: wire.session, changes, heads: wire.heads };
        Ok(ReadPayload { payload, signature, signed })
    }
}

impl ReadPayload {
    /// Checks that the worker of this seat signed it.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify_seat(&self, key: &SignPublic) -> Result<(), SignatureError> {
        signature::verify(key, label::SIG_SEAT, &self.signed.0, &self.signature)
    }
}

/// SHA-256 of the header and of the payload with the signature's bytes zero.
fn signed_digest(header: &Header, unsigned: &Wire) -> Digest32 {
    hash::sha256(&[&header.to_bytes()[..], &cbor::encode(unsigned)].concat())
}

/// Magic, checksum and kind before the length of a raw chunk.
const CHUNK_LENGTH_AT: usize = 9;
/// Bytes that a length of at most 28 bits takes.
const CHUNK_LENGTH_BYTES_MAX: usize = 4;

/// The length of the raw chunk at the front of `bytes`, header included: it stands behind magic, checksum and kind as
/// groups of seven bits, lowest first (Automerge binary format).
fn chunk_bytes(bytes: &[u8]) -> Option<usize> {
    let mut length = 0usize;
    for (at, byte) in bytes.get(CHUNK_LENGTH_AT..)?.iter().take(CHUNK_LENGTH_BYTES_MAX).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return (CHUNK_LENGTH_AT + at + 1).checked_add(length);
        }
    }
    None
}

fn split(mut joined: &[u8]) -> Result<Vec<Vec<u8>>, PayloadError> {
    let mut changes = Vec::new();
    while !joined.is_empty() {
        let (change, rest) =
            chunk_bytes(joined).and_then(|length| joined.split_at_checked(length)).ok_or(PayloadError::Changes)?;
        changes.push(change.to_vec());
        if changes.len() > limits::BATCH_CHANGES_MAX {
            return Err(PayloadError::TooMany { limit: limits::BATCH_CHANGES_MAX });
        }
        joined = rest;
    }
    if changes.is_empty() { Err(PayloadError::Changes) } else { Ok(changes) }
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("a Vec takes every byte")
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, PayloadError> {
    let limit_bytes = limits::BATCH_INFLATED_BYTES_MAX;
    let mut inflated = Vec::new();
    let mut decoder = flate2::read::DeflateDecoder::new(bytes).take(limit_bytes as u64 + 1);
    decoder.read_to_end(&mut inflated).map_err(|_| PayloadError::Deflate)?;
    if inflated.len() > limit_bytes {
        return Err(PayloadError::TooLarge { limit_bytes });
    }
    Ok(inflated)
}
