//! Local work: a draft touches documents, publishes what crews must know, and is committed whole. Nothing is shown or sent
//! before it is on disk.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::{AreaId, Class, Digest32, DocumentId, Millis, SeatId, ZoneId, hash};
use rand_core::CryptoRng;

use super::cache::{Loaded, OnDisk, Unfolded};
use super::project::{self, Projection};
use super::restricted::{RestrictedError, Sealed, keep_sealed};
use super::{Device, DeviceError, RecordId};
use crate::records::joins::{self, Visits};
use crate::records::publish::erased;
use crate::records::{ApplyError, Document, DocumentView, Edit, EditError, FieldError, RowId, is_worker_locked, view};
use crate::store::documents::{self, Author, Form, Saved};
use crate::store::pending::{self, Folded, Pending};
use crate::store::{StoreError, lists};

/// Why local work was not saved; nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The device cannot.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A value may not be written.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// Part of it opens with a worker, and could not be sealed.
    #[error(transparent)]
    Restricted(RestrictedError),
    /// There is no such record on this device.
    #[error("this device has no such {what}")]
    NoSuchRecord {
        /// Property or person.
        what: &'static str,
    },
}

impl From<StoreError> for WriteError {
    fn from(error: StoreError) -> Self {
        Self::Device(error.into())
    }
}

impl From<RestrictedError> for WriteError {
    fn from(error: RestrictedError) -> Self {
        match error {
            RestrictedError::Device(error) => Self::Device(error),
            RestrictedError::Edit(error) => Self::Edit(error),
            other => Self::Restricted(other),
        }
    }
}

impl From<FieldError> for WriteError {
    fn from(error: FieldError) -> Self {
        Self::Edit(error.into())
    }
}

/// One change made by a draft.
struct Made {
    change: Vec<u8>,
    heads: Vec<Digest32>,
}

struct Touched {
    record: Option<RecordId>,
    class: Class,
    zone: ZoneId,
    made: Vec<Made>,
    /// The document after its last change, if it was read.
    view: Option<DocumentView>,
}

/// Changes beside a kept document, at most: opening it costs that much more.
const UNFOLDED_CHANGES_MAX: usize = 16;
/// Their bytes.
const UNFOLDED_BYTES_MAX: usize = 16 * 1024;

/// Work in progress. Dropping it without a commit leaves disk as it was; the documents it touched are read again.
pub struct Draft<'d, R> {
    device: &'d mut Device,
    rng: &'d mut R,
    now: Millis,
    seat: SeatId,
    touched: BTreeMap<DocumentId, Touched>,
    /// Changes of documents that open with a worker, in the order in which they are numbered.
    sealed: Vec<Sealed>,
    /// Those documents, as this draft has changed them.
    unsealed: BTreeMap<(RecordId, Class), Document>,
    /// Properties that stood in the open as where somebody is, and do no more.
    pub(super) moved: BTreeMap<RecordId, BTreeSet<DocumentId>>,
    /// Properties made or met in this draft that lists do not know yet: their UPRN, if any.
    met: BTreeMap<RecordId, Option<String>>,
}

/// What one document brings to a commit.
struct Row<'a> {
    id: DocumentId,
    touched: &'a Touched,
    /// Its kept form, where it is written anew.
    saved: Option<Saved>,
    projection: Projection,
    links: Vec<DocumentId>,
}

impl Touched {
    /// What will stand beside the kept form if this commit leaves that as it is; `None` when it is to be written anew.
    fn beside(&self, on_disk: OnDisk, projection: &Projection) -> Option<Unfolded> {
        let OnDisk::Kept { conflicts, form, unfolded } = on_disk else { return None };
        let beside = Unfolded {
            changes: unfolded.changes + self.made.len(),
            bytes: unfolded.bytes + self.made.iter().map(|made| made.change.len()).sum::<usize>(),
        };
        let fits = beside.changes <= UNFOLDED_CHANGES_MAX && beside.bytes <= UNFOLDED_BYTES_MAX;
        // What is kept sealed costs nothing to be kept anew.
        let is_open = form == Form::Open && form == projection.form;
        (fits && is_open && conflicts == projection.conflicts).then_some(beside)
    }
}

