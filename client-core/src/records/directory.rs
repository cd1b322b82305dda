//! Rows of the class `directory`: names, keyed by the id of what they name, so that two desks that name the same thing
//! write the same row.

use doorstep_protocol::{AreaId, DeviceId, OrganisationId, TeamId, WorkerId, ZoneId};

use super::row::row;
use super::words::RowId;

macro_rules! names {
    ($($(#[doc = $doc:literal])* $name:ident $collection:literal $id:ident;)+) => {$(
        row! {
            $(#[doc = $doc])*
            struct $name in Directory $collection Edited {
                /// The name.
                name: String [Chars(120)],
                /// Its kind, in the words of the partnership.
                kind: String [Chars(60)],
                /// More.
                detail: String [Chars(500)],
            }
        }

        impl From<$id> for RowId {
            fn from(id: $id) -> Self {
                Self(id.0)
            }
        }
    )+};
}

names! {
    /// Name of a device.
    DeviceName "devices" DeviceId;
    /// Name of a team.
    TeamName "teams" TeamId;
    /// Name of a zone.
    ZoneName "zones" ZoneId;
    /// Name of a worker.
    WorkerName "workers" WorkerId;
    /// Name of an organisation.
    OrganisationName "organisations" OrganisationId;
    /// Name of an area.
    AreaName "areas" AreaId;
}
