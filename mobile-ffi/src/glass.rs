//! What is sealed about a home. A crew breaks the glass, with or without signal; an entitled team reads for a purpose. Nothing is
//! shown before the record of it is on this device's disk, and there is no export.

use std::sync::Arc;
use std::time::SystemTime;

use doorstep_client_core::audit;
use doorstep_client_core::client::{self, SealedInput};
use doorstep_client_core::device::{GlassPlea as Plea, Guarded};
use doorstep_client_core::partnership::purpose;
use doorstep_client_core::records::sealed;

use crate::error::DoorstepError;
use crate::ids::{AuditRecordId, RecordId};
use crate::measures::{Day, date, time};
use crate::open::Shared;
use crate::quiet::quiet;
use crate::words::{PointerKind, ViolenceKind};

/// What is sealed.
#[derive(uniffi::Object)]
pub struct Glass {
    pub(crate) shared: Arc<Shared>,
}

/// Why a glass is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum GlassReason {
    /// A crew is on its way to, or at, an incident there.
    Incident,
    /// Somebody's life or health may be in danger.
    Welfare,
    /// Before staff go in.
    StaffSafety,
    /// Another reason, said in the text.
    Other,
}

/// Why a worker breaks a glass.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct GlassPlea {
    /// The reason.
    pub reason: GlassReason,
    /// In words: what the review reads.
    pub text: String,
    /// The number of the incident, where there is one.
    #[uniffi(default)]
    pub incident: Option<String>,
}

/// A glass that is open.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct OpenGlass {
    /// The home.
    pub property: RecordId,
    /// Until when it shows.
    pub until: SystemTime,
}

/// For what an entitled team reads, as its grant names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ReadPurpose {
    /// Prevention in the home: Safe and Well visits, falls, adaptations.
    Prevention,
    /// Housing condition and repair.
    HousingCondition,
    /// Response to an incident at the address.
    Emergency,
}

/// A warning of violence.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Violence {
    /// What kind.
    pub kind: ViolenceKind,
    /// The day to look again.
    pub review: Option<Day>,
    /// What happened, and what to do, in few words.
    #[uniffi(default)]
    pub detail: Option<String>,
    /// What to do before going in.
    #[uniffi(default)]
    pub precaution: Option<String>,
    /// Since when.
    #[uniffi(default)]
    pub since: Option<Day>,
}

/// How to get in with nobody to open.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct WayIn {
    /// Where the key safe is.
    #[uniffi(default)]
    pub place: Option<String>,
    /// Its code.
    #[uniffi(default)]
    pub code: Option<String>,
    /// Who else holds a key.
    #[uniffi(default)]
    pub key_holder: Option<String>,
    /// When it was last known to be right.
    #[uniffi(default)]
    pub checked: Option<Day>,
}

/// Who knows more, by reference only.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct WhoKnowsMore {
    /// Who.
    pub kind: PointerKind,
    /// Their reference.
    #[uniffi(default)]
    pub reference: Option<String>,
    /// Whom to ask, and how.
    #[uniffi(default)]
    pub contact: Option<String>,
}

/// What is sealed about a home, to be shown and not kept.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SealedPage {
    /// The record of its being shown.
    pub audit: AuditRecordId,
    /// Warnings of violence.
    pub violence: Vec<Violence>,
    /// Ways in.
    pub ways_in: Vec<WayIn>,
    /// Who knows more.
    pub pointers: Vec<WhoKnowsMore>,
    /// Envelopes that could not be read here: there may be more than is shown.
    pub left_out: u64,
}

/// What is to be sealed about a home.
#[derive(Clone, Default, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ToSeal {
    /// Warnings of violence.
    #[uniffi(default)]
    pub violence: Vec<Violence>,
    /// Ways in.
    #[uniffi(default)]
    pub ways_in: Vec<WayIn>,
    /// Who knows more.
    #[uniffi(default)]
    pub pointers: Vec<WhoKnowsMore>,
}

quiet!(GlassPlea, Violence, WayIn, WhoKnowsMore, SealedPage, ToSeal);

#[uniffi::export]
impl Glass {
    /// Breaks the glass of one home. The record of it is on disk when this returns; nothing is shown yet.
    ///
    /// # Errors
    /// [`DoorstepError::Locked`], [`DoorstepError::NotAllowed`], [`DoorstepError::Value`]: then the glass is whole.
    pub fn break_glass(&self, property: RecordId, plea: GlassPlea) -> Result<OpenGlass, DoorstepError> {
        let (record, plea) = (property.clone().try_into()?, plea.into());
        let broken = self.shared.write(|client| client.glass().break_glass(record, &plea))?;
        Ok(OpenGlass { property, until: time(broken.until) })
    }

    /// Shows what is sealed about a home whose glass is broken.
    ///
    /// # Errors
    /// [`DoorstepError::NotAllowed`] when it is whole or its time is over; then nothing is shown.
    pub fn read(&self, property: RecordId) -> Result<SealedPage, DoorstepError> {
        let record = property.try_into()?;
        Ok(self.shared.write(|client| client.glass().show(record))?.into())
    }

