//! What a visit found, all kinds of it together.

use doorstep_client_core::client::VisitInput;

use crate::error::DoorstepError;
use crate::found::{
    Adaptation, Alarm, AlarmChange, Clutter, Equipment, EquipmentChange, Flag, Hazard, HazardChange, Measurement,
};
use crate::person::NewPerson;
use crate::quiet::quiet;

/// What a visit found.
#[derive(Clone, Default, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Findings {
    /// Hazards seen.
    #[uniffi(default)]
    pub hazards: Vec<Hazard>,
    /// Hazards known before.
    #[uniffi(default)]
    pub hazard_changes: Vec<HazardChange>,
    /// Measurements taken.
    #[uniffi(default)]
    pub measurements: Vec<Measurement>,
    /// Equipment found.
    #[uniffi(default)]
    pub equipment: Vec<Equipment>,
    /// Equipment known before.
    #[uniffi(default)]
    pub equipment_changes: Vec<EquipmentChange>,
    /// Adaptations.
    #[uniffi(default)]
    pub adaptations: Vec<Adaptation>,
    /// Clutter by room.
    #[uniffi(default)]
    pub clutter: Vec<Clutter>,
    /// Alarms found or fitted.
    #[uniffi(default)]
    pub alarms: Vec<Alarm>,
    /// Alarms known before.
    #[uniffi(default)]
    pub alarm_changes: Vec<AlarmChange>,
    /// Flags to raise.
    #[uniffi(default)]
    pub flags: Vec<Flag>,
    /// People met who are not recorded yet: they live there.
    #[uniffi(default)]
    pub people: Vec<NewPerson>,
}

quiet!(Findings);

impl Findings {
    /// Puts them into what the core records.
    ///
    /// # Errors
    /// [`DoorstepError::Value`].
    pub(crate) fn into_input(self, input: &mut VisitInput) -> Result<(), DoorstepError> {
        input.hazards = all(self.hazards)?;
        input.hazard_updates = all(self.hazard_changes)?;
        input.measurements = all(self.measurements)?;
        input.equipment = all(self.equipment)?;
        input.equipment_updates = all(self.equipment_changes)?;
        input.adaptations = all(self.adaptations)?;
        input.clutter = all(self.clutter)?;
        input.alarms = all(self.alarms)?;
        input.alarm_updates = all(self.alarm_changes)?;
        input.flags = all(self.flags)?;
        input.people = all(self.people)?;
        Ok(())
    }
}

/// Every one, or the first that does not fit.
pub(crate) fn all<From, To: TryFrom<From, Error = DoorstepError>>(rows: Vec<From>) -> Result<Vec<To>, DoorstepError> {
    rows.into_iter().map(TryInto::try_into).collect()
}
