//! What stands in a home: equipment, adaptations, alarms.

use doorstep_client_core::client::RowUpdate;
use doorstep_client_core::records::{Seen, home};

use super::RowFacts;
use crate::error::DoorstepError;
use crate::ids::RowId;
use crate::measures::{Day, Kilograms, date};
use crate::quiet::quiet;
use crate::words::{AdaptationStatus, AlarmKind, AlarmState, EquipmentKind, EquipmentState};

/// A piece of equipment.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Equipment {
    /// Its kind.
    pub kind: EquipmentKind,
    /// In words.
    #[uniffi(default)]
    pub label: Option<String>,
    /// Room.
    #[uniffi(default)]
    pub room: Option<String>,
    /// Safe working load.
    #[uniffi(default)]
    pub safe_load: Option<Kilograms>,
    /// When it was installed.
    #[uniffi(default)]
    pub installed: Option<Day>,
    /// Whose it is.
    #[uniffi(default)]
    pub owner: Option<String>,
    /// When its service is due.
    #[uniffi(default)]
    pub service_due: Option<Day>,
    /// Its state.
    #[uniffi(default)]
    pub state: Option<EquipmentState>,
    /// More.
    #[uniffi(default)]
    pub note: Option<String>,
}

/// New words about equipment that is recorded; what is left out stays as it is.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct EquipmentChange {
    /// Which.
    pub row: RowId,
    /// What it is now.
    pub set: Equipment,
}

/// Recorded equipment.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct EquipmentRow {
    /// Where it comes from.
    pub facts: RowFacts,
    /// What it is.
    pub equipment: Equipment,
    /// The visit.
    pub visit: Option<RowId>,
}

/// An adaptation of the home.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Adaptation {
    /// What: level-access shower, ramp, widened door.
    pub kind: String,
    /// How far it is.
    #[uniffi(default)]
    pub status: Option<AdaptationStatus>,
    /// Room.
    #[uniffi(default)]
    pub room: Option<String>,
    /// Since when.
    #[uniffi(default)]
    pub since: Option<Day>,
    /// More.
    #[uniffi(default)]
    pub note: Option<String>,
}

/// A recorded adaptation.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AdaptationRow {
    /// Where it comes from.
    pub facts: RowFacts,
    /// What it is.
    pub adaptation: Adaptation,
    /// The visit.
    pub visit: Option<RowId>,
}

/// An alarm, or the lack of one.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Alarm {
    /// Kind.
    pub kind: AlarmKind,
    /// What was found or done.
    pub state: AlarmState,
    /// Room.
    #[uniffi(default)]
    pub room: Option<String>,
    /// The day by which it must be replaced.
    #[uniffi(default)]
    pub expires: Option<Day>,
    /// More.
    #[uniffi(default)]
    pub note: Option<String>,
}

/// New words about an alarm that is recorded; what is left out stays as it is.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AlarmChange {
    /// Which.
    pub row: RowId,
    /// What it is now.
    pub set: Alarm,
}

/// A recorded alarm.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AlarmRow {
    /// Where it comes from.
    pub facts: RowFacts,
    /// What it is.
    pub alarm: Alarm,
    /// The visit.
    pub visit: Option<RowId>,
}

quiet!(Equipment, EquipmentChange, EquipmentRow, Adaptation, AdaptationRow, Alarm, AlarmChange, AlarmRow);

impl TryFrom<Equipment> for home::Equipment {
    type Error = DoorstepError;

    fn try_from(equipment: Equipment) -> Result<Self, DoorstepError> {
        Ok(Self {
            kind: Some(equipment.kind.into()),
            label: equipment.label,
            room: equipment.room,
            safe_load_kg: equipment.safe_load.map(|load| load.kg.into()),
            installed: date("installed", equipment.installed)?,
            owner: equipment.owner,
            service_due: date("service_due", equipment.service_due)?,
            state: equipment.state.map(Into::into),
            note: equipment.note,
            ..Self::default()
        })
    }
}

impl TryFrom<EquipmentChange> for RowUpdate<home::Equipment> {
    type Error = DoorstepError;

    fn try_from(change: EquipmentChange) -> Result<Self, DoorstepError> {
        Ok(Self { row: change.row.try_into()?, set: change.set.try_into()? })
    }
}

impl EquipmentRow {
    pub(crate) fn shown(seen: Seen<home::Equipment>) -> Option<Self> {
        let facts = RowFacts::of(&seen);
        let of = seen.value;
        let equipment = Equipment {
            kind: of.kind?.into(),
            label: of.label,
            room: of.room,
            safe_load: of.safe_load_kg.and_then(|kg| Some(Kilograms { kg: kg.try_into().ok()? })),
            installed: of.installed.as_ref().and_then(Day::of),
            owner: of.owner,
            service_due: of.service_due.as_ref().and_then(Day::of),
            state: of.state.map(Into::into),
            note: of.note,
        };
        Some(Self { facts, equipment, visit: of.visit.map(Into::into) })
    }
}

impl TryFrom<Adaptation> for home::Adaptation {
    type Error = DoorstepError;

    fn try_from(adaptation: Adaptation) -> Result<Self, DoorstepError> {
        Ok(Self {
            kind: Some(adaptation.kind),
            status: adaptation.status.map(Into::into),
            room: adaptation.room,
            on: date("since", adaptation.since)?,
            note: adaptation.note,
            ..Self::default()
        })
    }
}

impl AdaptationRow {
    pub(crate) fn shown(seen: Seen<home::Adaptation>) -> Option<Self> {
        let facts = RowFacts::of(&seen);
        let of = seen.value;
        let adaptation = Adaptation {
            kind: of.kind?,
            status: of.status.map(Into::into),
            room: of.room,
            since: of.on.as_ref().and_then(Day::of),
            note: of.note,
        };
        Some(Self { facts, adaptation, visit: of.visit.map(Into::into) })
    }
}

impl TryFrom<Alarm> for home::Alarm {
    type Error = DoorstepError;

    fn try_from(alarm: Alarm) -> Result<Self, DoorstepError> {
        Ok(Self {
            kind: Some(alarm.kind.into()),
            state: Some(alarm.state.into()),
            room: alarm.room,
            expires: date("expires", alarm.expires)?,
            note: alarm.note,
            ..Self::default()
        })
    }
}

impl TryFrom<AlarmChange> for RowUpdate<home::Alarm> {
    type Error = DoorstepError;

    fn try_from(change: AlarmChange) -> Result<Self, DoorstepError> {
        Ok(Self { row: change.row.try_into()?, set: change.set.try_into()? })
    }
}

impl AlarmRow {
    pub(crate) fn shown(seen: Seen<home::Alarm>) -> Option<Self> {
        let facts = RowFacts::of(&seen);
        let of = seen.value;
        let alarm = Alarm {
            kind: of.kind?.into(),
            state: of.state?.into(),
            room: of.room,
            expires: of.expires.as_ref().and_then(Day::of),
            note: of.note,
        };
        Some(Self { facts, alarm, visit: of.visit.map(Into::into) })
    }
}
