//! A streamed answer, frame by frame as it arrives. Order and meaning are the reader's; here are form, limits and time.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use doorstep_protocol::wire::frame::Closing;
use doorstep_protocol::wire::{Frame, FrameDecoder};
use doorstep_protocol::{Digest32, Signature, limits};
use futures_util::{Stream, StreamExt};
use tokio::time::Instant;

use super::error::{Misbehaved, Stage, TransportError};

/// How long the next bytes of an answer may take.
pub const FRAME_IDLE_MS_MAX: u64 = 60_000;
/// How long a whole answer may take: what has come is kept, and the next request goes on from there.
pub const ANSWER_MS_MAX: u64 = 15 * 60 * 1_000;
/// The longest answer: the largest budget, and receipts, heads and framing beside it.
pub const ANSWER_STREAM_BYTES_MAX: u64 = limits::ANSWER_BYTES_MAX as u64 + 8 * 1024 * 1024;
/// Frames handed over at once.
const BATCH_FRAMES_MAX: usize = 512;
/// Bytes of envelopes handed over at once, before the last.
const BATCH_BYTES_MAX: usize = 1024 * 1024;

/// Bytes of an answer as they come.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// Frames that have come together.
#[derive(Debug, Default)]
pub struct Batch {
    /// In order; never the closing one.
    pub frames: Vec<Frame>,
    /// The closing frame, and the digest over all frames before it. Nothing follows.
    pub closing: Option<(Closing, Digest32)>,
}

/// A streamed answer whose head was verified.
pub struct FrameStream {
    request: Signature,
    bytes: ByteStream,
    decoder: FrameDecoder,
    received_bytes: u64,
    deadline: Instant,
}

impl FrameStream {
    /// The answer to the request with this signature.
    #[must_use]
    pub fn new(request: Signature, bytes: ByteStream) -> Self {
        let deadline = Instant::now() + Duration::from_millis(ANSWER_MS_MAX);
        Self { request, bytes, decoder: FrameDecoder::default(), received_bytes: 0, deadline }
    }

    /// The signature of the request that is answered: the closing frame is bound to it.
    #[must_use]
    pub const fn request(&self) -> Signature {
        self.request
    }

    /// Bytes of the answer that have come.
    #[must_use]
    pub const fn received_bytes(&self) -> u64 {
        self.received_bytes
    }

    /// Frames that have come, at least one. Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`TransportError`]; the stream cannot be read any further then.
    pub async fn next_batch(&mut self) -> Result<Batch, TransportError> {
        loop {
            let batch = self.waiting()?;
            if batch.closing.is_some() || !batch.frames.is_empty() {
                return Ok(batch);
            }
            let chunk = self.next_chunk().await?.ok_or(Misbehaved::BrokenOff)?;
            self.decoder.push(&chunk);
        }
    }

    /// Reads to the end after the closing frame, so that the connection can be used again.
    ///
    /// # Errors
    /// [`TransportError`] when anything follows the closing frame. What was closed holds all the same.
    pub async fn finish(mut self) -> Result<(), TransportError> {
        while let Some(chunk) = self.next_chunk().await? {
            self.decoder.push(&chunk);
            self.decoder.next_frame().map_err(Misbehaved::Frames)?;
        }
        Ok(())
    }

    fn waiting(&mut self) -> Result<Batch, TransportError> {
        let (mut batch, mut bytes) = (Batch::default(), 0);
        while batch.frames.len() < BATCH_FRAMES_MAX && bytes < BATCH_BYTES_MAX {
            match self.decoder.next_frame().map_err(Misbehaved::Frames)? {
                None => break,
                Some(Frame::Closing(closing)) => {
                    batch.closing = Some((closing, self.decoder.stream_digest()));
                    // Bytes behind it in the same piece are found here.
                    self.decoder.next_frame().map_err(Misbehaved::Frames)?;
                    break;
                }
                Some(frame) => {
                    bytes += if let Frame::Envelope(envelope) = &frame { envelope.len() } else { 0 };
                    batch.frames.push(frame);
                }
            }
        }
        Ok(batch)
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        let idle = Instant::now() + Duration::from_millis(FRAME_IDLE_MS_MAX);
        let next = tokio::time::timeout_at(idle.min(self.deadline), self.bytes.next()).await;
        let silent = TransportError::Silent { stage: Stage::Answer, waited_ms: FRAME_IDLE_MS_MAX };
        let Some(chunk) = next.map_err(|_| silent)?.transpose()? else { return Ok(None) };
        self.received_bytes += chunk.len() as u64;
        if self.received_bytes > ANSWER_STREAM_BYTES_MAX {
            return Err(Misbehaved::TooLong { limit_bytes: ANSWER_STREAM_BYTES_MAX as usize }.into());
        }
        Ok(Some(chunk))
    }
}
