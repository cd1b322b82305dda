//! The directory: names of workers, devices, teams, zones, areas and organisations. The authority log holds ids only, since
//! the server reads it; names are a sealed document.

use std::collections::BTreeMap;

use doorstep_protocol::{Class, DeviceId, SeatId, WorkerId};

use super::{Client, ClientError};
use crate::device::directory_document;
use crate::partnership::Names;
use crate::records::directory::{AreaName, DeviceName, OrganisationName, TeamName, WorkerName, ZoneName};
use crate::records::view::Author;
use crate::records::{DocumentView, Edit, EditError, Reading, Row, RowId};

/// The directory of a device.
pub struct Directory<'c> {
    pub(super) client: &'c Client,
}

/// Names by id, as lower-case hexadecimal.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct NameBook {
    /// Organisations.
    pub organisations: BTreeMap<String, String>,
    /// Areas.
    pub areas: BTreeMap<String, String>,
    /// Teams.
    pub teams: BTreeMap<String, String>,
    /// Zones.
    pub zones: BTreeMap<String, String>,
    /// Devices.
    pub devices: BTreeMap<String, String>,
    /// Workers.
    pub workers: BTreeMap<String, String>,
    #[serde(skip)]
    seats: BTreeMap<SeatId, WorkerId>,
}

impl NameBook {
    /// The worker behind an author, else the device.
    #[must_use]
    pub fn who(&self, author: Option<Author>) -> String {
        let Some(author) = author else { return "not known".to_owned() };
        let worker = author.seat.and_then(|seat| self.seats.get(&seat));
        worker
            .and_then(|worker| self.workers.get(&worker.to_string()).cloned())
            .unwrap_or_else(|| self.device(author.device))
    }

    /// The name of a device, else the start of its id.
    #[must_use]
    pub fn device(&self, device: DeviceId) -> String {
        let id = device.to_string();
        self.devices.get(&id).cloned().unwrap_or_else(|| format!("device {}", id.chars().take(8).collect::<String>()))
    }
}

impl Directory<'_> {
    /// Every name.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn names(&self) -> Result<NameBook, ClientError> {
        let mut device = self.client.lock();
        let id = directory_document(&device)?;
        let seats = device.authority()?.seats().iter().map(|(id, seat)| (*id, seat.worker)).collect();
        let Some(view) = device.view(id)? else { return Ok(NameBook { seats, ..NameBook::default() }) };
        Ok(NameBook {
            organisations: names::<OrganisationName>(&view, |row| row.name),
            areas: names::<AreaName>(&view, |row| row.name),
            teams: names::<TeamName>(&view, |row| row.name),
            zones: names::<ZoneName>(&view, |row| row.name),
            devices: names::<DeviceName>(&view, |row| row.name),
            workers: names::<WorkerName>(&view, |row| row.name),
            seats,
        })
    }

    /// Adds or changes names.
    ///
    /// # Errors
    /// [`ClientError::Write`].
    pub fn set(&self, new: &Names) -> Result<(), ClientError> {
        self.client.write(|draft| {
            let id = directory_document(draft.device())?;
            draft.edit_document(id, Class::Directory, None, |edit| {
                put_all(edit, &new.organisations, |name| OrganisationName { name, ..OrganisationName::default() })?;
                put_all(edit, &new.areas, |name| AreaName { name, ..AreaName::default() })?;
                put_all(edit, &new.teams, |name| TeamName { name, ..TeamName::default() })?;
                put_all(edit, &new.zones, |name| ZoneName { name, ..ZoneName::default() })?;
                put_all(edit, &new.devices, |name| DeviceName { name, ..DeviceName::default() })?;
                put_all(edit, &new.workers, |name| WorkerName { name, ..WorkerName::default() })
            })
        })
    }
}

fn names<R: Row>(view: &DocumentView, name: impl Fn(R) -> Option<String>) -> BTreeMap<String, String> {
    view.rows::<R>(Reading::Shown)
        .into_iter()
        .filter_map(|seen| Some((seen.row.to_string(), name(seen.value)?)))
        .collect()
}

fn put_all<I: Copy + Into<RowId>, R: Row>(
    edit: &mut Edit<'_, '_>,
    names: &BTreeMap<I, String>,
    row: impl Fn(Option<String>) -> R,
) -> Result<(), EditError> {
    names.iter().try_for_each(|(id, name)| edit.put_row((*id).into(), &row(Some(name.clone()))))
}
