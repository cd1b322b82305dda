//! The packs that a device knows: read from the directory when they have changed.

use std::sync::Arc;

use doorstep_protocol::{Class, DocumentId, hash, label};

use super::{Device, DeviceError};
use crate::records::packs::Book;
use crate::records::{ChangeHash, RowId};

/// What was last read of the directory's packs: the heads of their document, and what came of it.
#[derive(Default)]
pub(super) struct Kept(Option<(Vec<ChangeHash>, Arc<Book>)>);

/// The one document of the packs: every desk writes the same one.
pub(crate) fn packs_document(device: &Device) -> Result<DocumentId, DeviceError> {
    let zone = device.authority()?.directory_zone().ok_or(DeviceError::NoZone { class: Class::Directory })?;
    Ok(DocumentId(hash::tagged16(label::PACKS, &[&zone.0])))
}

/// The row of a version: two desks that publish the same one write the same row.
pub(crate) fn row_of(pack: &str, version: i64) -> RowId {
    RowId(hash::tagged16(label::PACKS, &[pack.as_bytes(), &version.to_be_bytes()]))
}

impl Device {
    /// Every pack that this device knows.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn book(&mut self) -> Result<Arc<Book>, DeviceError> {
        let id = match packs_document(self) {
            Ok(id) => id,
            // A log without a directory publishes nothing.
            Err(DeviceError::NoZone { .. }) => DocumentId::ZERO,
            Err(other) => return Err(other),
        };
        let heads = self.load(id)?.map(|loaded| loaded.document.heads()).unwrap_or_default();
        if let Some((of, book)) = &self.packs.0
            && *of == heads
        {
            return Ok(Arc::clone(book));
        }
        let view = if heads.is_empty() { None } else { self.view(id)? };
        let book = Arc::new(view.map_or_else(|| Book::shipped().clone(), |view| Book::with(&view)));
        self.packs.0 = Some((heads, Arc::clone(&book)));
        Ok(book)
    }
}
