//! Documents in memory: loading one costs far more than keeping it, within a budget.

use std::collections::BTreeMap;

use doorstep_protocol::{DocumentId, ZoneId};

use crate::records::Document;

/// Documents kept loaded; about 20 to 70 KB each.
const DOCUMENTS_MAX: usize = 512;

/// A loaded document and the zone its envelopes go to.
pub(super) struct Loaded {
    pub(super) document: Document,
    pub(super) zone: ZoneId,
}

/// The least recently used goes first.
#[derive(Default)]
pub(super) struct DocumentCache {
    documents: BTreeMap<DocumentId, (u64, Loaded)>,
    clock: u64,
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
        if self.documents.len() <= DOCUMENTS_MAX {
            return;
        }
        let mut ages: Vec<(u64, DocumentId)> = self.documents.iter().map(|(id, (used, _))| (*used, *id)).collect();
        ages.sort_unstable();
        // A tenth more than needed, so that the search for the oldest is rare.
        for (_, id) in ages.into_iter().take(self.documents.len() - DOCUMENTS_MAX + DOCUMENTS_MAX / 10) {
            self.documents.remove(&id);
        }
    }

    pub(super) fn clear(&mut self) {
        self.documents.clear();
    }
}