impl Device {
    /// Runs `work` on a draft and commits what it did in one transaction.
    ///
    /// # Errors
    /// What `work` or the commit raised; then nothing was saved, and documents are read from disk again.
    pub fn write<T, R: CryptoRng>(
        &mut self,
        now: Millis,
        rng: &mut R,
        work: impl FnOnce(&mut Draft<'_, R>) -> Result<T, WriteError>,
    ) -> Result<T, WriteError> {
        self.settle_rejudge()?;
        let seat = self.seat()?;
        let mut draft = Draft {
            device: self,
            rng,
            now,
            seat,
            touched: BTreeMap::new(),
            sealed: Vec::new(),
            unsealed: BTreeMap::new(),
            moved: BTreeMap::new(),
            met: BTreeMap::new(),
        };
        let result = work(&mut draft).and_then(|value| {
            draft.publish()?;
            Ok(value)
        });
        let mut touched = std::mem::take(&mut draft.touched);
        let sealed = std::mem::take(&mut draft.sealed);
        let committed = result.and_then(|value| {
            self.commit(now, seat, &mut touched, &sealed)?;
            Ok(value)
        });
        // What was not committed is read from disk when it is next wanted.
        for (id, _) in touched.iter().filter(|(_, touched)| committed.is_err() || touched.made.is_empty()) {
            self.cache.take(*id);
        }
        self.cache.trim();
        committed
    }

    fn commit(
        &mut self,
        now: Millis,
        seat: SeatId,
        touched: &mut BTreeMap<DocumentId, Touched>,
        sealed: &[Sealed],
    ) -> Result<(), DeviceError> {
        let mut rows = Vec::with_capacity(touched.len());
        for (id, touched) in touched.iter_mut().filter(|(_, touched)| !touched.made.is_empty()) {
            let Some(loaded) = self.cache.get_mut(*id) else { return Err(DeviceError::Save(ApplyError::Broken)) };
            let view = touched.view.take().unwrap_or_else(|| project::read(&loaded.document, &self.erased_sources));
            let mut projection = project::project_view(&loaded.document, &view);
            let saved = match touched.beside(loaded.on_disk, &projection) {
                // What a desk has to look at follows when these changes are folded.
                Some(_) => None,
                None => {
                    projection = projection.with_lists(&view);
                    let kept = project::keep(&loaded.document, touched.zone, projection.form);
                    Some(kept.map_err(DeviceError::Save)?)
                }
            };
            let links = self.links(*id, &projection)?;
            rows.push(Row { id: *id, touched, saved, projection, links });
        }
        let (device, session) = (self.id, self.session);
        self.store.write(|transaction| {
            for row in &rows {
                if let Some(saved) = &row.saved {
                    documents::save(transaction, row.id, saved, row.projection.conflicts)?;
                    pending::set_folded(transaction, row.id)?;
                }
                project::write(transaction, row.id, &row.projection, &row.links)?;
                let actor = hash::actor_id(device, row.id, session);
                documents::add_actor(transaction, actor, Author { device, seat })?;
                for made in &row.touched.made {
                    let pending = Pending {
                        seq: 0,
                        document: row.id,
                        zone: row.touched.zone,
                        seat,
                        session,
                        made: now,
                        heads: made.heads.clone(),
                        change: made.change.clone(),
                        folded: if row.saved.is_some() { Folded::Yes } else { Folded::No },
                    };
                    pending::add(transaction, &pending)?;
                }
            }
            sealed.iter().try_for_each(|one| keep_sealed(transaction, one, now))?;
            Ok::<_, DeviceError>(())
        })?;
        for one in sealed {
            self.tails.insert((one.zone, device), one.tail);
        }
        for row in &rows {
            let Some(loaded) = self.cache.get_mut(row.id) else { continue };
            let unfolded = row.touched.beside(loaded.on_disk, &row.projection).unwrap_or_default();
            loaded.on_disk = OnDisk::kept(&row.projection, unfolded);
        }
        Ok(())
    }

    /// Puts unsealed changes into documents again, for a rebuild. Returns how many there were.
    pub(super) fn replay_pending(&mut self) -> Result<usize, DeviceError> {
        let waiting = pending::oldest(self.store.reader(), usize::MAX)?;
        let mut by_document: BTreeMap<DocumentId, Vec<Pending>> = BTreeMap::new();
        for change in waiting {
            by_document.entry(change.document).or_default().push(change);
        }
        let mut count = 0;
        for (id, changes) in by_document {
            let Some(zone) = changes.first().map(|change| change.zone) else { continue };
            let Some(class) = self.authority()?.zones().get(&zone).map(|zone| zone.class) else { continue };
            if self.load(id)?.is_none() {
                let document = Document::genesis(class, id).map_err(DeviceError::Document)?;
                self.cache.put(id, Loaded { document, zone, on_disk: OnDisk::Nothing });
            }
            let Some(loaded) = self.cache.get_mut(id) else { continue };
            let raw: Vec<&[u8]> = changes.iter().map(|change| change.change.as_slice()).collect();
            loaded.document.apply(&raw).map_err(DeviceError::Save)?;
            let projection = project::project(&loaded.document, &self.erased_sources);
            let saved = project::keep(&loaded.document, zone, projection.form).map_err(DeviceError::Save)?;
            let links = self.links(id, &projection)?;
            let device = self.id;
            self.store.write(|transaction| {
                documents::save(transaction, id, &saved, projection.conflicts)?;
                pending::set_folded(transaction, id)?;
                project::write(transaction, id, &projection, &links)?;
                for change in &changes {
                    let author = Author { device, seat: change.seat };
                    documents::add_actor(transaction, hash::actor_id(device, id, change.session), author)?;
                }
                Ok::<_, DeviceError>(())
            })?;
            // How it stands on disk is read from there.
            self.cache.take(id);
            count += changes.len();
        }
        Ok(count)
    }

    /// Brings a document into memory; `None` when there is none on disk.
    pub(super) fn load(&mut self, id: DocumentId) -> Result<Option<&mut Loaded>, DeviceError> {
        if !self.cache.contains(id) {
            let Some(kept) = documents::load(self.store.reader(), id)? else { return Ok(None) };
            let document = self.open_kept(id, &kept).map_err(DeviceError::Document)?;
            self.cache.put(id, Loaded::of(document, &kept));
        }
        Ok(self.cache.get_mut(id))
    }

    /// Lets go of documents past the memory budget: called when a page has been read.
    pub fn let_go(&mut self) {
        self.cache.trim();
    }

    /// A document with who, when and every value that disagrees.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn view(&mut self, id: DocumentId) -> Result<Option<DocumentView>, DeviceError> {
        if self.load(id)?.is_none() {
            return Ok(None);
        }
        let Some(loaded) = self.cache.take(id) else { return Ok(None) };
        let mut view = view::read(&loaded.document, &|actor| {
            let author = documents::author_of(self.store.reader(), actor).ok()??;
            Some(view::Author { device: author.device, seat: Some(author.seat) })
        });
        self.cache.put(id, loaded);
        erased::hide(&mut view, &self.erased_sources);
        if joins::names_a_visit(&view) && self.visits_in(id)? == Visits::LeftOut {
            joins::hide_visits(&mut view);
        }
        Ok(Some(view))
    }
}

