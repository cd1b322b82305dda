//! A document's past, for whoever looks at how something came to be.

use std::collections::BTreeSet;

use doorstep_protocol::{Class, DocumentId, Millis};

use super::{Device, DeviceError, RecordId};
use crate::records::history::History;
use crate::records::joins::{self, Visits};
use crate::records::publish::erased::{self, Hidden};
use crate::records::{DocumentView, view};
use crate::store::documents;

impl Device {
    /// Lets `look` at a document's past and at how it stands, without what is erased; `None` when there is no such document.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub(crate) fn with_history<T>(
        &mut self,
        id: DocumentId,
        look: impl FnOnce(&History<'_>, &DocumentView) -> T,
    ) -> Result<Option<T>, DeviceError> {
        if self.load(id)?.is_none() {
            return Ok(None);
        }
        let visits = self.visits_in(id)?;
        if self.load(id)?.is_none() {
            return Ok(None);
        }
        let Some(loaded) = self.cache.take(id) else { return Ok(None) };
        let reader = self.store.reader();
        let who = |actor| {
            let author = documents::author_of(reader, actor).ok()??;
            Some(view::Author { device: author.device, seat: Some(author.seat) })
        };
        let mut view = view::read(&loaded.document, &who);
        let hidden = Hidden { visits, ..erased::hide(&mut view, &self.erased_sources) };
        if visits == Visits::LeftOut {
            joins::hide_visits(&mut view);
        }
        let seen = look(&History::of(&loaded.document, &who, &hidden), &view);
        self.cache.put(id, loaded);
        Ok(Some(seen))
    }

    /// The documents of a record that open with a worker, as far as this device can name them, whether they exist or not.
    pub(crate) fn closed_documents_of(&self, record: RecordId, now: Millis) -> BTreeSet<DocumentId> {
        const CLOSED: [Class; 3] = [Class::Sealed, Class::HealthId, Class::Protected];
        CLOSED.into_iter().filter_map(|class| self.closed_document(record, class, now).ok()).collect()
    }
}
