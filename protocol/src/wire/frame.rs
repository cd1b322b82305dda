//! The frames of a streamed answer: kind (1 byte) ‖ length (u32) ‖ payload.
//!
//! Order: opening · log entries · wraps for this device · receipts and refusals · feeds, each begun by a feed start ·
//! checkpoint · closing. A reader may stop after any frame and go on from there with its next request; receipts and the
//! checkpoint count only once the closing signature holds, because a proxy between may drop HTTP trailers.

use crate::authority::SignedEntry;
use crate::cbor::{self, CborError};
use crate::ids::{Digest32, EnvelopeId, SignPublic, Signature};
use crate::signature::{self, SignatureError};
use crate::wire::{FeedStart, Opening, Receipt, Refusal, SignedCheckpoint};
use crate::wrap::SEALED_WRAP_BYTES;
use crate::{hash, label, limits};

/// Kind and length before a payload.
pub const FRAME_HEADER_BYTES: usize = 5;

/// Whether the reader has everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Remainder {
    /// Nothing was left out.
    #[n(0)]
    Nothing,
    /// The budget ran out: ask again.
    #[n(1)]
    More,
}

/// The last frame: the server's signature over all frames before it, bound to the request.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Closing {
    /// Whether there is more.
    #[n(0)]
    pub remainder: Remainder,
    /// `Sig(server, "doorstep/1/sig/answer", closing_digest)`.
    #[n(1)]
    pub signature: Signature,
}

/// `H("doorstep/1/answer", request signature, SHA-256 of all frames before, remainder)`.
#[must_use]
pub fn closing_digest(request: &Signature, stream: &Digest32, remainder: Remainder) -> Digest32 {
    Digest32(hash::tagged(label::ANSWER, &[&request.0, &stream.0, &[remainder as u8]]))
}

impl Closing {
    /// Checks that the server closed this very answer to this very request.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify(&self, server: &SignPublic, request: &Signature, stream: &Digest32) -> Result<(), SignatureError> {
        let digest = closing_digest(request, stream, self.remainder);
        signature::verify(server, label::SIG_ANSWER, &digest.0, &self.signature)
    }
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Which store speaks.
    Opening(Opening),
    /// The next entry of the authority log.
    LogEntry(SignedEntry),
    /// A team key sealed to this device.
    TeamWrap(Box<[u8; SEALED_WRAP_BYTES]>),
    /// An envelope of the request is durable.
    Receipt(Receipt),
    /// An envelope of the request was not taken.
    Refusal(Refusal),
    /// The envelopes that follow are of this zone.
    FeedStart(FeedStart),
    /// The next envelope of the feed.
    Envelope(Vec<u8>),
    /// The next envelope of the feed is the reader's own: it has it.
    Own(EnvelopeId),
    /// The next envelope of the feed was erased, as the log says: only its place is left.
    Gone(EnvelopeId),
    /// Heads.
    Checkpoint(SignedCheckpoint),
    /// The end.
    Closing(Closing),
}

/// Why bytes are not the next frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A kind this version does not know.
    #[error("frame kind {0} is not known to this version")]
    Kind(u8),
    /// Bytes after the closing frame, which nothing signs.
    #[error("the answer goes on after its closing frame")]
    AfterClosing,
    /// Longer than a frame may be.
    #[error("a frame of {found_bytes} bytes; the limit is {limit_bytes}")]
    Length {
        /// Bytes announced.
        found_bytes: usize,
        /// Bytes allowed.
        limit_bytes: usize,
    },
    /// A fixed-length payload of another length.
    #[error("frame kind {0} has the wrong length")]
    Fixed(u8),
    /// The payload does not decode.
    #[error(transparent)]
    Form(#[from] CborError),
}

impl Frame {
    fn kind_and_payload(&self) -> (u8, Vec<u8>) {
        match self {
            Self::Opening(m) => (1, m.to_bytes()),
            Self::LogEntry(m) => (2, cbor::encode(m)),
            Self::TeamWrap(wrap) => (3, wrap.to_vec()),
            Self::Receipt(m) => (4, m.to_bytes()),
            Self::Refusal(m) => (5, m.to_bytes()),
            Self::FeedStart(m) => (6, m.to_bytes()),
            Self::Envelope(bytes) => (7, bytes.clone()),
            Self::Own(id) => (8, id.0.to_vec()),
            Self::Checkpoint(m) => (9, cbor::encode(m)),
            Self::Closing(m) => (10, cbor::encode(m)),
            Self::Gone(id) => (11, id.0.to_vec()),
        }
    }

