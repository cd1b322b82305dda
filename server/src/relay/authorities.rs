//! The state of each partnership's log, replayed once and kept. What is kept is only ever replaced by what was read
//! from the store or written to it, never changed in place.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doorstep_protocol::authority::Authority;
use doorstep_protocol::{LogSize, PartnershipId};

use crate::store::{PageBytes, Store, StoreError};

/// Logs that are kept replayed.
const KEPT_MAX: usize = 256;
/// Read at once while a log is replayed.
const REPLAY_PAGE: PageBytes = PageBytes { enough: 1024 * 1024, most: 8 * 1024 * 1024 };

#[derive(Debug, Default)]
pub(super) struct Authorities(Mutex<BTreeMap<PartnershipId, Arc<Authority>>>);

impl Authorities {
    /// The state of a log, `None` when the partnership is not here.
    pub(super) fn get<S: Store>(
        &self,
        store: &S,
        partnership: PartnershipId,
    ) -> Result<Option<Arc<Authority>>, StoreError> {
        if let Some(kept) = self.kept().get(&partnership) {
            return Ok(Some(kept.clone()));
        }
        let Some(replayed) = replay(store, partnership)?.map(Arc::new) else { return Ok(None) };
        self.put(replayed.clone());
        Ok(Some(replayed))
    }

    /// Whether the state of a log is here.
    pub(super) fn keeps(&self, partnership: PartnershipId) -> bool {
        self.kept().contains_key(&partnership)
    }

    /// Keeps a state. Logs only grow: of two states the longer one is newer.
    pub(super) fn put(&self, state: Arc<Authority>) {
        let mut kept = self.kept();
        let partnership = state.partnership();
        if kept.get(&partnership).is_some_and(|there| there.size() >= state.size()) {
            return;
        }
        if kept.len() >= KEPT_MAX && !kept.contains_key(&partnership) {
            kept.pop_first();
        }
        kept.insert(partnership, state);
    }

    /// Forgets a state that may differ from the store's: the next who asks replays the log.
    pub(super) fn forget(&self, partnership: PartnershipId) {
        self.kept().remove(&partnership);
    }

    /// The map is whole whatever a panicking thread did: each change is one insert or remove.
    fn kept(&self) -> MutexGuard<'_, BTreeMap<PartnershipId, Arc<Authority>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn replay<S: Store>(store: &S, partnership: PartnershipId) -> Result<Option<Authority>, StoreError> {
    let damaged = |_| StoreError::Damaged { what: "a stored log does not hold together" };
    let mut state: Option<Authority> = None;
    loop {
        let size = state.as_ref().map_or(LogSize(0), Authority::size);
        let page = store.log_page(partnership, size, REPLAY_PAGE)?;
        if page.is_empty() {
            return Ok(state);
        }
        for entry in &page {
            match &mut state {
                None => state = Some(Authority::begin(entry).map_err(damaged)?),
                Some(state) => state.append(entry).map_err(damaged)?,
            }
        }
    }
}
