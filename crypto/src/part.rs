//! The parts of a file beside a document, such as a photograph, each sealed under the file's key and named by its bytes.
//!
//! ```text
//! place = "DSP1" ‖ suite 1 ‖ kind (1 original, 2 thumbnail) ‖ u16 0 ‖ file(16) ‖ u32 index ‖ u32 count
//! part  = salt(32) ‖ com(32) ‖ ct(|P|+16),  P = u32(len) ‖ data ‖ zeros padded as an envelope's
//! id    = SHA256(part)
//! ```
//!
//! The seal is the one of envelopes with label `doorstep/1/part`. The place is bound into the one-time key and does not
//! travel: a part says neither which file it is of nor where it stands, and opens at its own place only.

use doorstep_protocol::limits::{FILE_PARTS_MAX, PART_DATA_BYTES, PART_SEALED_BYTES_MAX, PART_SEALED_BYTES_MIN};
use doorstep_protocol::{BlobId, FileId, hash, label};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::committed::{CommittedError, Context, OVERHEAD_BYTES};
use crate::keys::FileKey;
use crate::padding;

const MAGIC: [u8; 4] = *b"DSP1";
const SUITE: u8 = 1;
const PLACE_BYTES: usize = 32;

const _: () = assert!(padding::padme(PART_DATA_BYTES + 4) + OVERHEAD_BYTES == PART_SEALED_BYTES_MAX);
const _: () = assert!(padding::padme(1) + OVERHEAD_BYTES == PART_SEALED_BYTES_MIN);

/// Which of a file's two forms a part is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// The picture as it is kept.
    Original,
    /// The small one that lists show.
    Thumbnail,
}

/// Where a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartPlace {
    /// The file.
    pub file: FileId,
    /// Which form of it.
    pub kind: PartKind,
    /// From 0.
    pub index: u32,
    /// How many parts the form has, 1 to [`FILE_PARTS_MAX`].
    pub count: u32,
}

impl PartPlace {
    fn to_bytes(self) -> [u8; PLACE_BYTES] {
        let kind = match self.kind {
            PartKind::Original => 1,
            PartKind::Thumbnail => 2,
        };
        let mut bytes = [0; PLACE_BYTES];
        let parts: [&[u8]; 5] =
            [&MAGIC, &[SUITE, kind, 0, 0], &self.file.0, &self.index.to_be_bytes(), &self.count.to_be_bytes()];
        for (to, from) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        bytes
    }

    fn check(self) -> Result<(), PartError> {
        let fits = (1..=FILE_PARTS_MAX).contains(&self.count) && self.index < self.count;
        if fits { Ok(()) } else { Err(PartError::Place { index: self.index, count: self.count }) }
    }

    /// Whether data of this length may stand here: only the last part may be short, and none is empty.
    fn holds(self, data_bytes: usize) -> bool {
        let is_last = self.index + 1 == self.count;
        data_bytes == PART_DATA_BYTES || (is_last && (1..PART_DATA_BYTES).contains(&data_bytes))
    }
}

/// Why a part was not sealed or does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PartError {
    /// There is no such place in a file.
    #[error("a file has 1 to {FILE_PARTS_MAX} parts, and no part {index} of {count}")]
    Place {
        /// The index, from 0.
        index: u32,
        /// How many parts were said.
        count: u32,
    },
    /// Too short or too long for a part, or short before the last.
    #[error("a part of a file does not have {found_bytes} bytes here")]
    Length {
        /// Bytes found.
        found_bytes: usize,
    },
    /// Another file's key, or a part of another place.
    #[error("the part is of another file, or of another place in it")]
    OtherKey,
    /// Changed since it was sealed.
    #[error("the part was changed")]
    Changed,
    /// Padded in another way than there is.
    #[error("the part is padded in another form")]
    Padding,
}

/// How many parts data of this length has; nothing when it is empty or too long for a file.
#[must_use]
pub fn part_count(data_bytes: usize) -> Option<u32> {
    let count = u32::try_from(data_bytes.div_ceil(PART_DATA_BYTES)).ok()?;
    (1..=FILE_PARTS_MAX).contains(&count).then_some(count)
}

/// The name of a sealed part.
#[must_use]
pub fn blob_id(sealed: &[u8]) -> BlobId {
    BlobId(hash::sha256(sealed).0)
}

/// Seals the data of one place.
///
/// # Errors
/// [`PartError::Place`], [`PartError::Length`].
pub fn seal_part(key: &FileKey, place: PartPlace, data: &[u8], rng: &mut impl CryptoRng) -> Result<Vec<u8>, PartError> {
    place.check()?;
    let wrong = PartError::Length { found_bytes: data.len() };
    if !place.holds(data.len()) {
        return Err(wrong);
    }
    let padded = padding::pad(data).ok_or(wrong)?;
    context(key, &place.to_bytes()).seal(&[], &padded, 0, rng).map_err(|_| wrong)
}

/// Opens the part of one place.
///
/// # Errors
/// [`PartError`]: which check failed.
pub fn open_part(key: &FileKey, place: PartPlace, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, PartError> {
    place.check()?;
    let wrong = PartError::Length { found_bytes: sealed.len() };
    if !(PART_SEALED_BYTES_MIN..=PART_SEALED_BYTES_MAX).contains(&sealed.len()) {
        return Err(wrong);
    }
    let padded = context(key, &place.to_bytes()).open(sealed, 0).map_err(|error| match error {
        CommittedError::Length => wrong,
        CommittedError::Commitment => PartError::OtherKey,
        CommittedError::Cipher => PartError::Changed,
    })?;
    let data = padding::unpad(&padded).ok_or(PartError::Padding)?;
    if place.holds(data.len()) { Ok(Zeroizing::new(data.to_vec())) } else { Err(wrong) }
}

fn context<'a>(key: &'a FileKey, place: &'a [u8; PLACE_BYTES]) -> Context<'a> {
    Context { key: key.expose_bytes(), label: label::PART, header: place }
}
