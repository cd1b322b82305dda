//! The envelope as the server sees it: a header of fixed offsets, its id, its author's signature. What is inside is
//! sealed and opened by `doorstep-crypto`, which the server does not have.
//!
//! ```text
//! envelope = header(156) ‖ [drop-box: enc(32) ‖ wrapped(48)] ‖ salt(32) ‖ com(32) ‖ ct(|P|+16) ‖ sig(64)
//! ```

use sha2::{Digest, Sha256};

use crate::ids::{
    DeviceId, DocumentId, EnvelopeId, Epoch, LogHash, LogSize, PartnershipId, SignPublic, Signature, ZoneId, ZoneSeq,
};
use crate::signature::{self, SignatureError};
use crate::{label, limits};

/// The first four bytes of every envelope.
pub const MAGIC: [u8; 4] = *b"DSE1";
/// The one suite there is: HKDF-SHA256, HMAC-SHA256, ChaCha20-Poly1305, Ed25519.
pub const SUITE: u8 = 1;
/// Length of the header.
pub const HEADER_BYTES: usize = 156;
/// Length of `enc ‖ wrapped` in a drop-box envelope.
pub const DROP_BOX_BYTES: usize = 80;
/// Salt before the ciphertext.
pub const SALT_BYTES: usize = 32;
/// Commitment before the ciphertext.
pub const COMMITMENT_BYTES: usize = 32;
/// Tag of the AEAD.
pub const TAG_BYTES: usize = 16;
/// Padded plaintexts are at least this long.
pub const PADDED_BYTES_MIN: usize = 256;
/// What an envelope adds to its padded plaintext.
pub const OVERHEAD_BYTES: usize = HEADER_BYTES + SALT_BYTES + COMMITMENT_BYTES + TAG_BYTES + Signature::LEN;

const FLAG_DROP_BOX: u16 = 1;

/// What an envelope carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvelopeKind {
    /// A batch of changes of one document.
    Changes,
    /// A whole document, standing for the envelopes it covers.
    Snapshot,
}

impl EnvelopeKind {
    const fn code(self) -> u8 {
        match self {
            Self::Changes => 1,
            Self::Snapshot => 2,
        }
    }
}

/// How the one-time key reaches the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keying {
    /// Derived from the zone key that writers and readers share.
    ZoneKey,
    /// Sealed to the public key of a zone that everybody writes and only auditors open.
    DropBox,
}

/// The header of an envelope: who wrote it, where it belongs, what the author had seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What is inside.
    pub kind: EnvelopeKind,
    /// How it is keyed.
    pub keying: Keying,
    /// The tenant.
    pub partnership: PartnershipId,
    /// The zone whose key seals it.
    pub zone: ZoneId,
    /// The document it belongs to.
    pub document: DocumentId,
    /// The epoch of the zone key.
    pub epoch: Epoch,
    /// The device that wrote and signed it.
    pub author: DeviceId,
    /// The author's counter in this zone, from 1.
    pub zseq: ZoneSeq,
    /// The author's previous envelope in this zone, zero before the first.
    pub prev: EnvelopeId,
    /// How much of the authority log the author had verified.
    pub log_size: LogSize,
    /// The head of the log at that size.
    pub log_head: LogHash,
}

/// Why bytes are not an envelope. Each check has its own error; nothing further is read after one fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Too short to be one, or longer than allowed.
    #[error("an envelope has {found_bytes} bytes; it must have between {min_bytes} and {limit_bytes}")]
    Length {
        /// Bytes found.
        found_bytes: usize,
        /// The shortest there is.
        min_bytes: usize,
        /// The longest allowed.
        limit_bytes: usize,
    },
    /// Not a Doorstep envelope.
    #[error("not an envelope: it does not begin with DSE1")]
    Magic,
    /// A suite of a newer version.
    #[error("suite {0} is not known to this version")]
    Suite(u8),
    /// A kind of a newer version.
    #[error("kind {0} is not known to this version")]
    Kind(u8),
    /// Reserved flag bits are set.
    #[error("flags {0:#06x} are not known to this version")]
    Flags(u16),
    /// Counters start at 1 and the first envelope has no predecessor.
    #[error("the author's counter and predecessor do not fit each other")]
    Counter,
    /// The author's signature does not hold.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// A cursor over bytes whose length was checked before.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }
}

