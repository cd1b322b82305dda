//! The digital firebox: one screen for a crew, offline, never gated.

use doorstep_protocol::Class;

use super::properties::view_of;
use super::{Client, ClientError};
use crate::device::RecordId;
use crate::records::firebox::{FireboxView, firebox};
use crate::store::lists::{self, PropertyRow};

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
    /// with the rest of the device does not stand in its way.
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
        let view = firebox(fire.as_ref(), index.as_ref(), now);
        device.let_go();
        Ok(FireboxPage { record, row, view })
    }
}
