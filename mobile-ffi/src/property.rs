//! Properties: search and the page of one.

use std::sync::Arc;

use doorstep_client_core::client;
use doorstep_client_core::records::Reading;
use doorstep_client_core::store::{lists, outbox};

use crate::error::DoorstepError;
use crate::found::{AdaptationRow, AlarmRow, ClutterRow, EquipmentRow, FlagRow, HazardRow, MeasurementRow};
use crate::ids::{RecordId, Uprn};
use crate::open::Shared;
use crate::person::PersonLine;
use crate::quiet::quiet;
use crate::visit::VisitRow;

/// Properties of a device.
#[derive(uniffi::Object)]
pub struct Properties {
    pub(crate) shared: Arc<Shared>,
}

/// A property in a list.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct PropertyLine {
    /// The property.
    pub record: RecordId,
    /// Its UPRN, once known.
    pub uprn: Option<Uprn>,
    /// The UPRN of the building it is in.
    pub parent: Option<Uprn>,
    /// Its address in one line.
    pub address: String,
    /// Its postcode.
    pub postcode: Option<String>,
    /// How many flags exist for it.
    pub flags: u64,
}

/// How far this device's work on a record has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Delivery {
    /// The server has all of it, durably.
    Delivered,
    /// The server has taken it; the next checkpoint will cover it.
    Receipted,
    /// Some of it has not been sent.
    NotSent,
    /// The server refused some of it; it is kept here.
    Refused,
}

/// What is known of a property. Where visits disagree, the more cautious value.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct PropertyPage {
    /// Its line in lists.
    pub line: PropertyLine,
    /// Flags that have not ended, lapsed ones included.
    pub flags: Vec<FlagRow>,
    /// Hazards, unresolved ones first.
    pub hazards: Vec<HazardRow>,
    /// Hazards of the building's common parts.
    pub common_hazards: Vec<HazardRow>,
    /// Measurements: of each feature, room and quantity the latest first.
    pub measurements: Vec<MeasurementRow>,
    /// Equipment.
    pub equipment: Vec<EquipmentRow>,
    /// Adaptations.
    pub adaptations: Vec<AdaptationRow>,
    /// Clutter, the latest first.
    pub clutter: Vec<ClutterRow>,
    /// Alarms, the latest first.
    pub alarms: Vec<AlarmRow>,
    /// Visits, the latest first.
    pub visits: Vec<VisitRow>,
    /// Who lives there.
    pub people: Vec<PersonLine>,
    /// Homes in it, when it is a building.
    pub children: Vec<PropertyLine>,
    /// How many fields are in dispute.
    pub conflicts: u64,
    /// How far this device's work on it has come.
    pub delivery: Delivery,
}

quiet!(PropertyLine, PropertyPage);

#[uniffi::export]
impl Properties {
    /// By UPRN, postcode, street or part of an address, best first, at most `limit`.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn find(&self, text: &str, limit: u32) -> Result<Vec<PropertyLine>, DoorstepError> {
        let rows = self.shared.read(|client| client.properties().find(text, limit as usize))?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The page of a property.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`].
    pub fn get(&self, record: RecordId) -> Result<PropertyPage, DoorstepError> {
        let record = record.try_into()?;
        Ok(self.shared.read(|client| client.properties().get(record, Reading::Cautious))?.into())
    }

    /// The one property that a person means: by its record id, its UPRN, or words that fit one address.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`], [`DoorstepError::Ambiguous`].
    pub fn resolve(&self, text: &str) -> Result<RecordId, DoorstepError> {
        Ok(self.shared.read(|client| client.properties().resolve(text))?.into())
    }

    /// The property of a UPRN; none where this device does not know it.
    ///
    /// # Errors
    /// [`DoorstepError::Value`], [`DoorstepError::NotAllowed`] before the device is enrolled.
    pub fn with_uprn(&self, uprn: Uprn) -> Result<Option<RecordId>, DoorstepError> {
        let uprn = uprn.try_into()?;
        Ok(self.shared.read(|client| client.properties().of_uprn(&uprn))?.map(Into::into))
    }
}

impl From<lists::PropertyRow> for PropertyLine {
    fn from(row: lists::PropertyRow) -> Self {
        Self {
            record: row.record.into(),
            uprn: row.uprn.map(|digits| Uprn { digits }),
            parent: row.parent_uprn.map(|digits| Uprn { digits }),
            address: row.address,
            postcode: row.postcode,
            flags: row.flags as u64,
        }
    }
}

impl From<outbox::Delivery> for Delivery {
    fn from(delivery: outbox::Delivery) -> Self {
        match delivery {
            outbox::Delivery::Delivered => Self::Delivered,
            outbox::Delivery::Receipted => Self::Receipted,
            outbox::Delivery::NotSent => Self::NotSent,
            outbox::Delivery::Refused => Self::Refused,
        }
    }
}

impl From<client::PropertyPage> for PropertyPage {
    fn from(page: client::PropertyPage) -> Self {
        let view = page.view;
        Self {
            line: page.row.into(),
            flags: view.flags.into_iter().filter_map(FlagRow::shown).collect(),
            hazards: view.hazards.into_iter().filter_map(HazardRow::shown).collect(),
            common_hazards: view.common_hazards.into_iter().filter_map(HazardRow::shown).collect(),
            measurements: view.measurements.into_iter().filter_map(MeasurementRow::shown).collect(),
            equipment: view.equipment.into_iter().filter_map(EquipmentRow::shown).collect(),
            adaptations: view.adaptations.into_iter().filter_map(AdaptationRow::shown).collect(),
            clutter: view.clutter.into_iter().filter_map(ClutterRow::shown).collect(),
            alarms: view.alarms.into_iter().filter_map(AlarmRow::shown).collect(),
            visits: view.visits.into_iter().map(Into::into).collect(),
            people: page.people.into_iter().map(Into::into).collect(),
            children: page.children.into_iter().map(Into::into).collect(),
            conflicts: view.conflicts.len() as u64,
            delivery: page.delivery.into(),
        }
    }
}
