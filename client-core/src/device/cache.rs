//! Documents in memory: loading one costs far more than keeping it, within a budget.

use std::collections::BTreeMap;

use doorstep_protocol::{DocumentId, ZoneId};

use super::project::Projection;
use crate::order::Order as _;
use crate::records::{Document, LoadError};
use crate::store::documents::{Form, Kept};

/// Documents kept loaded where nothing else is said; about 20 to 70 KB each.
pub(super) const DOCUMENTS_MAX: usize = 512;

/// A loaded document, the zone its envelopes go to, and how it stands on disk.
pub(super) struct Loaded {
    pub(super) document: Document,
    pub(super) zone: ZoneId,
    pub(super) on_disk: OnDisk,
}

/// How a document stands on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnDisk {
    /// Not at all.
    Nothing,
    /// As it was kept, with these changes of this device beside it.
    Kept { conflicts: usize, form: Form, unfolded: Unfolded },
}

impl OnDisk {
    /// Kept, with this projection.
    pub(super) const fn kept(projection: &Projection, unfolded: Unfolded) -> Self {
        Self::Kept { conflicts: projection.conflicts, form: projection.form, unfolded }
    }
}

/// Changes that stand beside the kept form of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Unfolded {
    pub(super) changes: usize,
    pub(super) bytes: usize,
}

impl Loaded {
    /// Reads a document that stands open on disk.
    pub(super) fn open(id: DocumentId, kept: &Kept) -> Result<Self, LoadError> {
        Ok(Self::of(kept.open(id)?, kept))
    }

    /// A document that is kept like this.
    pub(super) fn of(document: Document, kept: &Kept) -> Self {
        let bytes = kept.unfolded.iter().map(Vec::len).sum();
        let unfolded = Unfolded { changes: kept.unfolded.len(), bytes };
        let on_disk = OnDisk::Kept { conflicts: kept.conflicts, form: kept.saved.form(), unfolded };
        Self { document, zone: kept.saved.zone, on_disk }
    }
}

/// The least recently used goes first.
pub(super) struct DocumentCache {
    documents: BTreeMap<DocumentId, (u64, Loaded)>,
    clock: u64,
    documents_max: usize,
}

impl Default for DocumentCache {
    fn default() -> Self {
        Self { documents: BTreeMap::new(), clock: 0, documents_max: DOCUMENTS_MAX }
    }
}

impl DocumentCache {
    pub(super) fn get_mut(&mut self, id: DocumentId) -> Option<&mut Loaded> {
        self.clock += 1;
        let clock = self.clock;
        self.documents.get_mut(&id).map(|(used, loaded)| {
            *used = clock;
            loaded
        })
    }

    pub(super) fn contains(&self, id: DocumentId) -> bool {
        self.documents.contains_key(&id)
    }

    pub(super) fn take(&mut self, id: DocumentId) -> Option<Loaded> {
        self.documents.remove(&id).map(|(_, loaded)| loaded)
    }

    pub(super) fn put(&mut self, id: DocumentId, loaded: Loaded) {
        self.clock += 1;
        self.documents.insert(id, (self.clock, loaded));
    }

    /// Lets go of what is past the budget. Never called while a draft is open: its documents are not on disk yet.
    pub(super) fn trim(&mut self) {
        if self.documents.len() <= self.documents_max {
            return;
        }
        let mut ages: Vec<(u64, DocumentId)> = self.documents.iter().map(|(id, (used, _))| (*used, *id)).collect();
        ages.order();
        // A tenth more than needed, so that the search for the oldest is rare.
        for (_, id) in ages.into_iter().take(self.documents.len() - self.documents_max + self.documents_max / 10) {
            self.documents.remove(&id);
        }
    }

    /// Keeps at most so many from now on.
    pub(super) fn keep(&mut self, documents_max: usize) {
        self.documents_max = documents_max;
        self.trim();
    }

    /// How many are loaded.
    pub(super) fn len(&self) -> usize {
        self.documents.len()
    }

    pub(super) fn clear(&mut self) {
        self.documents.clear();
    }
}
