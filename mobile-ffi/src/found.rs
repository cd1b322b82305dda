//! What a visitor finds in a home: hazards, clutter, alarms, flags, to be recorded and as they are shown.

use doorstep_client_core::client::RowUpdate;
use doorstep_client_core::records::home::{Alarm, Clutter, Hazard};
use doorstep_client_core::records::index::Flag;
use doorstep_client_core::records::{Date, Seen};

use crate::error::{DoorstepError, not_this_form};
use crate::words::{AlarmKind, AlarmState, ExitState, FlagKind, FlagSubject, HazardScheme, RoomKind, Scope, Severity};

/// A hazard as seen.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FoundHazard {
    /// The list its code is from.
    pub scheme: HazardScheme,
    /// The code within the list.
    pub code: String,
    /// Room.
    #[uniffi(default)]
    pub room: Option<String>,
    /// Where.
    #[uniffi(default)]
    pub scope: Option<Scope>,
    /// As seen; not a score.
    #[uniffi(default)]
    pub severity: Option<Severity>,
    /// In words.
    #[uniffi(default)]
    pub note: Option<String>,
    /// Its row, once it is recorded; left out for a new one.
    #[uniffi(default)]
    pub row: Option<String>,
    /// Visits disagree about it; the more cautious word is shown.
    #[uniffi(default)]
    pub is_disputed: bool,
}

/// A clutter rating of one room.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FoundClutter {
    /// Room.
    pub room: String,
    /// Its kind.
    #[uniffi(default)]
    pub room_kind: Option<RoomKind>,
    /// 1 to 9.
    pub rating: i64,
    /// Whether the way out of the room is free.
    #[uniffi(default)]
    pub exit: Option<ExitState>,
}

/// An alarm, or the lack of one.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FoundAlarm {
    /// Kind.
    pub kind: AlarmKind,
    /// What was found or done.
    pub state: AlarmState,
    /// Room.
    #[uniffi(default)]
    pub room: Option<String>,
    /// The day by which it must be replaced, as YYYY-MM-DD.
    #[uniffi(default)]
    pub expires: Option<String>,
}

/// That a flag exists, and whom to ask: never why.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FoundFlag {
    /// Kind.
    pub kind: FlagKind,
    /// Whom it is about.
    #[uniffi(default)]
    pub subject: Option<FlagSubject>,
    /// Whom to ask for details.
    #[uniffi(default)]
    pub contact: Option<String>,
    /// The day of its review, as YYYY-MM-DD.
    #[uniffi(default)]
    pub review_due: Option<String>,
}

fn day(field: &str, text: Option<String>) -> Result<Option<Date>, DoorstepError> {
    text.map(|text| text.parse::<Date>().map_err(|error| not_this_form(field, error.expected))).transpose()
}

impl From<FoundHazard> for Hazard {
    fn from(found: FoundHazard) -> Self {
        Self {
            scheme: Some(found.scheme.into()),
            code: Some(found.code),
            room: found.room,
            scope: found.scope.map(Into::into),
            severity: found.severity.map(Into::into),
            note: found.note,
            ..Self::default()
        }
    }
}

impl From<FoundClutter> for Clutter {
    fn from(found: FoundClutter) -> Self {
        Self {
            room: Some(found.room),
            room_kind: found.room_kind.map(Into::into),
            rating: Some(found.rating),
            exit: found.exit.map(Into::into),
            ..Self::default()
        }
    }
}

impl TryFrom<FoundAlarm> for Alarm {
    type Error = DoorstepError;

    fn try_from(found: FoundAlarm) -> Result<Self, DoorstepError> {
        Ok(Self {
            kind: Some(found.kind.into()),
            state: Some(found.state.into()),
            room: found.room,
            expires: day("expires", found.expires)?,
            ..Self::default()
        })
    }
}

impl TryFrom<FoundFlag> for Flag {
    type Error = DoorstepError;

    fn try_from(found: FoundFlag) -> Result<Self, DoorstepError> {
        Ok(Self {
            kind: Some(found.kind.into()),
            subject: found.subject.map(Into::into),
            contact: found.contact,
            review_due: day("review_due", found.review_due)?,
            ..Self::default()
        })
    }
}

impl FoundHazard {
    /// New values for a hazard that was recorded before.
    pub(crate) fn update(self) -> Result<RowUpdate<Hazard>, DoorstepError> {
        let row = self.row.as_deref().unwrap_or_default();
        let row = row.parse().map_err(|_| not_this_form("row", "a row that was shown"))?;
        Ok(RowUpdate { row, set: self.into() })
    }

    /// As it is shown; none where a newer version left out what this one needs.
    pub(crate) fn shown(seen: Seen<Hazard>) -> Option<Self> {
        let hazard = seen.value;
        Some(Self {
            scheme: hazard.scheme?.into(),
            code: hazard.code?,
            room: hazard.room,
            scope: hazard.scope.map(Into::into),
            severity: hazard.severity.map(Into::into),
            note: hazard.note,
            row: Some(seen.row.to_string()),
            is_disputed: !seen.disputed.is_empty(),
        })
    }
}

impl FoundClutter {
    pub(crate) fn shown(seen: Seen<Clutter>) -> Option<Self> {
        let clutter = seen.value;
        Some(Self {
            room: clutter.room?,
            room_kind: clutter.room_kind.map(Into::into),
            rating: clutter.rating?,
            exit: clutter.exit.map(Into::into),
        })
    }
}

impl FoundAlarm {
    pub(crate) fn shown(seen: Seen<Alarm>) -> Option<Self> {
        let alarm = seen.value;
        Some(Self {
            kind: alarm.kind?.into(),
            state: alarm.state?.into(),
            room: alarm.room,
            expires: alarm.expires.map(|day| day.to_string()),
        })
    }
}

impl FoundFlag {
    pub(crate) fn shown(seen: Seen<Flag>) -> Option<Self> {
        let flag = seen.value;
        Some(Self {
            kind: flag.kind?.into(),
            subject: flag.subject.map(Into::into),
            contact: flag.contact,
            review_due: flag.review_due.map(|day| day.to_string()),
        })
    }
}
