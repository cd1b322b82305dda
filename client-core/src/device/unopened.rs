//! Keys that came for this device and do not open here: what a new device verifies on its first sync, and every other after a
//! rotation.

use std::collections::BTreeSet;

use doorstep_protocol::authority::TeamTier;
use doorstep_protocol::wrap::{SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{DeviceId, TeamId};

use super::{Device, DeviceError};
use crate::store;

impl Device {
    /// Teams of this device whose current key came, sealed to this device, and does not open: it was sealed to another
    /// key, is another one than the log names, or this device's own keys are damaged. What opens with a worker's PIN is
    /// not tried here.
    ///
    /// # Errors
    /// [`DeviceError::Store`].
    pub fn unopened_teams(&self) -> Result<BTreeSet<TeamId>, DeviceError> {
        let Some(authority) = &self.authority else { return Ok(BTreeSet::new()) };
        let delivered = store::log::team_wraps(self.store.reader())?;
        let joining =
            authority.teams().values().filter_map(|team| team.joining_wraps.get(&self.id)).map(|wrap| &wrap.0);
        let came: BTreeSet<(TeamId, _)> = delivered
            .iter()
            .chain(joining)
            .filter_map(|wrap| SealedWrapHeader::parse(wrap).ok())
            .filter(|wrap| wrap.purpose == SealedWrapPurpose::TeamToDevice && DeviceId(wrap.recipient) == self.id)
            .map(|wrap| (TeamId(wrap.subject), wrap.epoch))
            .collect();
        Ok(authority
            .teams_of(self.id)
            .filter(|(id, team)| team.tier == TeamTier::Ops && came.contains(&(**id, team.epoch())))
            .filter(|(id, team)| self.keyring.team(**id, team.epoch()).is_none())
            .map(|(id, _)| *id)
            .collect())
    }
}
