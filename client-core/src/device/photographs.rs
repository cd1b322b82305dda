//! Photographs on a device: parts are durable before the row that names them, and the row is field work like any other.

use std::io;

use doorstep_crypto::part::{PartError, PartKind, blob_id};
use doorstep_protocol::{BlobId, Class, DocumentId, Millis};
use rand_core::CryptoRng;

use super::{Device, DeviceError, RecordId, WriteError};
use crate::photograph::{Opened, PartFiles, Picture, open, seal};
use crate::records::photograph::{Photograph, PhotographParts};
use crate::records::{Reading, RowId};
use crate::store::lists;
use crate::store::parts::{self, PartToSend};

/// Photographs of one home.
pub const PHOTOGRAPHS_PER_HOME_MAX: usize = 500;
/// Parts that are looked at when what is erased is taken away.
const UNNAMED_AT_ONCE_MAX: usize = 4_096;

/// Why a photograph was not added, or is not shown.
#[derive(Debug, thiserror::Error)]
pub enum PhotographError {
    /// The row was not saved.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The device's folder did not take or give a part.
    #[error("the photograph could not be kept ({kind:?}): free some space on this device, and add it again")]
    Folder {
        /// What the system says.
        kind: io::ErrorKind,
    },
    /// A store in memory has no folder.
    #[error("this device keeps no files")]
    NoFolder,
    /// The picture has no parts, which no picture that was made here has.
    #[error("the photograph could not be sealed: {0}")]
    Seal(#[from] PartError),
    /// There are as many as may be.
    #[error("photographs: at most {limit} of one home; record what else there is in words")]
    TooMany {
        /// How many.
        limit: usize,
    },
}

impl From<DeviceError> for PhotographError {
    fn from(error: DeviceError) -> Self {
        Self::Write(error.into())
    }
}

impl From<crate::store::StoreError> for PhotographError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Write(error.into())
    }
}

impl From<io::Error> for PhotographError {
    fn from(error: io::Error) -> Self {
        Self::Folder { kind: error.kind() }
    }
}

impl Device {
    /// The folder of sealed parts; none where the store is in memory.
    pub(crate) fn part_files(&self) -> Option<PartFiles> {
        self.store().path().and_then(std::path::Path::parent).map(PartFiles::within)
    }

    /// Adds a photograph to a home: its sealed parts are in the folder and owed to the server, and its row is saved, when this
    /// returns. What fails half way leaves sealed parts that no row names, and they are taken away.
    ///
    /// # Errors
    /// [`PhotographError`]; nothing was added.
    pub fn add_photograph(
        &mut self,
        record: RecordId,
        picture: &Picture,
        about: &Photograph,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<RowId, PhotographError> {
        let files = self.part_files().ok_or(PhotographError::NoFolder)?;
        if lists::property_of(self.store().reader(), record.0)?.is_none() {
            return Err(WriteError::NoSuchRecord { what: "property" }.into());
        }
        let mut row = RowId([0; 16]);
        rng.fill_bytes(&mut row.0);
        let sealed = seal(row, picture, rng)?;
        let names: Vec<BlobId> = sealed.sealed.iter().map(|(id, _)| *id).collect();
        let photograph = Photograph {
            parts: Some(sealed.parts.to_hidden()),
            taken_at: about.taken_at.or(Some(now)),
            width: Some(picture.width.into()),
            height: Some(picture.height.into()),
            ..about.clone()
        };
        let document = self.home_document(record)?;
        if let Some(home) = self.view(document)?
            && home.rows::<Photograph>(Reading::Shown).len() >= PHOTOGRAPHS_PER_HOME_MAX
        {
            return Err(PhotographError::TooMany { limit: PHOTOGRAPHS_PER_HOME_MAX });
        }
        let zone = match parts::zone_of(self.store().reader(), document)? {
            Some(zone) => zone,
            None => self.place(Class::Home, None)?.zone,
        };
        let kept = sealed.sealed.iter().try_for_each(|(id, part)| files.put(*id, part));
        let added = kept.map_err(PhotographError::from).and_then(|()| {
            self.store.write(|transaction| parts::add_made(transaction, (document, zone), &names, now))?;
            self.write(now, rng, |draft| draft.edit(record, Class::Home, |edit| edit.create(row, &photograph)))?;
            Ok(row)
        });
        if added.is_err() {
            // No row names them. What stays in the way after a crash is sealed, and costs room only.
            for id in &names {
                let _gone_or_not = files.remove(*id);
                let _forgotten_or_not = self.store.write(|transaction| parts::forget(transaction, *id));
            }
        }
        added
    }

    /// The `home` document of a property, whether it exists or not.
    fn home_document(&self, record: RecordId) -> Result<DocumentId, PhotographError> {
        if let Some(known) = self.document_of(record, Class::Home)? {
            return Ok(known);
        }
        let uprn = lists::property_of(self.store().reader(), record.0)?.and_then(|row| row.uprn);
        let all = self.documents_of(record, Class::Home.subject(), uprn.as_deref())?;
        let found = all.into_iter().find(|(of, _)| *of == Class::Home).map(|(_, id)| id);
        Ok(found.ok_or(DeviceError::NoZone { class: Class::Home })?)
    }

    /// One form of a photograph, put together from the parts that are here.
    pub(crate) fn open_photograph(
        &mut self,
        row: RowId,
        parts: &PhotographParts,
        kind: PartKind,
    ) -> Result<Opened, PhotographError> {
        let files = self.part_files().ok_or(PhotographError::NoFolder)?;
        let opened = open(row, parts, kind, |id| files.get(id).map_err(PhotographError::from))?;
        if opened == Opened::Damaged {
            // What was damaged is fetched again.
            let form = if kind == PartKind::Original { &parts.original } else { &parts.thumbnail };
            for id in &form.parts {
                if files.get(*id)?.is_none_or(|sealed| blob_id(&sealed) != *id) {
                    self.store.write(|transaction| parts::lost(transaction, *id))?;
                }
            }
        }
        Ok(opened)
    }

    /// Has a photograph's original fetched with the next sync.
    pub(crate) fn want_photograph(&mut self, document: DocumentId, photograph: RowId) -> Result<(), DeviceError> {
        Ok(self.store.write(|transaction| parts::want(transaction, document, photograph.0))?)
    }

    /// Keeps a part that came, if it is the one that was asked for.
    pub(crate) fn take_part(&mut self, wanted: &PartToSend, sealed: &[u8], now: Millis) -> Result<(), PhotographError> {
        let files = self.part_files().ok_or(PhotographError::NoFolder)?;
        files.put(wanted.part, sealed)?;
        Ok(self.store.write(|transaction| parts::came(transaction, wanted, now))?)
    }

    /// Takes away the parts of documents that were erased. Any other part stays, also where no document names it just now: the
    /// work that does may be taken in again.
    ///
    /// # Errors
    /// [`PhotographError`]; what was not taken away is found again.
    pub fn sweep_photographs(&mut self) -> Result<(), PhotographError> {
        let Some(files) = self.part_files() else { return Ok(()) };
        let unnamed = parts::unnamed(self.store().reader(), UNNAMED_AT_ONCE_MAX)?;
        for part in unnamed {
            let is_erased = self.authority.as_ref().is_some_and(|a| a.erased_at(part.zone, part.document).is_some());
            if is_erased {
                files.remove(part.part)?;
                self.store.write(|transaction| parts::forget(transaction, part.part))?;
            }
        }
        Ok(())
    }
}
