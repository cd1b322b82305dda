//! Properties: search, the page of one, new ones.

use doorstep_protocol::Class;

use super::{Client, ClientError};
use crate::device::{Device, RecordId, WriteError};
use crate::records::firebox::Building;
use crate::records::index::Property;
use crate::records::packs::Area;
use crate::records::property::{self, PersonSources, PropertySources, PropertyView};
use crate::records::{Date, DocumentView, Reading, Uprn, consent};
use crate::store::lists::{self, Occupants, PersonRow, PropertyRow};
use crate::store::outbox::Delivery;

/// Properties of a device.
pub struct Properties<'c> {
    pub(super) client: &'c Client,
}

/// All that is known of a property.
#[derive(Clone, Debug, serde::Serialize)]
pub struct PropertyPage {
    /// The property.
    pub record: RecordId,
    /// Its line in lists.
    pub row: PropertyRow,
    /// What its documents say.
    pub view: PropertyView,
    /// Who lives there, in the order of `view.persons`.
    pub people: Vec<PersonRow>,
    /// The building it is in, where this device knows it: `view.common_hazards` are from there.
    pub building: Option<PropertyRow>,
    /// The ward, the station ground and the like that it is in, as the partnership's packs have them.
    pub areas: Vec<Area>,
    /// Homes in it, when it is a building.
    pub children: Vec<PropertyRow>,
    /// How far this device's work on it has come.
    pub delivery: Delivery,
}

/// Properties written in one transaction by an import.
const IMPORT_BATCH: usize = 64;

