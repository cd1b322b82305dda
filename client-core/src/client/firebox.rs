//! The digital firebox: one screen for a crew, offline, never gated.

pub(super) mod sources;

use doorstep_protocol::{Class, DocumentId};

use super::properties::view_of;
use super::{Client, ClientError};
use crate::device::{Device, RecordId};
use crate::records::firebox::{Building, FireboxView, firebox};
use crate::records::{Date, DocumentView, consent};
use crate::store::lists::{self, Occupants, PropertyRow};

/// Fireboxes of a device.
pub struct Firebox<'c> {
    pub(super) client: &'c Client,
}

/// The firebox of an address.
#[derive(Clone, Debug, serde::Serialize)]
pub struct FireboxPage {
    /// The property.
    pub record: RecordId,
    /// Its line in lists.
    pub row: PropertyRow,
    /// The screen.
    pub view: FireboxView,
}

impl Firebox<'_> {
    /// Opens the firebox of a property. It needs the documents `fire` and `index` and nothing else: whatever is wrong
    /// with the rest of the device does not stand in its way. Where the sources of a fact are here too and disagree, the
    /// entry says so, and shows the more cautious word.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn open(&self, record: RecordId) -> Result<FireboxPage, ClientError> {
        let now = self.client.now();
        let mut device = self.client.lock();
        let row = lists::property_of(device.store().reader(), record.0)?;
        let row = row.ok_or(ClientError::NotFound { what: "property" })?;
        let fire = view_of(&mut device, record, Class::Fire)?;
        let index = view_of(&mut device, record, Class::Index)?;
        // What the building has is told where it is here and loads; a firebox opens without it.
        let building = super::properties::building_of(&device, &row).ok().flatten();
        let of_building =
            building.as_ref().and_then(|row| view_of(&mut device, RecordId(row.record), Class::Fire).ok().flatten());
        let told = building.as_ref().map(|row| Building { address: &row.address, fire: of_building.as_ref() });
        let mut view = firebox(fire.as_ref(), index.as_ref(), told, now);
        let today = Date::of(now);
        let (sources, withheld) = sources_of(&mut device, record, &today);
        // A firebox opens whatever is wrong with the rest.
        let thresholds = device.book().map(|book| book.publishing(&today)).unwrap_or_default();
        let sources: Vec<&DocumentView> = sources.iter().collect();
        sources::tell(&mut view, fire.as_ref(), &sources, &withheld, (now, thresholds));
        device.let_go();
        Ok(FireboxPage { record, row, view })
    }
}

/// The documents that facts about a home are published from, as far as they are here and load, and those of them that a
/// person keeps from crews.
fn sources_of(device: &mut Device, record: RecordId, today: &Date) -> (Vec<DocumentView>, Vec<DocumentId>) {
    let people = lists::people_of(device.store().reader(), record.0, Occupants::Current, today.as_str());
    let mut view = |record, class| view_of(device, record, class).ok().flatten();
    let mut sources: Vec<DocumentView> = view(record, Class::Home).into_iter().collect();
    let mut withheld = Vec::new();
    for person in people.unwrap_or_default().into_iter().map(|row| RecordId(row.record)) {
        let (function, network) = (view(person, Class::Function), view(person, Class::Network));
        withheld.extend(consent::withheld([(function.as_ref(), network.as_ref())], today));
        sources.extend(function);
    }
    (sources, withheld)
}
