//! Erasures that are not whole: what was written before its author heard of one, and came after, is named by no entry of the
//! log. Nobody reads it, yet the server keeps its bytes and only those who have it can fill its place, until an entry names it.

use std::collections::BTreeMap;

use doorstep_protocol::{Class, DocumentId, Millis, ZoneId};

use super::{Device, DeviceError};
use crate::store::envelopes;

/// An erased document with work that no entry of the log names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct UnfinishedErasure {
    /// Its zone.
    pub zone: ZoneId,
    /// The document.
    pub document: DocumentId,
    /// Its class.
    pub class: Class,
    /// How many envelopes of it are named nowhere.
    pub envelopes: usize,
    /// When the first of them came here.
    pub first_arrived: Millis,
}

impl Device {
    /// Erasures that two admins have to finish, as far as this device knows: the same document is erased once more.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn unfinished_erasures(&self) -> Result<Vec<UnfinishedErasure>, DeviceError> {
        let authority = self.authority()?;
        let mut found: BTreeMap<(ZoneId, DocumentId), UnfinishedErasure> = BTreeMap::new();
        for place in envelopes::erased_places(self.store.reader())? {
            if authority.erased_envelope(place.id).is_some() {
                continue;
            }
            let (zone, document) = (place.zone, place.document);
            let Some(class) = authority.zones().get(&zone).map(|zone| zone.class) else { continue };
            let first = UnfinishedErasure { zone, document, class, envelopes: 0, first_arrived: place.arrived };
            let one = found.entry((zone, document)).or_insert(first);
            one.envelopes += 1;
            one.first_arrived = one.first_arrived.min(place.arrived);
        }
        Ok(found.into_values().collect())
    }
}