impl Properties<'_> {
    /// By UPRN, postcode, street or part of an address, best first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn find(&self, text: &str, limit: usize) -> Result<Vec<PropertyRow>, ClientError> {
        Ok(lists::find_properties(self.client.lock().store().reader(), text, limit)?)
    }

    /// In the order of their addresses.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn list(&self, offset: usize, limit: usize) -> Result<Vec<PropertyRow>, ClientError> {
        Ok(lists::list_properties(self.client.lock().store().reader(), offset, limit)?)
    }

    /// One property's line in lists, if this device knows it.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn row(&self, record: RecordId) -> Result<Option<PropertyRow>, ClientError> {
        Ok(lists::property_of(self.client.lock().store().reader(), record.0)?)
    }

    /// The one property that a person means: by record id, by UPRN, or by a search that finds one.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Ambiguous`].
    pub fn resolve(&self, text: &str) -> Result<RecordId, ClientError> {
        let text = text.trim();
        let device = self.client.lock();
        let reader = device.store().reader();
        if let Ok(record) = text.parse::<RecordId>() {
            let found = lists::property_of(reader, record.0)?;
            return found.map(|_| record).ok_or(ClientError::NotFound { what: "property" });
        }
        if let Ok(uprn) = text.parse::<Uprn>() {
            let record = device.record_of_uprn(&uprn)?;
            if lists::property_of(reader, record.0)?.is_some() {
                return Ok(record);
            }
            if let [only] = lists::properties_of_uprn(reader, uprn.as_str())?.as_slice() {
                return Ok(RecordId(only.record));
            }
        }
        match lists::find_properties(reader, text, 50)?.as_slice() {
            [] => Err(ClientError::NotFound { what: "property" }),
            [one] => Ok(RecordId(one.record)),
            many => {
                let mut exact = many.iter().filter(|row| row.address.eq_ignore_ascii_case(text));
                match (exact.next(), exact.next()) {
                    (Some(one), None) => Ok(RecordId(one.record)),
                    _ => Err(ClientError::Ambiguous { what: "properties", count: many.len() }),
                }
            }
        }
    }

    /// The record that a UPRN has or will have, on every device of the partnership.
    ///
    /// # Errors
    /// [`ClientError::Device`] when this device cannot name properties.
    pub fn locate(&self, uprn: &Uprn) -> Result<RecordId, ClientError> {
        Ok(self.client.lock().record_of_uprn(uprn)?)
    }

    /// The property of exactly this UPRN, if this device knows it.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn of_uprn(&self, uprn: &Uprn) -> Result<Option<RecordId>, ClientError> {
        let device = self.client.lock();
        let reader = device.store().reader();
        let record = device.record_of_uprn(uprn)?;
        if lists::property_of(reader, record.0)?.is_some() {
            return Ok(Some(record));
        }
        // One that was provisional keeps its record when it is given a UPRN.
        Ok(lists::properties_of_uprn(reader, uprn.as_str())?.first().map(|row| RecordId(row.record)))
    }

    /// The page of a property.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn get(&self, record: RecordId, reading: Reading) -> Result<PropertyPage, ClientError> {
        let now = self.client.now();
        let mut device = self.client.lock();
        let not_found = ClientError::NotFound { what: "property" };
        let row = lists::property_of(device.store().reader(), record.0)?.ok_or(not_found)?;
        let today = Date::of(now);
        let people = lists::people_of(device.store().reader(), record.0, Occupants::Current, today.as_str())?;
        let mut persons: Vec<[Option<DocumentView>; 4]> = Vec::with_capacity(people.len());
        for person in &people {
            let of = RecordId(person.record);
            persons.push([
                view_of(&mut device, of, Class::Identity)?,
                view_of(&mut device, of, Class::Communication)?,
                view_of(&mut device, of, Class::Function)?,
                view_of(&mut device, of, Class::Network)?,
            ]);
        }
        let sources: Vec<PersonSources<'_>> = persons
            .iter()
            .map(|[identity, communication, function, network]| PersonSources {
                identity: identity.as_ref(),
                communication: communication.as_ref(),
                function: function.as_ref(),
                network: network.as_ref(),
            })
            .collect();
        let index = view_of(&mut device, record, Class::Index)?;
        let home = view_of(&mut device, record, Class::Home)?;
        let fire = view_of(&mut device, record, Class::Fire)?;
        let building = building_of(&device, &row)?;
        let mut of_building = |class| match &building {
            Some(row) => view_of(&mut device, RecordId(row.record), class),
            None => Ok(None),
        };
        let (parent_home, parent_fire) = (of_building(Class::Home)?, of_building(Class::Fire)?);
        let children = match &row.uprn {
            Some(uprn) => lists::children_of(device.store().reader(), uprn)?,
            None => Vec::new(),
        };
        let mut view = property::property(
            &PropertySources {
                index: index.as_ref(),
                home: home.as_ref(),
                fire: fire.as_ref(),
                parent_home: parent_home.as_ref(),
                building: building.as_ref().map(|row| Building { address: &row.address, fire: parent_fire.as_ref() }),
                persons: &sources,
            },
            reading,
            now,
        );
        let book = device.book()?;
        let withheld =
            consent::withheld(persons.iter().map(|[_, _, one, network]| (one.as_ref(), network.as_ref())), &today);
        let of_people = persons.iter().filter_map(|[_, _, function, _]| function.as_ref());
        let fire_sources: Vec<&DocumentView> = home.iter().chain(of_people).collect();
        super::firebox::sources::tell(
            &mut view.firebox,
            fire.as_ref(),
            &fire_sources,
            &withheld,
            (now, book.publishing(&today)),
        );
        let postcode = view.property.as_ref().and_then(|seen| seen.value.postcode.as_ref());
        let areas = postcode.map(|postcode| book.areas_of(postcode, &today)).unwrap_or_default();
        let areas = areas.into_iter().cloned().collect();
        let delivery = device.delivery(record)?;
        device.let_go();
        Ok(PropertyPage { record, row, view, people, building, areas, children, delivery })
    }

    /// Records a property: located by its UPRN when it has one, else provisional.
    ///
    /// # Errors
    /// [`ClientError::Write`].
    pub fn add(&self, property: &Property) -> Result<RecordId, ClientError> {
        self.client.write(|draft| {
            let record = match &property.uprn {
                Some(uprn) => draft.record_of_uprn(uprn)?,
                None => draft.new_record(),
            };
            draft.edit(record, Class::Index, |edit| edit.put(property))?;
            Ok(record)
        })
    }

    /// Records many properties, a batch a transaction. `progress` is told how many are done.
    ///
    /// # Errors
    /// [`ClientError::Write`]; batches before the failing one stay recorded.
    pub fn add_many(
        &self,
        properties: &[Property],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<RecordId>, ClientError> {
        let mut records = Vec::with_capacity(properties.len());
        for batch in properties.chunks(IMPORT_BATCH) {
            let made = self.client.write(|draft| {
                batch
                    .iter()
                    .map(|property| {
                        let record = match &property.uprn {
                            Some(uprn) => draft.record_of_uprn(uprn)?,
                            None => draft.new_record(),
                        };
                        draft.edit(record, Class::Index, |edit| edit.put(property))?;
                        Ok(record)
                    })
                    .collect::<Result<Vec<_>, WriteError>>()
            })?;
            records.extend(made);
            progress(records.len());
        }
        Ok(records)
    }
}

/// The building that a home is in, where this device knows it.
pub(super) fn building_of(device: &Device, row: &PropertyRow) -> Result<Option<PropertyRow>, ClientError> {
    let Some(uprn) = &row.parent_uprn else { return Ok(None) };
    let buildings = lists::properties_of_uprn(device.store().reader(), uprn)?;
    // A building that names itself is no building of its own.
    Ok(buildings.into_iter().find(|building| building.record != row.record))
}

/// A document of a record, if this device has it.
pub(super) fn view_of(
    device: &mut Device,
    record: RecordId,
    class: Class,
) -> Result<Option<DocumentView>, ClientError> {
    match device.document_of(record, class)? {
        Some(id) => Ok(device.view(id)?),
        None => Ok(None),
    }
}
