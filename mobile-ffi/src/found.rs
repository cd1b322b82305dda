//! What is found in a home: hazards, measurements, equipment, adaptations, clutter, alarms, flags. Each has what a visitor says of it
//! (`Hazard`), and the row that is shown once it is recorded (`HazardRow`).

mod flag;
mod hazard;
mod measured;
mod things;

use std::time::SystemTime;

use doorstep_client_core::records::{Provenance, Seen};

pub use flag::{Flag, FlagRow, FlagState};
pub use hazard::{Hazard, HazardChange, HazardRow};
pub use measured::{Clutter, ClutterRow, Measurement, MeasurementRow};
pub use things::{Adaptation, AdaptationRow, Alarm, AlarmChange, AlarmRow, Equipment, EquipmentChange, EquipmentRow};

use crate::ids::{DeviceId, RowId};
use crate::measures::time;

/// What is said of every row beside what it holds.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RowFacts {
    /// The row: what a change of it names.
    pub row: RowId,
    /// Fields about which people disagree; the more cautious word is shown.
    pub disputed: Vec<String>,
    /// On which device it was made; none where that is not known.
    pub device: Option<DeviceId>,
    /// When, by that device's clock.
    pub made: Option<SystemTime>,
}

impl RowFacts {
    pub(crate) fn of<R>(seen: &Seen<R>) -> Self {
        let who = seen.made.as_ref().and_then(|made: &Provenance| made.who);
        Self {
            row: seen.row.into(),
            disputed: seen.disputed.iter().map(|field| (*field).to_owned()).collect(),
            device: who.map(|who| who.device.into()),
            made: seen.made.as_ref().map(|made| time(made.at)),
        }
    }
}
