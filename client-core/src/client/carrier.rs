//! Carrier files: envelopes on a stick, from a tablet without signal to a desk with it. Envelopes authenticate themselves, so
//! whoever carries the file can neither read nor change what is in it.
//!
//! ```text
//! DSC1 ‖ partnership(16) ‖ frames: log entries, then envelopes ‖ end frame: kind 0, length 32, SHA-256 of all before it
//! ```

use std::io::{BufReader, Read, Write};

use doorstep_protocol::wire::Frame;
use doorstep_protocol::wire::frame::{FRAME_HEADER_BYTES, FrameDecoder, FrameError};
use doorstep_protocol::{PartnershipId, hash, limits};

use super::{Client, ClientError};
use crate::device::{AnswerError, Ingested};
use crate::store::{envelopes, log};

const MAGIC: &[u8; 4] = b"DSC1";
/// The longest carrier file: a device's whole store fits many times.
const CARRIER_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// Envelopes taken at a time.
const BATCH_ENVELOPES: usize = 512;
const DIGEST_BYTES: usize = 32;

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

/// What a carrier file held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct CarrierReport {
    /// Entries of the authority log that were new.
    pub log_entries: usize,
    /// Envelopes in the file.
    pub envelopes: usize,
    /// Envelopes whose changes are in documents now.
    pub applied: usize,
    /// Envelopes this device had.
    pub known: usize,
    /// Envelopes that wait.
    pub waiting: usize,
    /// Envelopes set aside.
    pub set_aside: usize,
}

/// Carrier files of a device.
pub struct Carrier<'c> {
    pub(super) client: &'c Client,
}

impl Carrier<'_> {
    /// Writes everything this device holds, its own unsent work included. Returns how many envelopes were written.
    ///
    /// # Errors
    /// [`ClientError::Carrier`].
    pub fn export(&self, to: &mut dyn Write) -> Result<usize, ClientError> {
        let now = self.client.now();
        let mut device = self.client.lock();
        let mut rng = crate::randomness::os();
        // Bounded: each round seals up to a fixed number of changes, and no edit can come in between.
        while device.seal_pending(now, &mut rng)? > 0 {}
        let partnership = device.partnership()?;
        let mut out = Digesting { to, digest: hash::Streaming::default() };
        out.put(MAGIC)?;
        out.put(&partnership.0)?;
        for entry in log::entries(device.store().reader())? {
            out.put(&Frame::LogEntry(entry).to_bytes())?;
        }
        let (mut rank, mut count) = (0, 0);
        loop {
            let page = envelopes::page_after(device.store().reader(), rank, BATCH_ENVELOPES)?;
            let Some(last) = page.last() else { break };
            rank = last.rank;
            for kept in page {
                out.put(&Frame::envelope_bytes(&kept.bytes))?;
                count += 1;
            }
        }
        out.finish()?;
        Ok(count)
    }

    /// Reads a carrier file. The whole file is checked before anything of it is taken.
    ///
    /// # Errors
    /// [`ClientError::Carrier`].
    pub fn import(&self, from: &mut (impl Read + std::io::Seek)) -> Result<CarrierReport, ClientError> {
        check_digest(from)?;
        let now = self.client.now();
        let mut device = self.client.lock();
        let mut reader = BufReader::new(from);
        let mut head = [0u8; 20];
        reader.read_exact(&mut head).map_err(file)?;
        let (_, partnership) = head.split_at(4);
        if PartnershipId::from_slice(partnership) != Some(device.partnership()?) {
            return Err(CarrierError::OtherPartnership.into());
        }
        let mut report = CarrierReport::default();
        let (mut entries, mut batch) = (Vec::new(), Vec::new());
        let mut frames = Frames { decoder: FrameDecoder::default(), reader };
        while let Some(frame) = frames.next()? {
            match frame {
                Frame::LogEntry(entry) => entries.push(entry),
                Frame::Envelope(bytes) => {
                    if !entries.is_empty() {
                        report.log_entries += device.take_log(&std::mem::take(&mut entries), &[]).map_err(log_error)?;
                    }
                    report.envelopes += 1;
                    batch.push(bytes);
                    if batch.len() == BATCH_ENVELOPES {
                        report.add(device.ingest_carried(std::mem::take(&mut batch), now)?);
                    }
                }
                _ => return Err(CarrierError::NotACarrier.into()),
            }
        }
        if !entries.is_empty() {
            report.log_entries += device.take_log(&entries, &[]).map_err(log_error)?;
        }
        report.add(device.ingest_carried(batch, now)?);
        Ok(report)
    }
}