impl<R: CryptoRng> Draft<'_, R> {
    /// The moment of the draft.
    #[must_use]
    pub const fn now(&self) -> Millis {
        self.now
    }

    /// The seat that writes.
    #[must_use]
    pub const fn seat(&self) -> SeatId {
        self.seat
    }

    /// The device.
    #[must_use]
    pub const fn device(&mut self) -> &mut Device {
        self.device
    }

    /// A fresh row id.
    pub fn row_id(&mut self) -> RowId {
        let mut id = [0u8; 16];
        self.rng.fill_bytes(&mut id);
        RowId(id)
    }

    /// A fresh record: a provisional property, or a person.
    pub fn new_record(&mut self) -> RecordId {
        let record = RecordId(DocumentId(self.row_id().0));
        self.met.insert(record, None);
        record
    }

    /// The record of a UPRN, which may not exist yet.
    ///
    /// # Errors
    /// [`DeviceError::NoZone`].
    pub fn record_of_uprn(&mut self, uprn: &crate::records::Uprn) -> Result<RecordId, WriteError> {
        let record = self.device.record_of_uprn(uprn)?;
        self.met.insert(record, Some(uprn.to_string()));
        Ok(record)
    }

    /// The document of a record in a class, whether it exists or not.
    pub(crate) fn document_id(&self, record: RecordId, class: Class) -> Result<DocumentId, WriteError> {
        if let Some(known) = self.device.document_of(record, class)? {
            return Ok(known);
        }
        let uprn = match self.met.get(&record) {
            Some(uprn) => uprn.clone(),
            None => lists::property_of(self.device.store.reader(), record.0)?.and_then(|row| row.uprn),
        };
        let all = self.device.documents_of(record, class.subject(), uprn.as_deref())?;
        let found = all.into_iter().find(|(of, _)| *of == class).map(|(_, id)| id);
        Ok(found.ok_or(DeviceError::NoZone { class })?)
    }

    /// Edits one document of a record, making it if it does not exist. All that `write` does is one change.
    ///
    /// # Errors
    /// What `write` raised; the draft is then given up as a whole.
    pub fn edit(
        &mut self,
        record: RecordId,
        class: Class,
        mut write: impl FnMut(&mut Edit<'_, '_>) -> Result<(), EditError>,
    ) -> Result<(), WriteError> {
        self.device.check_term(class, self.now)?;
        refuse_sealed(class)?;
        let id = self.document_id(record, class)?;
        let is_joined = joins::may_name_visits(class) && self.is_protected(record)?;
        let visits = if is_joined { Visits::LeftOut } else { Visits::Named };
        self.edit_document(id, class, Some(record), |edit| {
            edit.name_visits(visits);
            write(edit)
        })
    }

    /// Edits a document by its id; `record` is what it belongs to, if it belongs to one.
    ///
    /// # Errors
    /// What `write` raised; the draft is then given up as a whole.
    pub(crate) fn edit_document(
        &mut self,
        id: DocumentId,
        class: Class,
        record: Option<RecordId>,
        write: impl FnMut(&mut Edit<'_, '_>) -> Result<(), EditError>,
    ) -> Result<(), WriteError> {
        self.device.check_term(class, self.now)?;
        refuse_sealed(class)?;
        // Even an existing document may only be written by who may write its class.
        let place = self.device.place(class, None::<AreaId>)?;
        if self.device.load(id)?.is_none() {
            let document = Document::genesis(class, id).map_err(DeviceError::Document)?;
            self.device.cache.put(id, Loaded { document, zone: place.zone, on_disk: OnDisk::Nothing });
        }
        let actor = hash::actor_id(self.device.id, id, self.device.session);
        let book = self.device.book()?;
        let now = self.now;
        let Some(loaded) = self.device.cache.get_mut(id) else {
            return Err(WriteError::Edit(EditError::Document));
        };
        let touched = self.touched.entry(id).or_insert_with(|| Touched {
            record,
            class,
            zone: loaded.zone,
            made: Vec::new(),
            view: None,
        });
        let changes = loaded.document.edit_by(&book, actor, now, write)?;
        if !changes.is_empty() {
            let heads: Vec<Digest32> = loaded.document.heads().iter().map(|head| Digest32(head.0)).collect();
            touched.made.extend(changes.into_iter().map(|change| Made { change, heads: heads.clone() }));
            touched.view = None;
        }
        Ok(())
    }

    /// Edits one document of a record that opens with a worker. It is sealed, and reaches the disk with the rest of the draft.
    ///
    /// # Errors
    /// [`WriteError::Restricted`]; the draft is then given up as a whole.
    pub(super) fn edit_sealed(
        &mut self,
        record: RecordId,
        class: Class,
        write: impl FnMut(&mut Edit<'_, '_>) -> Result<(), EditError>,
    ) -> Result<(), WriteError> {
        let mut document = match self.unsealed.remove(&(record, class)) {
            Some(document) => document,
            None => self.device.open_to_write(record, class, self.now)?,
        };
        let zone = self.device.place(class, None::<AreaId>)?.zone;
        let tail = self.sealed.iter().rfind(|one| one.zone == zone).map(|one| one.tail);
        let made = self.device.seal_edit(&mut document, tail, self.now, self.rng, write)?;
        self.sealed.extend(made);
        self.unsealed.insert((record, class), document);
        Ok(())
    }

    /// The document of a record that opens with a worker, where this draft has opened it.
    pub(super) fn sealed_document(&self, record: RecordId, class: Class) -> Option<&Document> {
        self.unsealed.get(&(record, class))
    }

    /// Records of which this draft has opened the document of a class that opens with a worker.
    pub(super) fn sealed_records(&self, class: Class) -> impl Iterator<Item = RecordId> + '_ {
        self.unsealed.keys().filter(move |(_, of)| *of == class).map(|(record, _)| *record)
    }

    /// A document of a record as it stands in this draft.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn view(&mut self, record: RecordId, class: Class) -> Result<Option<DocumentView>, WriteError> {
        let id = self.document_id(record, class)?;
        Ok(self.device.view(id)?)
    }

    /// Keeps the view of a document that this draft changed, until it is changed again.
    pub(super) fn keep_view(&mut self, view: DocumentView) {
        if let Some(touched) = self.touched.get_mut(&view.document) {
            touched.view = Some(view);
        }
    }

    /// Documents changed so far, with their class and the record they belong to.
    pub(super) fn touched_sources(&self) -> Vec<(DocumentId, Class, Option<RecordId>)> {
        self.touched.iter().filter(|(_, t)| !t.made.is_empty()).map(|(id, t)| (*id, t.class, t.record)).collect()
    }
}

/// A draft lies open on disk until it is sealed, which a class that opens with a worker must never do.
const fn refuse_sealed(class: Class) -> Result<(), DeviceError> {
    if is_worker_locked(class) { Err(DeviceError::StaysSealed { class }) } else { Ok(()) }
}

/// The one document of the directory: located like a record, so that every desk writes the same one.
pub(crate) fn directory_document(device: &Device) -> Result<DocumentId, DeviceError> {
    let authority = device.authority()?;
    let zone = authority.directory_zone().ok_or(DeviceError::NoZone { class: Class::Directory })?;
    // The zone is one per partnership, so its id names its one document.
    Ok(DocumentId(zone.0))
}
