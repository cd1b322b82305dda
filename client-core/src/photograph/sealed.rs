//! A picture becomes sealed parts, and sealed parts a picture again.

use doorstep_crypto::keys::FileKey;
use doorstep_crypto::part::{PartError, PartKind, PartPlace, blob_id, open_part, part_count, seal_part};
use doorstep_protocol::limits::PART_DATA_BYTES;
use doorstep_protocol::{BlobId, FileId};
use rand_core::CryptoRng;

use super::picture::Picture;
use crate::records::RowId;
use crate::records::photograph::{FormParts, PhotographParts};

/// A picture in sealed parts.
pub(crate) struct SealedPhotograph {
    /// What the row says of them.
    pub(crate) parts: PhotographParts,
    /// The parts by name.
    pub(crate) sealed: Vec<(BlobId, Vec<u8>)>,
}

/// What opening a form came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// The file.
    Whole(Vec<u8>),
    /// So many of its parts are not here.
    Missing(usize),
    /// A part does not open, or they do not make what the row says.
    Damaged,
}

/// Seals both forms of a picture under a fresh key.
///
/// # Errors
/// [`PartError::Length`] when a form is longer than a file may be.
pub(crate) fn seal(row: RowId, picture: &Picture, rng: &mut impl CryptoRng) -> Result<SealedPhotograph, PartError> {
    let key = FileKey::make(rng);
    let mut sealed = Vec::new();
    let original = seal_form((row, PartKind::Original), &key, &picture.original, &mut sealed, rng)?;
    let thumbnail = seal_form((row, PartKind::Thumbnail), &key, &picture.thumbnail, &mut sealed, rng)?;
    Ok(SealedPhotograph { parts: PhotographParts { key, original, thumbnail }, sealed })
}

fn seal_form(
    (row, kind): (RowId, PartKind),
    key: &FileKey,
    data: &[u8],
    sealed: &mut Vec<(BlobId, Vec<u8>)>,
    rng: &mut impl CryptoRng,
) -> Result<FormParts, PartError> {
    let wrong = PartError::Length { found_bytes: data.len() };
    let count = part_count(data.len()).ok_or(wrong)?;
    let bytes = u32::try_from(data.len()).map_err(|_| wrong)?;
    let mut parts = Vec::new();
    for (index, chunk) in (0..).zip(data.chunks(PART_DATA_BYTES)) {
        let part = seal_part(key, PartPlace { file: FileId(row.0), kind, index, count }, chunk, rng)?;
        let id = blob_id(&part);
        parts.push(id);
        sealed.push((id, part));
    }
    Ok(FormParts { bytes, parts })
}

/// Opens one form, whose parts `get` finds by name.
///
/// # Errors
/// What `get` raised.
pub(crate) fn open<E>(
    row: RowId,
    parts: &PhotographParts,
    kind: PartKind,
    mut get: impl FnMut(BlobId) -> Result<Option<Vec<u8>>, E>,
) -> Result<Opened, E> {
    let form = match kind {
        PartKind::Original => &parts.original,
        PartKind::Thumbnail => &parts.thumbnail,
    };
    let count = u32::try_from(form.parts.len()).unwrap_or(u32::MAX);
    let (mut data, mut missing) = (Vec::new(), 0);
    for (index, id) in (0..).zip(&form.parts) {
        let Some(sealed) = get(*id)? else {
            missing += 1;
            continue;
        };
        let place = PartPlace { file: FileId(row.0), kind, index, count };
        match open_part(&parts.key, place, &sealed) {
            Ok(part) if blob_id(&sealed) == *id => data.extend_from_slice(&part),
            _ => return Ok(Opened::Damaged),
        }
    }
    Ok(match missing {
        0 if data.len() == form.bytes as usize => Opened::Whole(data),
        0 => Opened::Damaged,
        missing => Opened::Missing(missing),
    })
}
