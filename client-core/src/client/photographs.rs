//! Photographs of homes: taken in from a file with or without signal, listed, shown as far as they are here.

use doorstep_crypto::part::PartKind;
use doorstep_protocol::{Class, DocumentId, Millis};

use super::{Client, ClientError, DrawRandomness, properties};
use crate::device::RecordId;
use crate::order::Order as _;
use crate::photograph::{Opened, Picture, Position};
use crate::records::packs::Keep;
use crate::records::photograph::{Photograph, PhotographParts};
use crate::records::{Date, Provenance, Reading, RowId};
use crate::store::parts::{self, PartForm, PartState};

/// Photographs of a device.
pub struct Photographs<'c> {
    pub(super) client: &'c Client,
}

/// What somebody says of a photograph.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhotographInput {
    /// What it shows.
    pub note: Option<String>,
    /// Room.
    pub room: Option<String>,
    /// The hazard that it shows.
    pub hazard: Option<RowId>,
    /// The visit it was taken at.
    pub visit: Option<RowId>,
    /// When it was taken; now, where nothing is said.
    pub taken_at: Option<Millis>,
    /// Its file, where it comes from another system.
    pub reference: Option<String>,
}

/// How far one form of a photograph is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// It can be shown.
    Here,
    /// It was asked for, and comes when there is signal.
    Wanted,
    /// It is not on this device.
    NotHere,
}

impl core::fmt::Display for Held {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Here => "on this device",
            Self::Wanted => "asked for, comes with the next sync",
            Self::NotHere => "photograph not here yet",
        })
    }
}

/// How far a photograph has left this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "sent")]
pub enum Sending {
    /// All of it is at the server, or it came from there.
    Sent,
    /// So many parts are on this device only.
    Parts {
        /// How many.
        left: u64,
    },
}

impl core::fmt::Display for Sending {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Sent => f.write_str("sent"),
            Self::Parts { left: 1 } => f.write_str("not sent yet, 1 part left"),
            Self::Parts { left } => write!(f, "not sent yet, {left} parts left"),
        }
    }
}

/// A photograph in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PhotographRow {
    /// The photograph.
    pub row: RowId,
    /// What it shows.
    pub note: Option<String>,
    /// Room.
    pub room: Option<String>,
    /// The hazard that it shows.
    pub hazard: Option<RowId>,
    /// The visit it was taken at.
    pub visit: Option<RowId>,
    /// When it was taken, or taken in.
    pub taken_at: Option<Millis>,
    /// Its file, where it came from another system.
    pub reference: Option<String>,
    /// Where it was taken, where the partnership keeps that.
    pub position: Option<Position>,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Bytes of the picture.
    pub bytes: Option<u32>,
    /// How far the thumbnail is here.
    pub thumbnail: Held,
    /// How far the picture is here.
    pub original: Held,
    /// How far it has left this device.
    pub sending: Sending,
    /// Who took it in, and when.
    pub made: Option<Provenance>,
}