    /// Shows it to an entitled team, for a purpose that its grant names.
    ///
    /// # Errors
    /// [`DoorstepError::Locked`], [`DoorstepError::NotAllowed`]; then nothing is shown.
    pub fn read_as_entitled(&self, property: RecordId, purpose: ReadPurpose) -> Result<SealedPage, DoorstepError> {
        let record = property.try_into()?;
        Ok(self.shared.write(|client| client.glass().read(record, purpose.code()))?.into())
    }

    /// Seals what is new about a home, where a team may.
    ///
    /// # Errors
    /// [`DoorstepError::Locked`], [`DoorstepError::NotAllowed`], [`DoorstepError::Value`].
    pub fn seal(&self, property: RecordId, what: ToSeal) -> Result<(), DoorstepError> {
        let (record, input) = (property.try_into()?, what.try_into()?);
        self.shared.write(|client| client.glass().seal(record, &input))
    }

    /// The glasses that are open on this device now.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn open_now(&self) -> Result<Vec<OpenGlass>, DoorstepError> {
        let open = self.shared.read(|client| client.glass().open_now())?;
        Ok(open.into_iter().map(Into::into).collect())
    }

    /// Closes the glass of a home before its time.
    ///
    /// # Errors
    /// [`DoorstepError::NotAllowed`] when it is whole.
    pub fn close_glass(&self, property: RecordId) -> Result<(), DoorstepError> {
        let record = property.try_into()?;
        self.shared.write(|client| client.glass().close(record))
    }
}

impl ReadPurpose {
    const fn code(self) -> u16 {
        match self {
            Self::Prevention => purpose::PREVENTION,
            Self::HousingCondition => purpose::HOUSING_CONDITION,
            Self::Emergency => purpose::EMERGENCY,
        }
    }

    /// The purpose of a code; none for one that apps do not read for.
    pub(crate) fn of_code(code: u16) -> Option<Self> {
        [Self::Prevention, Self::HousingCondition, Self::Emergency].into_iter().find(|purpose| purpose.code() == code)
    }
}

impl From<GlassReason> for audit::GlassReason {
    fn from(reason: GlassReason) -> Self {
        match reason {
            GlassReason::Incident => Self::Incident,
            GlassReason::Welfare => Self::Welfare,
            GlassReason::StaffSafety => Self::StaffSafety,
            GlassReason::Other => Self::Other,
        }
    }
}

impl From<GlassPlea> for Plea {
    fn from(plea: GlassPlea) -> Self {
        Self { reason: plea.reason.into(), text: plea.text, incident: plea.incident }
    }
}

impl From<client::OpenGlass> for OpenGlass {
    fn from(open: client::OpenGlass) -> Self {
        Self { property: open.property.into(), until: time(open.until) }
    }
}

impl TryFrom<ToSeal> for SealedInput {
    type Error = DoorstepError;

    fn try_from(what: ToSeal) -> Result<Self, DoorstepError> {
        Ok(Self {
            violence: what.violence.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            entries: what.ways_in.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            pointers: what.pointers.into_iter().map(Into::into).collect(),
        })
    }
}

impl TryFrom<Violence> for sealed::Violence {
    type Error = DoorstepError;

    fn try_from(of: Violence) -> Result<Self, DoorstepError> {
        Ok(Self {
            kind: Some(of.kind.into()),
            detail: of.detail,
            precaution: of.precaution,
            since: date("since", of.since)?,
            review_on: date("review", of.review)?,
            ..Self::default()
        })
    }
}

impl TryFrom<WayIn> for sealed::Entry {
    type Error = DoorstepError;

    fn try_from(of: WayIn) -> Result<Self, DoorstepError> {
        let checked_on = date("checked", of.checked)?;
        Ok(Self { place: of.place, code: of.code, key_holder: of.key_holder, checked_on, ..Self::default() })
    }
}

impl From<WhoKnowsMore> for sealed::Pointer {
    fn from(of: WhoKnowsMore) -> Self {
        Self { kind: Some(of.kind.into()), reference: of.reference, contact: of.contact, ..Self::default() }
    }
}

impl From<Guarded<client::SealedPage>> for SealedPage {
    fn from(guarded: Guarded<client::SealedPage>) -> Self {
        let page = guarded.show();
        let violence = |of: &sealed::Violence| {
            Some(Violence {
                kind: of.kind.clone()?.into(),
                review: of.review_on.as_ref().and_then(Day::of),
                detail: of.detail.clone(),
                precaution: of.precaution.clone(),
                since: of.since.as_ref().and_then(Day::of),
            })
        };
        let way_in = |of: &sealed::Entry| WayIn {
            place: of.place.clone(),
            code: of.code.clone(),
            key_holder: of.key_holder.clone(),
            checked: of.checked_on.as_ref().and_then(Day::of),
        };
        let pointer = |of: &sealed::Pointer| {
            let (reference, contact) = (of.reference.clone(), of.contact.clone());
            Some(WhoKnowsMore { kind: of.kind.clone()?.into(), reference, contact })
        };
        Self {
            audit: guarded.record().into(),
            violence: page.violence.iter().filter_map(|seen| violence(&seen.value)).collect(),
            ways_in: page.entries.iter().map(|seen| way_in(&seen.value)).collect(),
            pointers: page.pointers.iter().filter_map(|seen| pointer(&seen.value)).collect(),
            left_out: page.left_out as u64,
        }
    }
}
