//! Folding: changes that stand beside a kept document go into it, and lists follow. A save leaves both for later, so that it
//! writes little; sealing pays, and so does whoever asks for a list.

use std::collections::BTreeSet;

use doorstep_protocol::DocumentId;
use rusqlite::Transaction;

use super::cache::{Loaded, OnDisk, Unfolded};
use super::project::{self, Projection};
use super::{Device, DeviceError};
use crate::store::desk::Settled;
use crate::store::documents::{self, Saved};
use crate::store::{meta, pending};

/// Documents folded in one transaction because somebody asked for a list.
const FOLDS_AT_ONCE_MAX: usize = 256;

/// Kept documents on their way to disk, with what stood beside them.
#[derive(Default)]
pub(super) struct Folds {
    kept: Vec<(DocumentId, Saved, Projection)>,
    /// A kept document does not load: it is made again from the envelopes when the device is next opened.
    is_rebuild_owed: bool,
}

impl Folds {
    pub(super) fn write(&self, transaction: &Transaction<'_>) -> Result<(), DeviceError> {
        for (id, saved, projection) in &self.kept {
            documents::save(transaction, *id, saved, projection.conflicts)?;
            pending::set_folded(transaction, *id)?;
            // Everything else of the projection was written with each change.
            project::write_lists(transaction, *id, projection)?;
        }
        if self.is_rebuild_owed {
            meta::set_rebuild_begun(transaction)?;
        }
        Ok(())
    }
}

impl Device {
    /// Makes the kept form and the lists of documents anew, with what stands beside them.
    pub(super) fn fold(&mut self, documents: &BTreeSet<DocumentId>) -> Result<Folds, DeviceError> {
        let mut folds = Folds::default();
        let erased = std::sync::Arc::clone(&self.erased_sources);
        for id in documents {
            match self.load(*id) {
                Ok(Some(Loaded { document, zone, on_disk: OnDisk::Kept { .. } })) => {
                    let projection = project::project(document, &erased);
                    let saved = project::keep(document, *zone, projection.form).map_err(DeviceError::Save)?;
                    folds.kept.push((*id, saved, projection));
                }
                Ok(_) | Err(DeviceError::Document(_)) => folds.is_rebuild_owed = true,
                Err(other) => return Err(other),
            }
            self.cache.trim();
        }
        Ok(folds)
    }

    /// The folds are on disk.
    pub(super) fn folded(&mut self, folds: &Folds) {
        for (id, _, projection) in &folds.kept {
            if let Some(loaded) = self.cache.get_mut(*id) {
                loaded.on_disk = OnDisk::kept(projection, Unfolded::default());
            }
        }
    }

    /// The lists of a desk, after what was owed to them. Cheap when nothing is.
    ///
    /// # Errors
    /// [`DeviceError`]; what is still owed stays so.
    pub(crate) fn lists(&mut self) -> Result<(&Self, Settled<'_>), DeviceError> {
        self.settle_rejudge()?;
        let settled = self.settle_lists();
        self.or_reload(settled)?;
        let device = &*self;
        Ok((device, Settled::trusted(device.store.reader())))
    }

    fn settle_lists(&mut self) -> Result<(), DeviceError> {
        let mut after = DocumentId::ZERO;
        loop {
            let owed = pending::documents_unfolded(self.store.reader(), after, FOLDS_AT_ONCE_MAX)?;
            let Some(last) = owed.last() else { return Ok(()) };
            after = *last;
            let folds = self.fold(&owed)?;
            self.store.write(|transaction| folds.write(transaction))?;
            self.folded(&folds);
        }
    }
}
