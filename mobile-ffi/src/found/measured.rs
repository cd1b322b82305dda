//! What was measured and rated: observations that stand, of which the latest is shown.

use std::time::SystemTime;

use doorstep_client_core::records::{Seen, home};

use super::RowFacts;
use crate::error::DoorstepError;
use crate::ids::RowId;
use crate::measures::{Figure, millis, time};
use crate::quiet::quiet;
use crate::words::{ExitState, MeasuredBy, RoomKind};

/// A measurement.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Measurement {
    /// Of what: door, step, bath.
    pub feature: String,
    /// The figure, with its unit.
    pub figure: Figure,
    /// Which quantity: width, height, gradient.
    #[uniffi(default)]
    pub quantity: Option<String>,
    /// Room.
    #[uniffi(default)]
    pub room: Option<String>,
    /// How.
    #[uniffi(default)]
    pub by: Option<MeasuredBy>,
    /// When; at a visit, when that began.
    #[uniffi(default)]
    pub observed: Option<SystemTime>,
}

/// A recorded measurement.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct MeasurementRow {
    /// Where it comes from.
    pub facts: RowFacts,
    /// What it is.
    pub measurement: Measurement,
    /// The visit.
    pub visit: Option<RowId>,
}

/// A clutter rating of one room.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Clutter {
    /// Room.
    pub room: String,
    /// 1 to 9.
    pub rating: u8,
    /// Its kind.
    #[uniffi(default)]
    pub room_kind: Option<RoomKind>,
    /// Whether the way out of the room is free.
    #[uniffi(default)]
    pub exit: Option<ExitState>,
    /// Rated against the anchor pictures of its kind of room.
    #[uniffi(default)]
    pub anchored: Option<bool>,
    /// When; at a visit, when that began.
    #[uniffi(default)]
    pub observed: Option<SystemTime>,
}

/// A recorded clutter rating.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ClutterRow {
    /// Where it comes from.
    pub facts: RowFacts,
    /// What it is.
    pub clutter: Clutter,
    /// The visit.
    pub visit: Option<RowId>,
}

quiet!(Measurement, MeasurementRow, Clutter, ClutterRow);

impl TryFrom<Measurement> for home::Measurement {
    type Error = DoorstepError;

    fn try_from(measurement: Measurement) -> Result<Self, DoorstepError> {
        let (value, unit) = measurement.figure.parts();
        Ok(Self {
            feature: Some(measurement.feature),
            value: Some(value),
            unit: Some(unit),
            quantity: measurement.quantity,
            room: measurement.room,
            method: measurement.by.map(Into::into),
            observed_at: measurement.observed.map(|at| millis("observed", at)).transpose()?,
            ..Self::default()
        })
    }
}

impl MeasurementRow {
    pub(crate) fn shown(seen: Seen<home::Measurement>) -> Option<Self> {
        let facts = RowFacts::of(&seen);
        let of = seen.value;
        let measurement = Measurement {
            feature: of.feature?,
            figure: Figure::of(of.value?, of.unit?),
            quantity: of.quantity,
            room: of.room,
            by: of.method.map(Into::into),
            observed: of.observed_at.map(time),
        };
        Some(Self { facts, measurement, visit: of.visit.map(Into::into) })
    }
}

impl TryFrom<Clutter> for home::Clutter {
    type Error = DoorstepError;

    fn try_from(clutter: Clutter) -> Result<Self, DoorstepError> {
        Ok(Self {
            room: Some(clutter.room),
            room_kind: clutter.room_kind.map(Into::into),
            rating: Some(clutter.rating.into()),
            exit: clutter.exit.map(Into::into),
            anchored: clutter.anchored,
            observed_at: clutter.observed.map(|at| millis("observed", at)).transpose()?,
            ..Self::default()
        })
    }
}

impl ClutterRow {
    pub(crate) fn shown(seen: Seen<home::Clutter>) -> Option<Self> {
        let facts = RowFacts::of(&seen);
        let of = seen.value;
        let clutter = Clutter {
            room: of.room?,
            rating: of.rating?.try_into().ok()?,
            room_kind: of.room_kind.map(Into::into),
            exit: of.exit.map(Into::into),
            anchored: of.anchored,
            observed: of.observed_at.map(time),
        };
        Some(Self { facts, clutter, visit: of.visit.map(Into::into) })
    }
}