impl Header {
    /// The 156 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let flags = match self.keying {
            Keying::ZoneKey => 0,
            Keying::DropBox => FLAG_DROP_BOX,
        };
        let mut bytes = [0u8; HEADER_BYTES];
        let parts: [&[u8]; 13] = [
            &MAGIC,
            &[SUITE, self.kind.code()],
            &u16::to_be_bytes(flags),
            &self.partnership.0,
            &self.zone.0,
            &self.document.0,
            &self.epoch.0.to_be_bytes(),
            &self.author.0,
            &self.zseq.0.to_be_bytes(),
            &self.prev.0,
            &self.log_size.0.to_be_bytes(),
            &self.log_head.0,
            &[],
        ];
        let mut at = 0;
        for part in parts {
            bytes[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        bytes
    }

    /// Reads the header at the front of `bytes`, refusing unknown values and reserved bits.
    ///
    /// # Errors
    /// [`EnvelopeError`]: which check failed.
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        let short = EnvelopeError::Length {
            found_bytes: bytes.len(),
            min_bytes: HEADER_BYTES,
            limit_bytes: limits::ENVELOPE_BYTES_MAX,
        };
        let mut fields = Fields(bytes);
        if fields.take::<4>().ok_or(short)? != MAGIC {
            return Err(EnvelopeError::Magic);
        }
        let [suite] = fields.take().ok_or(short)?;
        if suite != SUITE {
            return Err(EnvelopeError::Suite(suite));
        }
        let kind = match fields.take().ok_or(short)? {
            [1] => EnvelopeKind::Changes,
            [2] => EnvelopeKind::Snapshot,
            [other] => return Err(EnvelopeError::Kind(other)),
        };
        let keying = match u16::from_be_bytes(fields.take().ok_or(short)?) {
            0 => Keying::ZoneKey,
            FLAG_DROP_BOX => Keying::DropBox,
            other => return Err(EnvelopeError::Flags(other)),
        };
        let header = Self {
            kind,
            keying,
            partnership: PartnershipId(fields.take().ok_or(short)?),
            zone: ZoneId(fields.take().ok_or(short)?),
            document: DocumentId(fields.take().ok_or(short)?),
            epoch: Epoch(u32::from_be_bytes(fields.take().ok_or(short)?)),
            author: DeviceId(fields.take().ok_or(short)?),
            zseq: ZoneSeq(u64::from_be_bytes(fields.take().ok_or(short)?)),
            prev: EnvelopeId(fields.take().ok_or(short)?),
            log_size: LogSize(u64::from_be_bytes(fields.take().ok_or(short)?)),
            log_head: LogHash(fields.take().ok_or(short)?),
        };
        let first = header.zseq == ZoneSeq(1);
        if header.zseq == ZoneSeq(0) || first != (header.prev == EnvelopeId::ZERO) {
            return Err(EnvelopeError::Counter);
        }
        Ok(header)
    }

    /// What stands between the header and the salt.
    #[must_use]
    pub const fn drop_box_bytes(&self) -> usize {
        match self.keying {
            Keying::ZoneKey => 0,
            Keying::DropBox => DROP_BOX_BYTES,
        }
    }
}

/// An envelope whose form is right; who signed it is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    header: Header,
    id: EnvelopeId,
    bytes: Vec<u8>,
}

impl Envelope {
    /// Checks length, magic, suite, kind, flags and counter, and computes the id.
    ///
    /// # Errors
    /// [`EnvelopeError`]: which check failed.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, EnvelopeError> {
        let min_bytes = OVERHEAD_BYTES + PADDED_BYTES_MIN;
        let wrong_length =
            EnvelopeError::Length { found_bytes: bytes.len(), min_bytes, limit_bytes: limits::ENVELOPE_BYTES_MAX };
        if bytes.len() < min_bytes || bytes.len() > limits::ENVELOPE_BYTES_MAX {
            return Err(wrong_length);
        }
        let header = Header::parse(&bytes)?;
        if bytes.len() < min_bytes + header.drop_box_bytes() {
            return Err(wrong_length);
        }
        let id = envelope_id(&bytes[..bytes.len() - Signature::LEN]);
        Ok(Self { header, id, bytes })
    }

    /// The header.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The id: a digest over everything but the signature.
    #[must_use]
    pub const fn id(&self) -> EnvelopeId {
        self.id
    }

    /// The whole envelope.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The whole envelope, taken.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Everything between the header and the signature: `[enc ‖ wrapped] ‖ salt ‖ com ‖ ct`.
    #[must_use]
    pub fn sealed_part(&self) -> &[u8] {
        &self.bytes[HEADER_BYTES..self.bytes.len() - Signature::LEN]
    }

    /// Checks the author's signature.
    ///
    /// # Errors
    /// [`EnvelopeError::Signature`] when it does not hold for this key.
    pub fn verify(self, author_key: &SignPublic) -> Result<VerifiedEnvelope, EnvelopeError> {
        let (_, tail) = self.bytes.split_at(self.bytes.len() - Signature::LEN);
        let signature = Signature::from_slice(tail).ok_or(SignatureError::Refused)?;
        signature::verify(author_key, label::SIG_ENVELOPE, &self.id.0, &signature)?;
        Ok(VerifiedEnvelope(self))
    }

    /// [`Self::verify`] for callers who keep what does not hold: the envelope comes back.
    ///
    /// # Errors
    /// The envelope itself, when the signature does not hold.
    pub fn verify_or_give_back(self, author_key: &SignPublic) -> Result<VerifiedEnvelope, Box<Self>> {
        let (_, tail) = self.bytes.split_at(self.bytes.len() - Signature::LEN);
        let holds = Signature::from_slice(tail).is_some_and(|signature| {
            signature::verify(author_key, label::SIG_ENVELOPE, &self.id.0, &signature).is_ok()
        });
        if holds { Ok(VerifiedEnvelope(self)) } else { Err(Box::new(self)) }
    }

    /// Takes an envelope that its own author hands over in a request whose signature was checked: the server stores it
    /// without checking the signature again, because every reader does.
    #[must_use]
    pub fn try_from_trusted_sender(self, sender: DeviceId) -> Option<VerifiedEnvelope> {
        (self.header.author == sender).then_some(VerifiedEnvelope(self))
    }
}

/// An envelope whose author is known to have signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedEnvelope(Envelope);

impl core::ops::Deref for VerifiedEnvelope {
    type Target = Envelope;
    fn deref(&self) -> &Envelope {
        &self.0
    }
}

impl VerifiedEnvelope {
    /// The envelope.
    #[must_use]
    pub fn into_inner(self) -> Envelope {
        self.0
    }
}

/// `SHA256(LBL("doorstep/1/envelope-id") ‖ everything but the signature)`.
#[must_use]
pub fn envelope_id(unsigned: &[u8]) -> EnvelopeId {
    let mut hasher = Sha256::new();
    hasher.update(label::prefixed(label::ENVELOPE_ID));
    hasher.update(unsigned);
    EnvelopeId(hasher.finalize().into())
}