impl CarrierReport {
    fn add(&mut self, came: Ingested) {
        self.applied += came.applied;
        self.known += came.known;
        self.waiting = came.waiting;
        self.set_aside += came.set_aside;
    }
}

fn log_error(error: AnswerError) -> ClientError {
    match error {
        AnswerError::Device(error) => ClientError::Device(error),
        _ => CarrierError::Log.into(),
    }
}

fn file(error: std::io::Error) -> ClientError {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => CarrierError::Damaged.into(),
        kind => CarrierError::File { kind }.into(),
    }
}

struct Digesting<'w> {
    to: &'w mut dyn Write,
    digest: hash::Streaming,
}

impl Digesting<'_> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), ClientError> {
        self.digest.update(bytes);
        self.to.write_all(bytes).map_err(file)
    }

    fn finish(self) -> Result<(), ClientError> {
        let digest = self.digest.finish();
        let mut end = vec![0u8];
        end.extend_from_slice(&(DIGEST_BYTES as u32).to_be_bytes());
        end.extend_from_slice(&digest.0);
        self.to.write_all(&end).and_then(|()| self.to.flush()).map_err(file)
    }
}

/// Length of the end frame.
const END_BYTES: u64 = (FRAME_HEADER_BYTES + DIGEST_BYTES) as u64;

fn check_digest(from: &mut (impl Read + std::io::Seek)) -> Result<(), ClientError> {
    use std::io::SeekFrom;
    let length = from.seek(SeekFrom::End(0)).map_err(file)?;
    if length > CARRIER_BYTES_MAX {
        return Err(CarrierError::TooLong { limit_bytes: CARRIER_BYTES_MAX }.into());
    }
    from.seek(SeekFrom::Start(0)).map_err(file)?;
    let mut magic = [0u8; 4];
    if from.read_exact(&mut magic).is_err() || &magic != MAGIC {
        return Err(CarrierError::NotACarrier.into());
    }
    let Some(body) = length.checked_sub(END_BYTES) else { return Err(CarrierError::Damaged.into()) };
    from.seek(SeekFrom::Start(0)).map_err(file)?;
    let mut digest = hash::Streaming::default();
    let mut left = body;
    let mut chunk = vec![0u8; 64 * 1024];
    while left > 0 {
        let want = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
        let part = chunk.get_mut(..want).ok_or(CarrierError::Damaged)?;
        from.read_exact(part).map_err(file)?;
        digest.update(part);
        left -= want as u64;
    }
    let mut end = Vec::with_capacity(FRAME_HEADER_BYTES + DIGEST_BYTES);
    from.read_to_end(&mut end).map_err(file)?;
    let expected = digest.finish();
    let holds = end
        .split_first_chunk::<FRAME_HEADER_BYTES>()
        .is_some_and(|(header, found)| *header == [0, 0, 0, 0, 32] && found == expected.0.as_slice());
    if !holds {
        return Err(CarrierError::Damaged.into());
    }
    from.seek(SeekFrom::Start(0)).map_err(file)?;
    Ok(())
}

struct Frames<R> {
    decoder: FrameDecoder,
    reader: BufReader<R>,
}

impl<R: Read> Frames<R> {
    /// The next frame; `None` at the end frame, whose digest was checked before.
    fn next(&mut self) -> Result<Option<Frame>, ClientError> {
        let mut chunk = vec![0u8; 64 * 1024];
        loop {
            match self.decoder.next_frame() {
                Ok(Some(frame)) => return Ok(Some(frame)),
                Err(FrameError::Kind(0)) => return Ok(None),
                Err(_) => return Err(CarrierError::Damaged.into()),
                Ok(None) => {
                    let read = self.reader.read(&mut chunk).map_err(file)?;
                    if read == 0 {
                        return Err(CarrierError::Damaged.into());
                    }
                    self.decoder.push(chunk.get(..read).unwrap_or_default());
                }
            }
        }
    }
}

const _: () = assert!(limits::FRAME_BYTES_MAX > 64 * 1024);
