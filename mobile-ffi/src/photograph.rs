//! Photographs of homes: taken in with or without signal, shown as far as they are here.

use std::sync::Arc;
use std::time::SystemTime;

use doorstep_client_core::client::{self, PhotographInput};

use crate::error::DoorstepError;
use crate::ids::{RecordId, RowId};
use crate::measures::{millis, time};
use crate::open::Shared;
use crate::quiet::quiet;

/// Photographs of a device.
#[derive(uniffi::Object)]
pub struct Photographs {
    pub(crate) shared: Arc<Shared>,
}

/// What somebody says of a photograph.
#[derive(Clone, Default, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AboutPhotograph {
    /// What it shows.
    #[uniffi(default)]
    pub note: Option<String>,
    /// Room.
    #[uniffi(default)]
    pub room: Option<String>,
    /// The hazard that it shows.
    #[uniffi(default)]
    pub hazard: Option<RowId>,
    /// The visit it was taken at.
    #[uniffi(default)]
    pub visit: Option<RowId>,
    /// When it was taken; now, where nothing is said.
    #[uniffi(default)]
    pub taken: Option<SystemTime>,
}

/// How far one form of a photograph is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PhotographHeld {
    /// It can be shown.
    Here,
    /// It was asked for, and comes when there is signal.
    Wanted,
    /// It is not on this device.
    NotHere,
}

/// How far a photograph has left this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PhotographSending {
    /// All of it is at the server, or it came from there.
    Sent,
    /// So many parts are on this device only.
    Parts {
        /// How many.
        left: u64,
    },
}

/// A photograph in a list.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct PhotographRow {
    /// The photograph.
    pub photograph: RowId,
    /// What is said of it.
    pub about: AboutPhotograph,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Bytes of the picture.
    pub bytes: Option<u32>,
    /// How far the thumbnail is here.
    pub thumbnail: PhotographHeld,
    /// How far the picture is here.
    pub original: PhotographHeld,
    /// How far it has left this device.
    pub sending: PhotographSending,
}

quiet!(AboutPhotograph, PhotographRow);

#[uniffi::export]
impl Photographs {
    /// Takes a file in, JPEG, PNG or WebP. It is made anew, so that nothing else that the file says (where, which camera) gets through, and
    /// it is on disk, sealed, when this returns: some hundred milliseconds.
    ///
    /// # Errors
    /// [`DoorstepError::Misfit`] for what is no picture; nothing was added.
    pub fn add(&self, property: RecordId, file: Vec<u8>, about: AboutPhotograph) -> Result<RowId, DoorstepError> {
        let (property, about) = (property.try_into()?, about.try_into()?);
        Ok(self.shared.write(|client| client.photographs().add(property, &file, &about))?.into())
    }

    /// The photographs of a home, the newest first.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn list(&self, property: RecordId) -> Result<Vec<PhotographRow>, DoorstepError> {
        let property = property.try_into()?;
        let rows = self.shared.read(|client| client.photographs().list(property))?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The thumbnail as a JPEG file; none while it is not here.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`].
    pub fn thumbnail(&self, property: RecordId, photograph: RowId) -> Result<Option<Vec<u8>>, DoorstepError> {
        let (property, photograph) = (property.try_into()?, photograph.try_into()?);
        self.shared.read(|client| client.photographs().thumbnail(property, photograph))
    }

    /// The picture as a JPEG file; none while it is not here: [`Self::want`] asks for it.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`].
    pub fn original(&self, property: RecordId, photograph: RowId) -> Result<Option<Vec<u8>>, DoorstepError> {
        let (property, photograph) = (property.try_into()?, photograph.try_into()?);
        self.shared.read(|client| client.photographs().original(property, photograph))
    }

    /// Has the picture fetched with the next sync.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`].
    pub fn want(&self, property: RecordId, photograph: RowId) -> Result<(), DoorstepError> {
        let (property, photograph) = (property.try_into()?, photograph.try_into()?);
        self.shared.write(|client| client.photographs().want(property, photograph))
    }

    /// How many parts of photographs are on this device only.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn parts_to_send(&self) -> Result<u64, DoorstepError> {
        self.shared.read(|client| client.photographs().parts_to_send())
    }
}

impl TryFrom<AboutPhotograph> for PhotographInput {
    type Error = DoorstepError;

    fn try_from(about: AboutPhotograph) -> Result<Self, DoorstepError> {
        Ok(Self {
            note: about.note,
            room: about.room,
            hazard: about.hazard.map(TryInto::try_into).transpose()?,
            visit: about.visit.map(TryInto::try_into).transpose()?,
            taken_at: about.taken.map(|at| millis("taken", at)).transpose()?,
            reference: None,
        })
    }
}

impl From<client::Held> for PhotographHeld {
    fn from(held: client::Held) -> Self {
        match held {
            client::Held::Here => Self::Here,
            client::Held::Wanted => Self::Wanted,
            client::Held::NotHere => Self::NotHere,
        }
    }
}

impl From<client::Sending> for PhotographSending {
    fn from(sending: client::Sending) -> Self {
        match sending {
            client::Sending::Sent => Self::Sent,
            client::Sending::Parts { left } => Self::Parts { left },
        }
    }
}

impl From<client::PhotographRow> for PhotographRow {
    fn from(row: client::PhotographRow) -> Self {
        Self {
            photograph: row.row.into(),
            about: AboutPhotograph {
                note: row.note,
                room: row.room,
                hazard: row.hazard.map(Into::into),
                visit: row.visit.map(Into::into),
                taken: row.taken_at.map(time),
            },
            width: row.width,
            height: row.height,
            bytes: row.bytes,
            thumbnail: row.thumbnail.into(),
            original: row.original.into(),
            sending: row.sending.into(),
        }
    }
}
