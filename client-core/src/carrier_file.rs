//! The form of a carrier file, without a store: what is written, and what is read of bytes that anybody may have touched.
//!
//! ```text
//! DSC1 ‖ partnership(16) ‖ frames: log entries, then envelopes ‖ end frame: kind 0, length 32, SHA-256 of all before it
//! ```

use std::io::{BufReader, Read, Seek, SeekFrom, Write};

use doorstep_protocol::authority::SignedEntry;
use doorstep_protocol::wire::Frame;
use doorstep_protocol::wire::frame::{FRAME_HEADER_BYTES, FrameDecoder};
use doorstep_protocol::{PartnershipId, hash, limits};

const MAGIC: [u8; 4] = *b"DSC1";
/// The longest carrier file: a device's whole store fits many times.
const CARRIER_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
const HEAD_BYTES: usize = MAGIC.len() + PartnershipId::LEN;
const DIGEST_BYTES: usize = 32;
/// The end frame.
const END_BYTES: usize = FRAME_HEADER_BYTES + DIGEST_BYTES;
/// Kind and length of the end frame.
const END_HEADER: [u8; FRAME_HEADER_BYTES] = [0, 0, 0, 0, DIGEST_BYTES as u8];
/// Read at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// Why a carrier file was not read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CarrierError {
    /// Not a carrier file.
    #[error("this is not a carrier file")]
    NotACarrier,
    /// Of another partnership.
    #[error("this carrier file belongs to another partnership")]
    OtherPartnership,
    /// It breaks off, or was changed: nothing of it was taken.
    #[error("this carrier file is damaged or incomplete: copy it again; nothing of it was taken")]
    Damaged,
    /// The file cannot be read or written.
    #[error("the carrier file cannot be read or written ({kind:?})")]
    File {
        /// What the system says.
        kind: std::io::ErrorKind,
    },
    /// Too long.
    #[error("a carrier file has at most {limit_bytes} bytes")]
    TooLong {
        /// The limit.
        limit_bytes: u64,
    },
    /// Its authority log contradicts this device's.
    #[error("the authority log in this carrier file contradicts this device's: do not use it, and tell an admin")]
    Log,
}

fn file(error: std::io::Error) -> CarrierError {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => CarrierError::Damaged,
        kind => CarrierError::File { kind },
    }
}

/// Writes a carrier file.
pub struct CarrierWriter<'w> {
    to: &'w mut dyn Write,
    digest: hash::Streaming,
}

impl<'w> CarrierWriter<'w> {
    /// Begins a file of a partnership.
    ///
    /// # Errors
    /// [`CarrierError::File`], as with every step of writing.
    pub fn begin(to: &'w mut dyn Write, partnership: PartnershipId) -> Result<Self, CarrierError> {
        let mut writer = Self { to, digest: hash::Streaming::default() };
        writer.put(&MAGIC)?;
        writer.put(&partnership.0)?;
        Ok(writer)
    }

    /// The next entry of the authority log; all of them before the first envelope.
    ///
    /// # Errors
    /// [`CarrierError::File`].
    pub fn log_entry(&mut self, entry: SignedEntry) -> Result<(), CarrierError> {
        self.put(&Frame::LogEntry(entry).to_bytes())
    }

    /// The next envelope.
    ///
    /// # Errors
    /// [`CarrierError::File`].
    pub fn envelope(&mut self, envelope: &[u8]) -> Result<(), CarrierError> {
        self.put(&Frame::envelope_bytes(envelope))
    }

    /// Ends the file: without its end it is refused whole.
    ///
    /// # Errors
    /// [`CarrierError::File`].
    pub fn finish(self) -> Result<(), CarrierError> {
        let digest = self.digest.finish();
        self.to.write_all(&END_HEADER).and_then(|()| self.to.write_all(&digest.0)).map_err(file)?;
        self.to.flush().map_err(file)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), CarrierError> {
        self.digest.update(bytes);
        self.to.write_all(bytes).map_err(file)
    }
}

/// What stands in a carrier file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CarrierItem {
    /// An entry of the authority log.
    LogEntry(SignedEntry),
    /// An envelope, as it came: nobody has looked into it.
    Envelope(Vec<u8>),
}

/// A carrier file that was read to its end once: its digest holds and every frame has its form and its place.
pub struct CarrierReader<R> {
    frames: Frames<R>,
    partnership: PartnershipId,
}

