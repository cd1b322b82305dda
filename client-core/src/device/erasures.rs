//! Erasures that are not whole: what was written before its author heard of one, and came after, is named by no entry of the
//! log. Nobody reads it, yet the server keeps its bytes and only those who have it can fill its place, until an entry names it.

use std::collections::BTreeMap;

use doorstep_protocol::authority::ErasedEnvelope;
use doorstep_protocol::{Class, DocumentId, Millis, ZoneId, limits};

use super::{Device, DeviceError};
use crate::order::Order as _;
use crate::store::envelopes::{self, ErasedPlace};

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
    /// What an entry that finishes an erasure names: ascending, and as many as one entry holds.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn to_finish(&self, place: (ZoneId, DocumentId)) -> Result<Vec<ErasedEnvelope>, DeviceError> {
        let of_document = self.erased_and_unnamed()?.into_iter().filter(|one| (one.zone, one.document) == place);
        let named = of_document.map(|one| ErasedEnvelope { envelope: one.id, author: one.author, zseq: one.zseq });
        let mut named: Vec<ErasedEnvelope> = named.take(limits::ERASE_ENVELOPES_MAX).collect();
        named.order_by_key(|one| one.envelope);
        Ok(named)
    }

    /// Erasures that two admins have to finish, as far as this device knows.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn unfinished_erasures(&self) -> Result<Vec<UnfinishedErasure>, DeviceError> {
        let authority = self.authority()?;
        let mut found: BTreeMap<(ZoneId, DocumentId), UnfinishedErasure> = BTreeMap::new();
        for place in self.erased_and_unnamed()? {
            let (zone, document) = (place.zone, place.document);
            let Some(class) = authority.zones().get(&zone).map(|zone| zone.class) else { continue };
            let first = UnfinishedErasure { zone, document, class, envelopes: 0, first_arrived: place.arrived };
            let one = found.entry((zone, document)).or_insert(first);
            one.envelopes += 1;
            one.first_arrived = one.first_arrived.min(place.arrived);
        }
        Ok(found.into_values().collect())
    }

    fn erased_and_unnamed(&self) -> Result<Vec<ErasedPlace>, DeviceError> {
        let authority = self.authority()?;
        let mut places = envelopes::erased_places(self.store.reader())?;
        places.retain(|place| authority.erased_envelope(place.id).is_none());
        Ok(places)
    }
}
