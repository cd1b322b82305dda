//! Documents that are kept in their envelopes only, because they speak of what was erased from another document: they are
//! made of their envelopes whenever they are read, and what is erased is open nowhere on disk.

use std::collections::BTreeSet;

use doorstep_protocol::envelope::Envelope;
use doorstep_protocol::{Class, DocumentId};
use rand_core::CryptoRng;

use super::apply;
use super::write::{Draft, WriteError};
use super::{Device, DeviceError};
use crate::records::fire::Fact;
use crate::records::index::{EndReason, Flag};
use crate::records::publish::erased;
use crate::records::{ChangeHash, Document, DocumentView, LoadError, Row, RowId, view};
use crate::replica::reader::{self, Checked, Opened, Wait};
use crate::store::documents::{Form, Kept};
use crate::store::envelopes::{self, Standing};
use crate::store::{pending, sources};

impl Device {
    /// A kept document, whatever its form.
    ///
    /// # Errors
    /// [`LoadError`].
    pub(super) fn open_kept(&self, id: DocumentId, kept: &Kept) -> Result<Document, LoadError> {
        match kept.saved.form() {
            Form::Open => kept.open(id),
            Form::Sealed => self.of_envelopes(id, kept).map_err(|_| LoadError::Undecodable)?,
        }
    }

    /// A document of the envelopes that are in it and of what this device has not sealed.
    fn of_envelopes(&self, id: DocumentId, kept: &Kept) -> Result<Result<Document, LoadError>, DeviceError> {
        let authority = self.authority()?;
        let genesis = match Document::genesis(kept.saved.class, id) {
            Ok(genesis) => genesis,
            Err(error) => return Ok(Err(error)),
        };
        let mut batches = Vec::new();
        for (at, one) in envelopes::of_document(self.store.reader(), kept.saved.zone, id)?.into_iter().enumerate() {
            // Of one that waits for what it builds on, part may be in the document.
            let is_in = matches!(one.standing, Standing::Applied | Standing::Waits(Wait::MissingDependencies));
            let envelope = one.id;
            let Some(parsed) = Envelope::parse(one.bytes).ok().filter(|_| is_in) else { continue };
            let Checked::Signed(verified) = reader::check(authority, parsed) else { continue };
            let header = verified.header().clone();
            if let Opened::Changes(payload) = reader::open(authority, &self.keyring, &verified) {
                batches.push(apply::Batch { at, payload, author: header.author, zseq: header.zseq, id: envelope });
            }
        }
        let unsealed = pending::of_document(self.store.reader(), id)?;
        let raw: Vec<&[u8]> = unsealed.iter().map(|change| change.change.as_slice()).collect();
        Ok(Ok(apply::again(&genesis, batches, &raw).document))
    }
}

/// Rows of one document that were published from what is erased, and that nobody has withdrawn yet.
struct Left {
    document: DocumentId,
    class: Class,
    rows: BTreeSet<RowId>,
}

impl Device {
    /// The heads of a document, whatever form it is kept in.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn heads_of(&mut self, document: DocumentId) -> Result<Option<Vec<ChangeHash>>, DeviceError> {
        Ok(self.load(document)?.map(|loaded| loaded.document.heads()))
    }

    /// A document with every row, those included that speak of what is erased: for who checks what others make of it.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn whole_view(&mut self, document: DocumentId) -> Result<Option<DocumentView>, DeviceError> {
        Ok(self.load(document)?.map(|loaded| view::read(&loaded.document, &|_| None)))
    }

    /// What was published from a document that is erased, where nobody has withdrawn it.
    fn left_of(&mut self, source: DocumentId) -> Result<Vec<Left>, DeviceError> {
        let erased_sources = std::sync::Arc::clone(&self.erased_sources);
        let mut found = Vec::new();
        for (_, document) in sources::published_from(self.store.reader(), source)? {
            let Some(mut whole) = self.whole_view(document)? else { continue };
            let class = whole.class;
            let end = if class == Class::Fire { "withdrawn_at" } else { "ended_at" };
            let all = erased::published_rows(class).and_then(|name| whole.sections.get(name)).cloned();
            let mut rows = erased::hide(&mut whole, &erased_sources).rows;
            rows.retain(|row| {
                let row = all.as_ref().and_then(|section| section.rows.get(row));
                row.is_some_and(|row| !row.fields.contains_key(end))
            });
            if !rows.is_empty() {
                found.push(Left { document, class, rows });
            }
        }
        Ok(found)
    }
}

impl<R: CryptoRng> Draft<'_, R> {
    /// Withdraws what was published from an erased document, wherever this device may write: nobody is shown it any more as
    /// it is, and this says so to whoever reads the rows by other means. Returns how many rows.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn withdraw_published(&mut self, source: DocumentId) -> Result<usize, WriteError> {
        let now = self.now();
        let mut withdrawn = 0;
        for left in self.device().left_of(source)? {
            let fact = Fact { withdrawn_at: Some(now), ..Fact::default() };
            let flag = Flag { ended_at: Some(now), ended_why: Some(EndReason::SourceEnded), ..Flag::default() };
            let edited = self.edit_document(left.document, left.class, None, |edit| {
                left.rows.iter().try_for_each(|row| {
                    if left.class == Fact::CLASS { edit.update(*row, &fact) } else { edit.update(*row, &flag) }
                })
            });
            match edited {
                Ok(()) => withdrawn += left.rows.len(),
                Err(WriteError::Device(DeviceError::NoZone { .. })) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(withdrawn)
    }
}