    /// The frame's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let (kind, payload) = self.kind_and_payload();
        frame_bytes(kind, &payload)
    }

    /// The bytes of an envelope frame, without copying the envelope into a [`Frame`] first.
    #[must_use]
    pub fn envelope_bytes(envelope: &[u8]) -> Vec<u8> {
        frame_bytes(7, envelope)
    }

    fn parse(kind: u8, payload: &[u8]) -> Result<Self, FrameError> {
        Ok(match kind {
            1 => Self::Opening(Opening::parse(payload)?),
            2 => Self::LogEntry(cbor::decode("log entry", payload, limits::FRAME_BYTES_MAX)?),
            3 => Self::TeamWrap(Box::new(payload.try_into().map_err(|_| FrameError::Fixed(kind))?)),
            4 => Self::Receipt(Receipt::parse(payload)?),
            5 => Self::Refusal(Refusal::parse(payload)?),
            6 => Self::FeedStart(FeedStart::parse(payload)?),
            7 => Self::Envelope(payload.to_vec()),
            8 => Self::Own(EnvelopeId::from_slice(payload).ok_or(FrameError::Fixed(kind))?),
            9 => Self::Checkpoint(cbor::decode("checkpoint", payload, SignedCheckpoint::BYTES_MAX)?),
            10 => Self::Closing(cbor::decode("closing", payload, 128)?),
            11 => Self::Gone(EnvelopeId::from_slice(payload).ok_or(FrameError::Fixed(kind))?),
            other => return Err(FrameError::Kind(other)),
        })
    }
}

fn frame_bytes(kind: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(FRAME_HEADER_BYTES + payload.len());
    bytes.push(kind);
    // Payloads are bounded far below 4 GiB by FRAME_BYTES_MAX.
    bytes.extend_from_slice(&(payload.len() as u32).to_be_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// Cuts a byte stream into frames, and digests all before the closing frame.
#[derive(Default)]
pub struct FrameDecoder {
    buffer: Vec<u8>,
    read: usize,
    digest: sha2::Sha256,
    closed: bool,
}

impl FrameDecoder {
    /// Takes the next bytes as they came.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.read > 0 {
            self.buffer.drain(..self.read);
            self.read = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame, if it is there.
    ///
    /// # Errors
    /// [`FrameError`]: the stream cannot be read any further.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        use sha2::Digest;
        let waiting = &self.buffer[self.read..];
        if self.closed {
            return if waiting.is_empty() { Ok(None) } else { Err(FrameError::AfterClosing) };
        }
        let Some((header, rest)) = waiting.split_first_chunk::<FRAME_HEADER_BYTES>() else { return Ok(None) };
        let [kind, length @ ..] = *header;
        let found_bytes = u32::from_be_bytes(length) as usize;
        if found_bytes > limits::FRAME_BYTES_MAX {
            return Err(FrameError::Length { found_bytes, limit_bytes: limits::FRAME_BYTES_MAX });
        }
        let Some(payload) = rest.get(..found_bytes) else { return Ok(None) };
        let frame = Frame::parse(kind, payload)?;
        let whole = FRAME_HEADER_BYTES + found_bytes;
        if matches!(frame, Frame::Closing(_)) {
            self.closed = true;
        } else {
            self.digest.update(&waiting[..whole]);
        }
        self.read += whole;
        Ok(Some(frame))
    }

    /// Whether nothing is left over behind the frames that were read.
    #[must_use]
    pub const fn is_at_a_boundary(&self) -> bool {
        self.read == self.buffer.len()
    }

    /// The digest over all frames so far but the closing one.
    #[must_use]
    pub fn stream_digest(&self) -> Digest32 {
        use sha2::Digest;
        Digest32(self.digest.clone().finalize().into())
    }
}
