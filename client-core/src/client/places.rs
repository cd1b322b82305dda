//! Homes without a map and without their names: areas, the streets of an area, the buildings of a street, the homes of a
//! building. A street is named by one of its homes, so that its name need not stand in an address of a page.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::{AreaId, ZoneId};

use super::lost::named;
use super::todo::device_area;
use super::{Client, ClientError};
use crate::device::RecordId;
use crate::order::Order as _;
use crate::store::lists::PropertyRow;
use crate::store::{documents, places};

/// Streets that are looked at for one list, at most.
const STREETS_MAX: usize = 5_000;
/// Homes of one street at most.
const STREET_HOMES_MAX: usize = 2_000;

/// Places of a device.
pub struct Places<'c> {
    pub(super) client: &'c Client,
}

/// An area with what there is in it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AreaRow {
    /// The area.
    pub area: AreaId,
    /// Its name.
    pub name: String,
    /// How many homes and buildings.
    pub properties: u64,
    /// In how many streets.
    pub streets: u64,
}

/// A street of an area.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StreetRow {
    /// One of its homes: what it is named by.
    pub first: RecordId,
    /// Its name with village and town; `None` for homes of which no street is recorded.
    pub name: Option<String>,
    /// How many homes and buildings.
    pub properties: u64,
}

/// A building of a street with the homes in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct BuildingRow {
    /// Its name, or its address where it has a record of its own and no name.
    pub name: String,
    /// Its own record, where it has one.
    pub record: Option<PropertyRow>,
    /// The homes in it, as people count them: 2 before 10.
    pub homes: Vec<PropertyRow>,
}

/// A street.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StreetPage {
    /// Its area.
    pub area: Option<AreaId>,
    /// The name of its area.
    pub area_name: String,
    /// Its name with village and town; `None` for homes of which no street is recorded.
    pub name: Option<String>,
    /// Its buildings, as people count them.
    pub buildings: Vec<BuildingRow>,
    /// Homes that are in none.
    pub homes: Vec<PropertyRow>,
}

impl Places<'_> {
    /// Every area in which this device knows a home, by name.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn areas(&self) -> Result<Vec<AreaRow>, ClientError> {
        let names = self.client.directory().names()?;
        let device = self.client.lock();
        let mut by_area: BTreeMap<AreaId, AreaRow> = BTreeMap::new();
        for of_zone in places::zones(device.store().reader())? {
            let Some(area) = device_area(&device, Some(of_zone.zone))? else { continue };
            let row = by_area.entry(area).or_insert_with(|| AreaRow {
                area,
                name: named(&names.areas, area),
                properties: 0,
                streets: 0,
            });
            row.properties += of_zone.properties;
            row.streets += of_zone.streets;
        }
        let mut rows: Vec<AreaRow> = by_area.into_values().collect();
        rows.order_by(|a, b| (&a.name, a.area).cmp(&(&b.name, b.area)));
        Ok(rows)
    }

    /// The streets of an area, by name; homes of which none is recorded come last.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn streets(&self, area: AreaId) -> Result<Vec<StreetRow>, ClientError> {
        let device = self.client.lock();
        let mut rows = Vec::new();
        for street in places::streets(device.store().reader(), STREETS_MAX)? {
            if device_area(&device, Some(street.zone))? == Some(area) {
                rows.push(StreetRow {
                    first: RecordId(street.first),
                    name: (!street.street.is_empty()).then_some(street.street),
                    properties: street.properties,
                });
            }
        }
        Ok(rows)
    }

    /// The street of a home, with its buildings and what is in them.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn street(&self, home: RecordId) -> Result<StreetPage, ClientError> {
        let names = self.client.directory().names()?;
        let device = self.client.lock();
        let reader = device.store().reader();
        let not_found = || ClientError::NotFound { what: "property" };
        let place = places::of(reader, home.0)?.ok_or_else(not_found)?;
        let zone: ZoneId = documents::zone_of(reader, home.0)?.ok_or_else(not_found)?;
        let area = device_area(&device, Some(zone))?;
        let rows = places::of_street(reader, zone, &place.street, STREET_HOMES_MAX)?;
        let (buildings, homes) = housed(rows);
        Ok(StreetPage {
            area,
            area_name: area.map(|area| named(&names.areas, area)).unwrap_or_default(),
            name: (!place.street.is_empty()).then_some(place.street),
            buildings,
            homes,
        })
    }
}