impl<R: Read + Seek> CarrierReader<R> {
    /// Reads the whole file once, and goes back to its first frame.
    ///
    /// # Errors
    /// [`CarrierError`]: what is wrong with it.
    pub fn check(mut from: R) -> Result<Self, CarrierError> {
        let length = from.seek(SeekFrom::End(0)).map_err(file)?;
        if length > CARRIER_BYTES_MAX {
            return Err(CarrierError::TooLong { limit_bytes: CARRIER_BYTES_MAX });
        }
        from.seek(SeekFrom::Start(0)).map_err(file)?;
        let mut magic = [0; MAGIC.len()];
        if from.read_exact(&mut magic).is_err() || magic != MAGIC {
            return Err(CarrierError::NotACarrier);
        }
        let frames_bytes = length.checked_sub((HEAD_BYTES + END_BYTES) as u64).ok_or(CarrierError::Damaged)?;
        check_digest(&mut from, length - END_BYTES as u64)?;
        from.seek(SeekFrom::Start(MAGIC.len() as u64)).map_err(file)?;
        let mut partnership = [0; PartnershipId::LEN];
        from.read_exact(&mut partnership).map_err(file)?;
        let mut reader = Self { frames: Frames::of(from, frames_bytes), partnership: PartnershipId(partnership) };
        while reader.next_item()?.is_some() {}
        let mut from = reader.frames.from.into_inner().into_inner();
        from.seek(SeekFrom::Start(HEAD_BYTES as u64)).map_err(file)?;
        Ok(Self { frames: Frames::of(from, frames_bytes), ..reader })
    }

    /// Whose it is.
    #[must_use]
    pub const fn partnership(&self) -> PartnershipId {
        self.partnership
    }

    /// The next entry or envelope, `None` at the end.
    ///
    /// # Errors
    /// [`CarrierError`]: also of a file that was checked, when it changes while it is read.
    pub fn next_item(&mut self) -> Result<Option<CarrierItem>, CarrierError> {
        match self.frames.next_frame()? {
            None => Ok(None),
            Some(Frame::LogEntry(entry)) if !self.frames.envelopes_began => Ok(Some(CarrierItem::LogEntry(entry))),
            Some(Frame::Envelope(bytes)) => {
                self.frames.envelopes_began = true;
                Ok(Some(CarrierItem::Envelope(bytes)))
            }
            Some(_) => Err(CarrierError::NotACarrier),
        }
    }
}

/// Whether the file ends with the digest of its first `body` bytes.
fn check_digest(from: &mut (impl Read + Seek), body: u64) -> Result<(), CarrierError> {
    from.seek(SeekFrom::Start(0)).map_err(file)?;
    let mut digest = hash::Streaming::default();
    let mut left = body;
    let mut chunk = vec![0u8; CHUNK_BYTES];
    while left > 0 {
        let want = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
        let part = chunk.get_mut(..want).ok_or(CarrierError::Damaged)?;
        from.read_exact(part).map_err(file)?;
        digest.update(part);
        left -= want as u64;
    }
    let mut end = [0; END_BYTES];
    from.read_exact(&mut end).map_err(file)?;
    let holds = end.split_first_chunk() == Some((&END_HEADER, digest.finish().0.as_slice()));
    if holds { Ok(()) } else { Err(CarrierError::Damaged) }
}

/// The frames between head and end.
struct Frames<R> {
    decoder: FrameDecoder,
    from: BufReader<std::io::Take<R>>,
    envelopes_began: bool,
}

impl<R: Read> Frames<R> {
    fn of(from: R, bytes: u64) -> Self {
        let from = BufReader::with_capacity(CHUNK_BYTES, from.take(bytes));
        Self { decoder: FrameDecoder::default(), from, envelopes_began: false }
    }

    fn next_frame(&mut self) -> Result<Option<Frame>, CarrierError> {
        use std::io::BufRead;
        loop {
            match self.decoder.next_frame() {
                Ok(Some(frame)) => return Ok(Some(frame)),
                Ok(None) => {}
                Err(_) => return Err(CarrierError::Damaged),
            }
            let part = self.from.fill_buf().map_err(file)?;
            if part.is_empty() {
                // What is left over began a frame that does not end.
                return if self.decoder.is_at_a_boundary() { Ok(None) } else { Err(CarrierError::Damaged) };
            }
            self.decoder.push(part);
            let taken = part.len();
            self.from.consume(taken);
        }
    }
}

const _: () = assert!(limits::FRAME_BYTES_MAX > CHUNK_BYTES);
