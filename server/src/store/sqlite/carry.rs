//! A partnership leaves for another server: one file with its log, wraps and envelopes under their numbers, all of it
//! ciphertext, written and read as a stream. What arrives is verified from the genesis to the last envelope.
//!
//! `DSX1`, then records: kind (1) ‖ length (u32) ‖ payload, in this order:
//!
//! | kind | record | payload |
//! | --- | --- | --- |
//! | 1 | head | partnership16 ‖ log size u64 ‖ log head32 |
//! | 2 | entry | the next entry of the log |
//! | 3 | wrap | size of the log with its epoch u64 ‖ wrap; ascending by size |
//! | 4 | feed | zone16 ‖ last number u64 ‖ feed head32; its envelopes follow |
//! | 5 | envelope | the next envelope of the feed |
//! | 6 | gone | 32 bytes: the id of the next, which was erased |
//! | 7 | inbox item | an `InboxItem` |
//! | 8 | end | SHA-256 over everything before this record |

use std::io::{self, Read, Write};
use std::path::PathBuf;

use doorstep_protocol::authority::{LogError, SignedEntry};
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::InboxItem;
use doorstep_protocol::{
    Digest32, EnvelopeId, FeedHead, FeedNumber, LogHash, LogSize, PartnershipId, ZoneId, cbor, limits,
};
use sha2::{Digest, Sha256};

use crate::store::StoreError;

mod export;
mod import;

pub use export::{Exported, export};
pub use import::{Imported, Unsigned, import};

const MAGIC: &[u8; 4] = b"DSX1";
const RECORD_HEADER_BYTES: usize = 5;
/// The longest record: an item of the inbox holds an envelope and a little more.
const RECORD_BYTES_MAX: usize = limits::ENVELOPE_BYTES_MAX + 1024;

/// Why a partnership was not carried over.
#[derive(Debug, thiserror::Error)]
pub enum CarryError {
    /// The target exists: nothing is overwritten.
    #[error("{0} exists: choose another name")]
    Exists(PathBuf),
    /// The store holds a partnership: it is not replaced.
    #[error("the store at {0} is not empty: import into a new data folder")]
    NotEmpty(PathBuf),
    /// The partnership is not here.
    #[error("partnership {0} is not in this store; it has: {1}")]
    NotHere(PartnershipId, String),
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What happened.
        error: io::Error,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file is not one of these, was cut short, or was altered.
    #[error("the file is damaged: {0}. Nothing was imported; export it again")]
    Damaged(&'static str),
    /// The log in the file does not hold.
    #[error("the log in the file does not hold: {0}. Nothing was imported")]
    Log(#[from] LogError),
    /// Envelopes whose author did not sign them.
    #[error(
        "{count} envelopes are not signed by their authors, the first by device {first}. Readers set such envelopes aside. \
         Nothing was imported; to keep them in their places, import with --keep-unsigned"
    )]
    Unsigned {
        /// How many.
        count: u64,
        /// The author of the first.
        first: doorstep_protocol::DeviceId,
    },
}

impl From<rusqlite::Error> for CarryError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// One record.
enum Record {
    Head { partnership: PartnershipId, size: LogSize, head: LogHash },
    Entry(SignedEntry),
    Wrap { seq: LogSize, wrap: Vec<u8> },
    Feed { zone: ZoneId, end: FeedPoint },
    Envelope(Vec<u8>),
    Gone(EnvelopeId),
    Item(InboxItem),
}

impl Record {
    fn kind_and_payload(&self) -> (u8, Vec<u8>) {
        match self {
            Self::Head { partnership, size, head } => {
                (1, [&partnership.0[..], &size.0.to_be_bytes(), &head.0].concat())
            }
            Self::Entry(entry) => (2, cbor::encode(entry)),
            Self::Wrap { seq, wrap } => (3, [&seq.0.to_be_bytes()[..], wrap].concat()),
            Self::Feed { zone, end } => (4, [&zone.0[..], &end.number.0.to_be_bytes(), &end.head.0].concat()),
            Self::Envelope(bytes) => (5, bytes.clone()),
            Self::Gone(id) => (6, id.0.to_vec()),
            Self::Item(item) => (7, item.to_bytes()),
        }
    }