impl Photographs<'_> {
    /// Takes a file in as a photograph of a home. It is made anew, so nothing else that the file says gets through, but where it
    /// was taken if the partnership keeps that; it is on disk, sealed, when this returns.
    ///
    /// # Errors
    /// [`ClientError::Picture`], [`ClientError::Photograph`]: nothing was added.
    pub fn add(&self, property: RecordId, file: &[u8], about: &PhotographInput) -> Result<RowId, ClientError> {
        // Not under the lock: other work goes on while a picture is made.
        self.add_picture(property, &Picture::from_file(file)?, about)
    }

    /// The same for a picture that was made of its file before: whoever saves something else with it knows first that it is one.
    ///
    /// # Errors
    /// [`ClientError::Photograph`]: nothing was added.
    pub fn add_picture(
        &self,
        property: RecordId,
        picture: &Picture,
        about: &PhotographInput,
    ) -> Result<RowId, ClientError> {
        let policy = self.client.packs().book()?.photographs(&Date::of(self.client.now()));
        let position = picture.position.filter(|_| policy.position == Keep::Keep);
        let about = Photograph {
            lat: position.map(|position| position.lat),
            lon: position.map(|position| position.lon),
            note: about.note.clone(),
            room: about.room.clone(),
            hazard: about.hazard,
            visit: about.visit,
            taken_at: about.taken_at,
            reference: about.reference.clone(),
            ..Photograph::default()
        };
        let now = self.client.now();
        let mut rng = DrawRandomness::new();
        Ok(self.client.lock().add_photograph(property, picture, &about, now, &mut rng)?)
    }

    /// The photographs of a home, the newest first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn list(&self, property: RecordId) -> Result<Vec<PhotographRow>, ClientError> {
        let mut device = self.client.lock();
        let Some(view) = properties::view_of(&mut device, property, Class::Home)? else { return Ok(Vec::new()) };
        let reader = device.store().reader();
        let mut rows = Vec::new();
        for seen in view.rows::<Photograph>(Reading::Shown) {
            let Photograph { note, room, hazard, visit, taken_at, width, height, parts: named, .. } = seen.value;
            let position = seen.value.lat.zip(seen.value.lon).map(|(lat, lon)| Position { lat, lon });
            let of = |form| parts::states(reader, view.document, seen.row.0, form);
            let (original, thumbnail) = (of(PartForm::Original)?, of(PartForm::Thumbnail)?);
            let left = original.iter().chain(&thumbnail).filter(|state| **state == PartState::ToSend).count();
            let made =
                view.sections.get("photographs").and_then(|s| s.rows.get(&seen.row)).and_then(|r| r.made.clone());
            rows.push(PhotographRow {
                row: seen.row,
                note,
                room,
                hazard,
                visit,
                taken_at,
                reference: seen.value.reference,
                position,
                width: width.and_then(|side| u32::try_from(side).ok()),
                height: height.and_then(|side| u32::try_from(side).ok()),
                bytes: named.as_ref().and_then(PhotographParts::parse).map(|parts| parts.original.bytes),
                thumbnail: held(&thumbnail),
                original: held(&original),
                sending: if left == 0 { Sending::Sent } else { Sending::Parts { left: left as u64 } },
                made,
            });
        }
        device.let_go();
        rows.order_by_key(|row| (std::cmp::Reverse(row.taken_at), row.row));
        Ok(rows)
    }

    /// The thumbnail as a JPEG file; none while it is not here, or does not open.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn thumbnail(&self, property: RecordId, photograph: RowId) -> Result<Option<Vec<u8>>, ClientError> {
        self.opened(property, photograph, PartKind::Thumbnail)
    }

    /// The picture as a JPEG file; none while it is not here, or does not open. [`Self::want`] asks for it.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn original(&self, property: RecordId, photograph: RowId) -> Result<Option<Vec<u8>>, ClientError> {
        self.opened(property, photograph, PartKind::Original)
    }

    /// Has the picture fetched with the next sync.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn want(&self, property: RecordId, photograph: RowId) -> Result<(), ClientError> {
        let (document, _) = self.parts_of(property, photograph)?;
        self.client.lock().want_photograph(document, photograph)?;
        Ok(())
    }

    /// How many parts of photographs are on this device only.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn parts_to_send(&self) -> Result<u64, ClientError> {
        Ok(parts::count_to_send(self.client.lock().store().reader())?)
    }

    fn parts_of(
        &self,
        property: RecordId,
        photograph: RowId,
    ) -> Result<(DocumentId, Option<PhotographParts>), ClientError> {
        let mut device = self.client.lock();
        let not_found = || ClientError::NotFound { what: "photograph" };
        let view = properties::view_of(&mut device, property, Class::Home)?.ok_or_else(not_found)?;
        device.let_go();
        let mut rows = view.rows::<Photograph>(Reading::Shown).into_iter();
        let found = rows.find(|seen| seen.row == photograph).ok_or_else(not_found)?;
        Ok((view.document, found.value.parts.as_ref().and_then(PhotographParts::parse)))
    }

    fn opened(&self, property: RecordId, photograph: RowId, kind: PartKind) -> Result<Option<Vec<u8>>, ClientError> {
        let (_, named) = self.parts_of(property, photograph)?;
        let Some(named) = named else { return Ok(None) };
        Ok(match self.client.lock().open_photograph(photograph, &named, kind)? {
            Opened::Whole(file) => Some(file),
            Opened::Missing(_) | Opened::Damaged => None,
        })
    }
}

fn held(parts: &[PartState]) -> Held {
    if parts.is_empty() {
        return Held::NotHere;
    }
    let mut held = Held::Here;
    for part in parts {
        held = held.max(match part {
            PartState::ToSend | PartState::Here => Held::Here,
            PartState::Wanted => Held::Wanted,
            PartState::Elsewhere => Held::NotHere,
        });
    }
    held
}