/// Homes by their building: by its UPRN where it has one, else by its name. The second list is of homes that are in none.
fn housed(rows: Vec<(PropertyRow, String)>) -> (Vec<BuildingRow>, Vec<PropertyRow>) {
    let parents: BTreeSet<String> = rows.iter().filter_map(|(row, _)| row.parent_uprn.clone()).collect();
    let mut by_building: BTreeMap<String, BuildingRow> = BTreeMap::new();
    let mut homes = Vec::new();
    for (row, name) in rows {
        let own = row.uprn.clone().filter(|uprn| parents.contains(uprn));
        let key = match (&own, &row.parent_uprn) {
            (Some(uprn), _) | (None, Some(uprn)) => format!("uprn {uprn}"),
            (None, None) if name.is_empty() => {
                homes.push(row);
                continue;
            }
            (None, None) => format!("name {}", name.to_lowercase()),
        };
        let building = by_building.entry(key).or_default();
        if building.name.is_empty() {
            building.name = name;
        }
        match own {
            Some(_) => building.record = Some(row),
            None => building.homes.push(row),
        }
    }
    let mut buildings = Vec::new();
    for mut building in by_building.into_values() {
        if building.record.is_none() && building.homes.len() == 1 {
            // A house with a name.
            homes.append(&mut building.homes);
            continue;
        }
        if let (true, Some(record)) = (building.name.is_empty(), &building.record) {
            building.name.clone_from(&record.address);
        }
        building.homes.sort_by_cached_key(|row| counted(&row.address));
        buildings.push(building);
    }
    buildings.sort_by_cached_key(|building| counted(&building.name));
    homes.sort_by_cached_key(|row| counted(&row.address));
    (buildings, homes)
}

/// A part of a text as people sort it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Words(String),
}

/// A text in the order in which people count: Flat 2 before Flat 10.
fn counted(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|sign: char| sign.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        // Longer numbers than anybody counts to are words.
        match part.parse().ok().filter(|_| is_digit) {
            Some(number) => parts.push(Part::Number(number)),
            None => parts.push(Part::Words(part.to_lowercase())),
        }
        rest = after;
    }
    parts
}

#[cfg(test)]
mod tests {
    use doorstep_protocol::DocumentId;

    use super::*;

    fn row(uprn: &str, parent: Option<&str>, address: &str) -> PropertyRow {
        PropertyRow {
            record: DocumentId([1; 16]),
            uprn: Some(uprn.to_owned()),
            parent_uprn: parent.map(str::to_owned),
            address: address.to_owned(),
            postcode: None,
            flags: 0,
        }
    }

    #[test]
    fn a_street_is_its_buildings_with_their_homes_and_the_homes_that_are_in_none() {
        let rows = vec![
            (row("100", None, "Linden House"), "Linden House".to_owned()),
            (row("101", Some("100"), "Flat 10"), "Linden House".to_owned()),
            (row("102", Some("100"), "Flat 2"), "Linden House".to_owned()),
            // Flats of a building that has no record of its own.
            (row("201", None, "1 Rosewood"), "Rosewood Court".to_owned()),
            (row("202", None, "2 Rosewood"), "Rosewood court".to_owned()),
            (row("301", None, "The Old Mill"), "The Old Mill".to_owned()),
            (row("302", None, "10 Lantern Row"), String::new()),
            (row("303", None, "9 Lantern Row"), String::new()),
        ];
        let (buildings, homes) = housed(rows);
        let of = |rows: &[PropertyRow]| rows.iter().map(|row| row.address.clone()).collect::<Vec<_>>();
        let found: Vec<_> =
            buildings.iter().map(|one| (one.name.as_str(), one.record.is_some(), of(&one.homes))).collect();
        assert_eq!(
            found,
            [
                ("Linden House", true, vec!["Flat 2".to_owned(), "Flat 10".to_owned()]),
                ("Rosewood Court", false, vec!["1 Rosewood".to_owned(), "2 Rosewood".to_owned()]),
            ]
        );
        assert_eq!(of(&homes), ["9 Lantern Row", "10 Lantern Row", "The Old Mill"]);
    }

    #[test]
    fn people_count_two_before_ten() {
        let mut all = ["Flat 10", "flat 2b", "Flat 2a", "Annex", "Flat 2", "99999999999999999999999"];
        all.sort_by_cached_key(|text| counted(text));
        assert_eq!(all, ["99999999999999999999999", "Annex", "Flat 2", "Flat 2a", "flat 2b", "Flat 10"]);
    }
}
