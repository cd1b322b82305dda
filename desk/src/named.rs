//! What people name, found by its name or by its id.

use doorstep_client_core::client::{Client, NameBook};
use doorstep_protocol::{AreaId, DeviceId, OrganisationId, TeamId, WorkerId, ZoneId};
use std::collections::BTreeMap;
use std::str::FromStr;

use crate::failure::DeskError;

/// Known names that a message lists at most.
const LISTED_MAX: usize = 12;

/// Looks names up in the directory of this device.
pub struct Named {
    book: NameBook,
}

impl Named {
    /// The directory as it is now.
    ///
    /// # Errors
    /// [`DeskError::Client`].
    pub fn of(client: &Client) -> Result<Self, DeskError> {
        Ok(Self { book: client.directory().names()? })
    }

    /// A device.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn device(&self, wanted: &str) -> Result<DeviceId, DeskError> {
        one(&self.book.devices, wanted, "device")
    }

    /// A team.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn team(&self, wanted: &str) -> Result<TeamId, DeskError> {
        one(&self.book.teams, wanted, "team")
    }

    /// A zone.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn zone(&self, wanted: &str) -> Result<ZoneId, DeskError> {
        one(&self.book.zones, wanted, "zone")
    }

    /// An organisation.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn organisation(&self, wanted: &str) -> Result<OrganisationId, DeskError> {
        one(&self.book.organisations, wanted, "organisation")
    }

    /// A worker.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn worker(&self, wanted: &str) -> Result<WorkerId, DeskError> {
        one(&self.book.workers, wanted, "worker")
    }

    /// An area.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn area(&self, wanted: &str) -> Result<AreaId, DeskError> {
        one(&self.book.areas, wanted, "area")
    }

    /// The names themselves.
    #[must_use]
    pub const fn book(&self) -> &NameBook {
        &self.book
    }
}

fn one<I: FromStr>(book: &BTreeMap<String, String>, wanted: &str, what: &'static str) -> Result<I, DeskError> {
    let wanted = wanted.trim();
    if let Ok(id) = wanted.parse() {
        return Ok(id);
    }
    let mut found = book.iter().filter(|(_, name)| name.eq_ignore_ascii_case(wanted));
    match (found.next(), found.next()) {
        (Some((id, _)), None) => id.parse().map_err(|_| DeskError::Bug("a name stands for no id".into())),
        (Some(_), Some(_)) => Err(DeskError::NotFound {
            what: what.into(),
            remedy: format!("several have the name “{wanted}”: give the id of the one you mean").into(),
        }),
        (None, _) => {
            let mut known: Vec<&str> = book.values().map(String::as_str).collect();
            known.sort_unstable();
            known.truncate(LISTED_MAX);
            Err(DeskError::NotFound {
                what: what.into(),
                remedy: format!("there is no {what} “{wanted}” here; there are: {}", known.join(", ")).into(),
            })
        }
    }
}
