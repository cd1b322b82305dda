//! Which document is which: the id of a record's document in each class, and the zone its envelopes go to.

use doorstep_crypto::locator::locator;
use doorstep_protocol::authority::Rights;
use doorstep_protocol::{AreaId, Class, DocumentId, LogSize, OrganisationId, Subject, ZoneId};

use super::{Device, DeviceError};
use crate::store::documents;

/// A property or a person: named by the id of its first document, `index` of a property and `identity` of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub DocumentId);

impl core::fmt::Display for RecordId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

impl core::str::FromStr for RecordId {
    type Err = doorstep_protocol::NotAnId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A zone this device may write, with the owner whose locator keys name its documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) zone: ZoneId,
    pub(crate) organisation: OrganisationId,
    pub(crate) area: AreaId,
}

/// Classes that a property or a person has documents of, in this version.
pub(crate) const fn classes_of(subject: Subject) -> &'static [Class] {
    match subject {
        Subject::Property => &[Class::Index, Class::Home, Class::Fire],
        Subject::Person => &[Class::Identity, Class::Communication, Class::Function, Class::Network],
        Subject::Organisation => &[],
        Subject::Partnership => &[Class::Directory],
    }
}

/// What a record is located by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Located<'a> {
    /// By its UPRN: two tablets that open the same one offline make the same documents.
    ByUprn(&'a str),
    /// By the random id of its first document.
    ById(RecordId),
}

impl Device {
    /// The zone of a class that this device writes to: one it may write and holds the key of; where there are several, the
    /// one of `area`, else the first.
    ///
    /// # Errors
    /// [`DeviceError::NoZone`].
    pub(crate) fn place(&self, class: Class, area: Option<AreaId>) -> Result<Place, DeviceError> {
        let authority = self.authority()?;
        let size: LogSize = authority.size();
        let mut writable = authority.zones().iter().filter(|(id, zone)| {
            zone.class == class
                && self.keyring.zone(**id, zone.epoch()).is_some()
                && authority.had_rights(self.id, **id, Rights::WRITE, size)
        });
        let first = writable.clone().next();
        let found = writable.find(|(_, zone)| Some(zone.area) == area).or(first);
        found
            .map(|(id, zone)| Place { zone: *id, organisation: zone.organisation, area: zone.area })
            .ok_or(DeviceError::NoZone { class })
    }

    /// The document of a record in a class.
    pub(crate) fn document_id(&self, located: &Located<'_>, class: Class) -> Result<DocumentId, DeviceError> {
        let (text, anchor) = match located {
            Located::ByUprn(uprn) => ((*uprn).to_owned(), None),
            Located::ById(record) => (format!("record {record}"), Some(record.0)),
        };
        if let (Some(id), Class::Index | Class::Identity) = (anchor, class) {
            return Ok(id);
        }
        let organisation = self.locator_owner(class)?;
        let key = self.keyring.locator(class, organisation).ok_or(DeviceError::NoZone { class })?;
        locator(key, class.as_str(), &text).map_err(|_| DeviceError::NoZone { class })
    }

    /// The organisation whose locator key names documents of a class: the owner of a zone this device reads, or has read:
    /// who has left goes on naming what is here.
    fn locator_owner(&self, class: Class) -> Result<OrganisationId, DeviceError> {
        let of_class =
            || self.authority().map(|authority| authority.zones().iter().filter(|(_, zone)| zone.class == class));
        let now = of_class()?.find(|(id, zone)| self.keyring.zone(**id, zone.epoch()).is_some());
        let found = match now {
            Some(found) => Some(found),
            None => of_class()?.find(|(id, _)| self.keyring.has_of_zone(**id)),
        };
        found.map(|(_, zone)| zone.organisation).ok_or(DeviceError::NoZone { class })
    }

    /// The record of a UPRN, whether it exists yet or not.
    ///
    /// # Errors
    /// [`DeviceError::NoZone`] when this device cannot name properties.
    pub fn record_of_uprn(&self, uprn: &crate::records::Uprn) -> Result<RecordId, DeviceError> {
        Ok(RecordId(self.document_id(&Located::ByUprn(uprn.as_str()), Class::Index)?))
    }

    /// The documents of a record, by class; classes that this device cannot name are left out.
    pub(crate) fn documents_of(
        &self,
        record: RecordId,
        subject: Subject,
        uprn: Option<&str>,
    ) -> Result<Vec<(Class, DocumentId)>, DeviceError> {
        let by_uprn = match uprn {
            Some(uprn) => {
                let located = Located::ByUprn(uprn);
                // A property that was provisional keeps its documents when it is given a UPRN.
                (self.document_id(&located, Class::Index).ok() == Some(record.0)).then_some(located)
            }
            None => None,
        };
        let located = by_uprn.unwrap_or(Located::ById(record));
        let mut found = Vec::new();
        for class in classes_of(subject) {
            match self.document_id(&located, *class) {
                Ok(id) => found.push((*class, id)),
                Err(DeviceError::NoZone { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(found)
    }

    /// The document of one class of a record that this device knows.
    ///
    /// # Errors
    /// [`DeviceError::Store`].
    pub fn document_of(&self, record: RecordId, class: Class) -> Result<Option<DocumentId>, DeviceError> {
        Ok(documents::of_record(self.store.reader(), record.0, class)?)
    }
}