    fn parse(kind: u8, payload: Vec<u8>) -> Option<Self> {
        Some(match kind {
            1 => {
                let (partnership, rest) = payload.split_first_chunk::<16>()?;
                let (size, head) = rest.split_first_chunk::<8>()?;
                let size = LogSize(u64::from_be_bytes(*size));
                Self::Head { partnership: PartnershipId(*partnership), size, head: LogHash::from_slice(head)? }
            }
            2 => Self::Entry(cbor::decode("log entry", &payload, limits::FRAME_BYTES_MAX).ok()?),
            3 => {
                let (seq, wrap) = payload.split_first_chunk::<8>()?;
                Self::Wrap { seq: LogSize(u64::from_be_bytes(*seq)), wrap: wrap.to_vec() }
            }
            4 => {
                let (zone, rest) = payload.split_first_chunk::<16>()?;
                let (number, head) = rest.split_first_chunk::<8>()?;
                let number = FeedNumber(u64::from_be_bytes(*number));
                Self::Feed { zone: ZoneId(*zone), end: FeedPoint { number, head: FeedHead::from_slice(head)? } }
            }
            5 => Self::Envelope(payload),
            6 => Self::Gone(EnvelopeId::from_slice(&payload)?),
            7 => Self::Item(InboxItem::parse(&payload).ok()?),
            _ => return None,
        })
    }
}

const END: u8 = 8;

/// Writes records and digests them.
struct Recorder<W> {
    out: W,
    digest: Sha256,
}

impl<W: Write> Recorder<W> {
    fn begin(mut out: W) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        Ok(Self { out, digest: Sha256::new_with_prefix(MAGIC) })
    }

    fn put(&mut self, record: &Record) -> io::Result<()> {
        let (kind, payload) = record.kind_and_payload();
        let header = record_header(kind, payload.len());
        for bytes in [&header[..], &payload] {
            self.digest.update(bytes);
            self.out.write_all(bytes)?;
        }
        Ok(())
    }

    fn end(mut self) -> io::Result<W> {
        let digest = self.digest.finalize();
        self.out.write_all(&record_header(END, digest.len()))?;
        self.out.write_all(&digest)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

fn record_header(kind: u8, length: usize) -> [u8; RECORD_HEADER_BYTES] {
    // Records are bounded far below 4 GiB.
    let [a, b, c, d] = (length as u32).to_be_bytes();
    [kind, a, b, c, d]
}

/// Reads records, and knows at the end that none was altered.
struct Player<R> {
    from: R,
    digest: Sha256,
}

impl<R: Read> Player<R> {
    fn begin(mut from: R) -> Result<Self, CarryError> {
        let mut magic = [0; MAGIC.len()];
        from.read_exact(&mut magic).map_err(|_| CarryError::Damaged("it is too short"))?;
        if magic != *MAGIC {
            return Err(CarryError::Damaged("it is no export of a partnership, or one of another version"));
        }
        Ok(Self { from, digest: Sha256::new_with_prefix(MAGIC) })
    }

    /// The next record; `None` at a whole and unaltered end.
    fn next(&mut self) -> Result<Option<Record>, CarryError> {
        let cut = |_| CarryError::Damaged("it is cut short");
        let mut header = [0; RECORD_HEADER_BYTES];
        self.from.read_exact(&mut header).map_err(cut)?;
        let [kind, length @ ..] = header;
        let length = u32::from_be_bytes(length) as usize;
        if length > RECORD_BYTES_MAX {
            return Err(CarryError::Damaged("a record is too long"));
        }
        let mut payload = vec![0; length];
        self.from.read_exact(&mut payload).map_err(cut)?;
        if kind == END {
            let is_whole = Digest32::from_slice(&payload) == Some(Digest32(self.digest.clone().finalize().into()));
            let nothing_follows = matches!(self.from.read(&mut [0]), Ok(0));
            return if is_whole && nothing_follows {
                Ok(None)
            } else {
                Err(CarryError::Damaged("its digest is not that of its content"))
            };
        }
        self.digest.update(header);
        self.digest.update(&payload);
        Record::parse(kind, payload).map(Some).ok_or(CarryError::Damaged("a record cannot be read"))
    }
}
